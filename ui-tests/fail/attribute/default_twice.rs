#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    #[session(default = 3, default = 4)]
    count: u8,
}

fn main() {}
