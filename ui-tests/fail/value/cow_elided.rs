#![allow(dead_code, unused)]

use std::borrow::Cow; use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    name: Cow<str>,
}

fn main() {}
