#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(path = "")]
struct Shop {
    cart: Vec<String>,
}

fn main() {}
