#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(PartialEq, Eq, Hash, serde::Serialize)]
struct Colour;

#[derive(SessionData)]
struct Shop {
    chosen: std::collections::HashMap<Colour, u32>,
}

fn main() {}
