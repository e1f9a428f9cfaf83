#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(domain = "example .com")]
struct Shop {
    cart: Vec<String>,
}

fn main() {}
