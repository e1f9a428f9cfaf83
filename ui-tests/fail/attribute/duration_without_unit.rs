#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(absolute = "30")]
struct Shop {
    cart: Vec<String>,
}

fn main() {}
