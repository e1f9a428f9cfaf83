#![allow(dead_code, unused)]

use cloakroom::SessionData;

type Choice = Option<Option<u8>>;

#[derive(SessionData)]
struct Shop {
    choice: Choice,
}

fn main() {}
