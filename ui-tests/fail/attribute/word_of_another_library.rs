#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(max_age = "12h")]
struct Shop {
    cart: Vec<String>,
}

fn main() {}
