//~ errors: 2
#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    #[session(default = 4)]
    step: impl Copy,
    #[session(default = 4)]
    name: Option<&'static str>,
}

fn main() {}
