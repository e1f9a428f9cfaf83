#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(cookie = "")]
struct Shop {
    cart: Vec<String>,
}

fn main() {}
