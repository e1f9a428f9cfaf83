#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    #[session(flash, ttl = "10m")]
    notice: Option<String>,
}

fn main() {}
