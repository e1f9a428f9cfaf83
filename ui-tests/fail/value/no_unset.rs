#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(serde::Deserialize, serde::Serialize)]
enum Theme {
    Dark,
}

#[derive(SessionData)]
struct Shop {
    theme: Theme,
}

fn main() {}
