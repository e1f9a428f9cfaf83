#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(Default, serde::Deserialize, serde::Serialize)]
struct Draft {
    #[serde(skip)]
    parent: std::rc::Weak<()>,
}

#[derive(SessionData)]
struct Shop {
    draft: Draft,
}

fn main() {}
