#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    cart: Vec<String>,
    #[session(owner, skip)]
    user_id: Option<u64>,
}

fn main() {}
