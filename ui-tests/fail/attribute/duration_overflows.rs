#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    #[session(ttl = "99999999999999999999d")]
    state: Option<String>,
}

fn main() {}
