#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    #[session(default = "dark")]
    theme: String,
}

fn main() {}
