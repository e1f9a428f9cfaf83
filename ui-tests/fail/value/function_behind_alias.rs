#![allow(dead_code, unused)]

use cloakroom::SessionData;

type Hook = fn(&str) -> bool;

#[derive(SessionData)]
struct Shop {
    on_sign_in: Option<Hook>,
}

fn main() {}
