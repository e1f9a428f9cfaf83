#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(serde::Deserialize, serde::Serialize)]
enum Colour {
    Red,
}

#[derive(SessionData)]
struct Shop {
    counts: std::collections::HashMap<Colour, u32>,
}

fn main() {}
