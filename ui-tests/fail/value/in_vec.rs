#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(serde::Serialize)]
struct Draft;

#[derive(SessionData)]
struct Shop {
    drafts: Vec<Draft>,
}

fn main() {}
