#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    cart: Vec<String>,
    #[session(accessor = "cart")]
    basket: Vec<String>,
}

fn main() {}
