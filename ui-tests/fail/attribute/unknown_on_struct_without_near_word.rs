#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(storage = "redb")]
struct Shop {
    cart: Vec<String>,
}

fn main() {}
