#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    #[session(alias = "user_id")]
    user_id: Option<u64>,
}

fn main() {}
