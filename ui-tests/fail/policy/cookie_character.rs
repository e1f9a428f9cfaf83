#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(cookie = "my shop")]
struct Shop {
    cart: Vec<String>,
}

fn main() {}
