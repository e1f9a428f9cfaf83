#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(idle = "-5m")]
struct Shop {
    cart: Vec<String>,
}

fn main() {}
