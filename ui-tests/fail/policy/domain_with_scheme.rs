#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(domain = "https://shop.example.com")]
struct Shop {
    cart: Vec<String>,
}

fn main() {}
