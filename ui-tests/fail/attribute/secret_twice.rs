#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    #[session(secret, flash)]
    #[session(secret)]
    pin: Option<String>,
}

fn main() {}
