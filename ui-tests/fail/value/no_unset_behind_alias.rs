#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(serde::Deserialize, serde::Serialize)]
enum Theme {
    Dark,
}
type Look = Theme;

#[derive(SessionData)]
struct Shop {
    look: Look,
}

fn main() {}
