#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    on_sign_in: fn(&str) -> bool,
}

fn main() {}
