#![allow(dead_code, unused)]

use cloakroom::{CookieAttributes, CookieKey, SameSite};

const THEME: CookieKey<String> =
    CookieKey::text("__Host-theme", CookieAttributes::new().with_domain("shop.example"));

fn main() {
    let _ = THEME;
}
