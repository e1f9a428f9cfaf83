#![allow(dead_code, unused)]

use cloakroom::SessionData;

struct Connection;

#[derive(SessionData)]
struct Shop {
    connection: Connection,
}

fn main() {}
