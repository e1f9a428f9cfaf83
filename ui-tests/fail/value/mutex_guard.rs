#![allow(dead_code, unused)]

use cloakroom::SessionData;

use std::sync::MutexGuard;

#[derive(SessionData)]
struct Shop {
    cart: Option<MutexGuard<'static, Vec<String>>>,
}

fn main() {}
