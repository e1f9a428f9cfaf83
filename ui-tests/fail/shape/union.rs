#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
union Shop {
    a: u8,
    b: u8,
}

fn main() {}
