#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(idle = "")]
struct Shop {
    cart: Vec<String>,
}

fn main() {}
