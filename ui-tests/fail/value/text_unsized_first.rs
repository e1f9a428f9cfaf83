#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    name: str,
    cart: Vec<String>,
}

fn main() {}
