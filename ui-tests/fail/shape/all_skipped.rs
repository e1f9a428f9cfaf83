#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    #[session(skip)]
    cart: Vec<String>,
}

fn main() {}
