#![allow(dead_code, unused)]

use cloakroom::SessionData;

type Name = &'static str;

#[derive(SessionData)]
struct Shop {
    name: Name,
}

fn main() {}
