#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    nonce: Option<[u8; 64]>,
}

fn main() {}
