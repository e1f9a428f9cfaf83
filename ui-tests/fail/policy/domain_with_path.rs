#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(domain = "example.com/shop")]
struct Shop {
    cart: Vec<String>,
}

fn main() {}
