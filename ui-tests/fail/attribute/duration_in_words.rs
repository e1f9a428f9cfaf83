#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(idle = "2 hours")]
struct Shop {
    cart: Vec<String>,
}

fn main() {}
