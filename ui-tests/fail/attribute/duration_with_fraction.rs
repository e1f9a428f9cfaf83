#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(idle = "1.5h")]
struct Shop {
    cart: Vec<String>,
}

fn main() {}
