#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    counter: std::cell::Cell<u8>,
}

fn main() {}
