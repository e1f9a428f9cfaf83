#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
enum Shop {
    Open { cart: Vec<String> },
}

fn main() {}
