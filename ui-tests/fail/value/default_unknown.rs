#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    #[session(default = Theme::Dark)]
    theme: String,
}

fn main() {}
