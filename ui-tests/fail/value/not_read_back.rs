#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(Default, serde::Serialize)]
struct Draft;

#[derive(SessionData)]
struct Shop {
    drafts: (u8, [Draft; 2]),
}

fn main() {}
