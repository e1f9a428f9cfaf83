#![allow(dead_code, unused)]

use cloakroom::Session;

struct Shop {
    cart: Vec<String>,
}

fn show(session: &Session<Shop>) {}

fn main() {}
