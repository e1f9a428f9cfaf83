#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    #[session(accessor = "my basket")]
    cart: Vec<String>,
}

fn main() {}
