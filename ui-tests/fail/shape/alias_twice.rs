#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    #[session(alias = "user", alias = "user")]
    user_id: Option<u64>,
}

fn main() {}
