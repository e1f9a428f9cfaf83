#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    #[session(ttl)]
    state: Option<String>,
}

fn main() {}
