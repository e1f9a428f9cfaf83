#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    #[session(skip, secret)]
    pin: Option<String>,
}

fn main() {}
