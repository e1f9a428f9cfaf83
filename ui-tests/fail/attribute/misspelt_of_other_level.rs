#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    #[session(cokie = "shop")]
    cart: Vec<String>,
}

fn main() {}
