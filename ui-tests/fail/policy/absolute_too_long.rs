#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(absolute = "500d")]
struct Shop {
    cart: Vec<String>,
}

fn main() {}
