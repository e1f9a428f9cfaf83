#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(cookie = "__HOST-shop")]
struct Shop {
    cart: Vec<String>,
}

fn main() {}
