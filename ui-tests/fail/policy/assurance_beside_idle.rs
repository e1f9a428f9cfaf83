#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(assurance = "aal2", idle = "30d")]
struct Shop {
    cart: Vec<String>,
}

fn main() {}
