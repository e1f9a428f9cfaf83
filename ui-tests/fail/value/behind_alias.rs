#![allow(dead_code, unused)]

use cloakroom::SessionData;

type Handle = Vec<std::sync::mpsc::Receiver<u8>>;

#[derive(SessionData)]
struct Shop {
    handle: Handle,
}

fn main() {}
