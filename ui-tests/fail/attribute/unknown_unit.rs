#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(idle = "10 parsecs")]
struct Shop {
    cart: Vec<String>,
}

fn main() {}
