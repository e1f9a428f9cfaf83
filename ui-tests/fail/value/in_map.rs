#![allow(dead_code, unused)]

use cloakroom::SessionData;

struct Draft;

#[derive(SessionData)]
struct Shop {
    drafts: std::collections::HashMap<String, Draft>,
}

fn main() {}
