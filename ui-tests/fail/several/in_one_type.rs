//~ errors: 2
#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    steps: (fn() -> u8, Vec<&'static str>),
}

fn main() {}
