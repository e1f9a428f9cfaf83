#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(path = "https://example.com/shop")]
struct Shop {
    cart: Vec<String>,
}

fn main() {}
