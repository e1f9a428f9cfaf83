//~ errors: 4
#![allow(dead_code, unused)]

use cloakroom::SessionData;

struct Connection;

#[derive(SessionData)]
#[session(cookie = "__Host-shop")]
struct Shop {
    id: u64,
    #[session(default = "none")]
    label: String,
    connection: Option<Connection>,
}

fn main() {}
