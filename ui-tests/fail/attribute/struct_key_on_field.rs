#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    #[session(idle = "30m")]
    cart: Vec<String>,
}

fn main() {}
