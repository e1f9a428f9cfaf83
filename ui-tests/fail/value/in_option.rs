#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(serde::Deserialize)]
struct Draft;

#[derive(SessionData)]
struct Shop {
    draft: Option<Draft>,
}

fn main() {}
