#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    #[session(ttl = "10m")]
    #[session(flash)]
    notice: Option<String>,
}

fn main() {}
