#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    #[session(ttl = 600)]
    state: Option<String>,
}

fn main() {}
