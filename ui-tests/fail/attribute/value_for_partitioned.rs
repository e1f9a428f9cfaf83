#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(partitioned = "yes")]
struct Shop {
    cart: Vec<String>,
}

fn main() {}
