#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(crate = "wrapper::sessions")]
struct Shop {
    cart: Vec<String>,
}

fn main() {}
