//~ errors: 2
#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    #[session(default = 3, flsh)]
    name: String,
}

fn main() {}
