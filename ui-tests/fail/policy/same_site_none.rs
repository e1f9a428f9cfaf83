#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(same_site = "none")]
struct Shop {
    cart: Vec<String>,
}

fn main() {}
