#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    cart: impl Iterator<Item = u8>,
}

fn main() {}
