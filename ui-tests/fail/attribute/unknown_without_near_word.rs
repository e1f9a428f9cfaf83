#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    #[session(encrypted)]
    card: Option<String>,
}

fn main() {}
