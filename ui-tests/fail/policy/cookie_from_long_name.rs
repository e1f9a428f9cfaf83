#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct EverythingTheShopRemembers {
    cart: Vec<String>,
}

fn main() {}
