#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(domain = "")]
struct Shop {
    cart: Vec<String>,
}

fn main() {}
