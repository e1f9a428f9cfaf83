#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    cart: Vec<String>,
    #[session(skip, ttl = "10m")]
    state: Option<String>,
}

fn main() {}
