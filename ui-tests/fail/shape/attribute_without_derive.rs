#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[session(cookie = "shop")]
struct Shop {
    cart: Vec<String>,
}

fn main() {}
