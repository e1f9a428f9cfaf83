#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    #[session(with = "as text")]
    level: Option<u8>,
}

fn main() {}
