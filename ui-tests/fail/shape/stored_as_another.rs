#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    #[session(rename = "basket")]
    cart: Vec<String>,
    basket: Vec<String>,
}

fn main() {}
