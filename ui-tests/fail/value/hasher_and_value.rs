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

struct Draft;

#[derive(SessionData)]
struct Shop {
    drafts: HashMap<String, Draft, Seeded>,
}

fn main() {}
