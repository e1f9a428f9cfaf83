#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(serde::Deserialize, serde::Serialize)]
enum Theme {
    Dark,
}

#[derive(SessionData)]
struct Shop {
    cart: Vec<String>,
    #[session(skip)]
    theme: Theme,
}

fn main() {}
