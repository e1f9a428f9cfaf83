#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(idle = "30d")]
struct Shop {
    cart: Vec<String>,
}

fn main() {}
