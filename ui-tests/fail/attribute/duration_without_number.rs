#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(absolute = "forever")]
struct Shop {
    cart: Vec<String>,
}

fn main() {}
