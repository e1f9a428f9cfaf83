//~ errors: 2
#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    id: u64,
}

#[derive(SessionData)]
struct Library {
    book: *const u8,
}

fn main() {}
