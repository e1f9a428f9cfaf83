#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(idle = "30m")]
#[session(absolute = "12h", idle = "1h")]
struct Shop {
    cart: Vec<String>,
}

fn main() {}
