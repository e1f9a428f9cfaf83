#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(serde::Serialize)]
struct Draft;

#[derive(SessionData)]
struct Shop {
    drafts: std::collections::BTreeMap<String, Vec<Option<(u8, [Draft; 2])>>>,
}

fn main() {}
