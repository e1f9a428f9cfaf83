#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(idle = "20m", absolute = "8h", assurance = "aal3")]
struct Shop {
    cart: Vec<String>,
}

fn main() {}
