#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(serde::Deserialize, serde::Serialize)]
enum Colour {
    Red,
}

#[derive(SessionData)]
struct Shop {
    seen: std::collections::BTreeSet<Colour>,
}

fn main() {}
