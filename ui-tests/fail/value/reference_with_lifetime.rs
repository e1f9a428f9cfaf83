#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop<'a> {
    name: &'a str,
}

fn main() {}
