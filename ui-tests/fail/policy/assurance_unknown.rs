#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(assurance = "AAL2")]
struct Shop {
    cart: Vec<String>,
}

fn main() {}
