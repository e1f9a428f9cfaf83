#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    #[session(ttl("10m"))]
    state: Option<String>,
}

fn main() {}
