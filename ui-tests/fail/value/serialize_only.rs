#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(Default, serde::Serialize)]
struct Draft;

#[derive(SessionData)]
struct Shop {
    draft: Draft,
}

fn main() {}
