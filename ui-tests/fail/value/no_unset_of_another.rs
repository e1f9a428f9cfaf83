#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    until: std::time::SystemTime,
}

fn main() {}
