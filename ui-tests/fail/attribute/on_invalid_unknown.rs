#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    #[session(on_invalid = "ignore")]
    cart: Vec<String>,
}

fn main() {}
