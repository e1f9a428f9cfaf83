#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session()]
struct Shop {
    notice: Option<String>,
}

fn main() {}
