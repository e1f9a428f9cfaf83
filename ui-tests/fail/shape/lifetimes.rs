#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop<'a, 'b> {
    name: &'a str,
    tags: Vec<&'b str>,
}

fn main() {}
