#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    #[session(ttl = "0s")]
    state: Option<String>,
}

fn main() {}
