#![allow(dead_code, unused)]

use cloakroom::SessionData;

macro_rules! handle {
    () => { std::sync::mpsc::Receiver<u8> };
}

#[derive(SessionData)]
struct Shop {
    handle: handle!(),
}

fn main() {}
