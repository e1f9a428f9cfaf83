#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(cookie = "shop", secret)]
struct Shop {
    cart: Vec<String>,
}

fn main() {}
