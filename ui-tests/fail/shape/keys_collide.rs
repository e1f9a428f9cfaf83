#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    user: u64,
    USER: u64,
}

fn main() {}
