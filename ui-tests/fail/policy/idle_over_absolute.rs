#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(idle = "2d", absolute = "12h")]
struct Shop {
    cart: Vec<String>,
}

fn main() {}
