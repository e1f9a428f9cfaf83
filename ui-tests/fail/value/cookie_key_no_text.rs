#![allow(dead_code, unused)]

use cloakroom::{CookieAttributes, CookieKey};

const SEEN: CookieKey<Vec<u32>> = CookieKey::text("seen", CookieAttributes::new());

fn main() {}
