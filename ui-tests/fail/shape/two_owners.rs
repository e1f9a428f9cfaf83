#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    #[session(owner)]
    user_id: Option<u64>,
    #[session(owner)]
    admin_id: Option<u64>,
}

fn main() {}
