#![allow(dead_code, unused)]

use cloakroom::SessionData;

use std::collections::HashMap;
use std::hash::{BuildHasher, DefaultHasher};

struct Seeded(u64);

impl BuildHasher for Seeded {
    type Hasher = DefaultHasher;
    fn build_hasher(&self) -> DefaultHasher {
        DefaultHasher::new()
    }
}

#[derive(SessionData)]
struct Shop {
    counts: HashMap<String, u32, Seeded>,
}

fn main() {}
