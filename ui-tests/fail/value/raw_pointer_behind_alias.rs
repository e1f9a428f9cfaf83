#![allow(dead_code, unused)]

use cloakroom::SessionData;

type Buffer = *mut u8;

#[derive(SessionData)]
struct Shop {
    buffer: Buffer,
}

fn main() {}
