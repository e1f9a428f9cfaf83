#![allow(dead_code, unused)]

use cloakroom::SessionData;

trait Step {}

#[derive(SessionData)]
struct Shop {
    cart: Vec<String>,
    step: dyn Step,
}

fn main() {}
