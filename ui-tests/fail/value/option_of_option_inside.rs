#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    choices: Vec<Option<Option<u8>>>,
}

fn main() {}
