#![allow(dead_code, unused)]

use cloakroom::SessionData;
use serde::{Deserialize, Serialize};

#[derive(Default, Deserialize, Serialize)]
struct Bag<T>(T);

#[derive(SessionData)]
struct Shop {
    cart: Bag,
}

fn main() {}
