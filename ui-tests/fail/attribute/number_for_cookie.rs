#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(cookie = 3)]
struct EverythingTheShopRemembers {
    cart: Vec<String>,
}

fn main() {}
