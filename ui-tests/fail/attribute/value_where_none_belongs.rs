#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    #[session(flash = true)]
    notice: Option<String>,
}

fn main() {}
