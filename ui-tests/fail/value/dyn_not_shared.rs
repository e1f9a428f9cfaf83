#![allow(dead_code, unused)]

use cloakroom::SessionData;

trait Step {}

#[derive(SessionData)]
struct Shop {
    steps: Vec<Box<dyn Step>>,
}

fn main() {}
