//~ errors: 3
#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(cookie = 3, idle = "0s", path = "shop")]
struct Shop {
    cart: Vec<String>,
}

fn main() {}
