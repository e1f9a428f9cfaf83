#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    cart: Vec<String>,
    cart: Vec<u64>,
}

fn main() {}
