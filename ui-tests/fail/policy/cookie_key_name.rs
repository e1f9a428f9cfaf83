#![allow(dead_code, unused)]

use cloakroom::{CookieAttributes, CookieKey, SameSite};

const THEME: CookieKey<String> = CookieKey::text("my theme", CookieAttributes::new());

fn main() {
    let _ = THEME;
}
