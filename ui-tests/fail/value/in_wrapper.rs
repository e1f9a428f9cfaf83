#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(Default, serde::Deserialize, serde::Serialize)]
struct Page<T> {
    items: Vec<T>,
}

struct Draft;

#[derive(SessionData)]
struct Shop {
    page: Page<Draft>,
}

fn main() {}
