#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    #[session(accessor = "snapshot")]
    picture: String,
}

fn main() {}
