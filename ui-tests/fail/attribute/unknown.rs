#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    #[session(defualt = 3)]
    count: u8,
}

fn main() {}
