#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(Default, serde::Deserialize, serde::Serialize)]
struct Name<'a>(&'a str);

#[derive(SessionData)]
struct Shop {
    name: Name<'static>,
}

fn main() {}
