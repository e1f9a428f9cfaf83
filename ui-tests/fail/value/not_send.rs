#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    cell: std::cell::Cell<u8>,
}

fn main() {}
