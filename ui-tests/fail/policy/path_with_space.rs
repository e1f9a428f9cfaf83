#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(path = "/my shop")]
struct Shop {
    cart: Vec<String>,
}

fn main() {}
