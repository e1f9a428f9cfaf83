#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    before: Option<Box<Self>>,
}

fn main() {}
