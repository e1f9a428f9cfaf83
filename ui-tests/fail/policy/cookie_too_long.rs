#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(cookie = "abcdefghijklmnopqrstuvw")]
struct Shop {
    cart: Vec<String>,
}

fn main() {}
