#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(serde::Deserialize, serde::Serialize)]
enum Notice {
    Saved,
}

#[derive(SessionData)]
struct Shop {
    #[session(flash)]
    notice: Notice,
}

fn main() {}
