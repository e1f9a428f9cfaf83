#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    #[session(rename = "")]
    cart: Vec<String>,
}

fn main() {}
