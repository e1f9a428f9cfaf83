#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    step: Box<dyn Fn() -> u8 + Send + Sync>,
}

fn main() {}
