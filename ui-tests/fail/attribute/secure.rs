#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(cookie = "shop", secure)]
struct Shop {
    cart: Vec<String>,
}

fn main() {}
