#![allow(dead_code, unused)]

use cloakroom::SessionData;

trait Step: Send + Sync {}

#[derive(SessionData)]
struct Shop {
    step: Option<Box<dyn Step>>,
}

fn main() {}
