#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    next_step: Box<dyn Fn() -> u8 + Send + Sync>,
}

fn main() {}
