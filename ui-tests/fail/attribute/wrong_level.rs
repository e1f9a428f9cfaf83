#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(idle = "30m", flash)]
struct Shop {
    notice: Option<String>,
}

fn main() {}
