#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(cookie = "__Http-shop")]
struct Shop {
    cart: Vec<String>,
}

fn main() {}
