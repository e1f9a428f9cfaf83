#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    choice: Option<Option<u8>>,
}

fn main() {}
