#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    #[session(ttl = "10min")]
    state: Option<String>,
}

fn main() {}
