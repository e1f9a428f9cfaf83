#![allow(dead_code, unused)]

use cloakroom::SessionData;

use std::sync::MutexGuard;

#[derive(SessionData)]
struct Shop {
    cart: MutexGuard<Vec<String>>,
}

fn main() {}
