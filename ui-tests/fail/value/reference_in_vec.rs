#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    tags: Vec<&'static [u8]>,
}

fn main() {}
