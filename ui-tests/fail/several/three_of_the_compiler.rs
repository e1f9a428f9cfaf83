//~ errors: 3
#![allow(dead_code, unused)]

use cloakroom::SessionData;

struct Connection;

#[derive(serde::Serialize)]
struct Draft;

#[derive(serde::Deserialize, serde::Serialize)]
enum Theme {
    Dark,
}

#[derive(SessionData)]
struct Shop {
    connection: Option<Connection>,
    drafts: Vec<Draft>,
    theme: Theme,
}

fn main() {}
