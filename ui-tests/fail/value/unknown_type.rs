#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    cart: Vec<CartItem>,
}

fn main() {}
