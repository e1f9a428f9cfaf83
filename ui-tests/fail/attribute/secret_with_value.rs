#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    #[session(secret = true)]
    pin: Option<String>,
}

fn main() {}
