#![allow(dead_code, unused)]

use cloakroom::{CookieAttributes, CookieKey, SameSite};

const THEME: CookieKey<String> = CookieKey::text("theme", CookieAttributes::new().with_path("admin"));

fn main() {
    let _ = THEME;
}
