#![allow(dead_code, unused)]

use cloakroom::SessionData;

use std::sync::Arc;

#[derive(SessionData)]
struct Shop {
    name: Option<Arc<str>>,
}

fn main() {}
