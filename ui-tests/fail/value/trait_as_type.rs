#![allow(dead_code, unused)]

use cloakroom::SessionData;

trait Step {}

#[derive(SessionData)]
struct Shop {
    step: Step,
}

fn main() {}
