#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(cokie = "shop")]
struct Shop {
    cart: Vec<String>,
}

fn main() {}
