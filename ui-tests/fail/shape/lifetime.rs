#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop<'a> {
    name: std::borrow::Cow<'a, str>,
}

fn main() {}
