#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(Default, serde::Serialize)]
struct Draft;

#[derive(SessionData)]
struct Shop {
    drafts: [Draft; 3],
}

fn main() {}
