#![allow(dead_code, unused)]

use cloakroom::{CookieAttributes, CookieKey, SameSite};

const PLAIN: CookieAttributes = CookieAttributes::new().with_insecure_plain_http();
const THEME: CookieKey<String> = CookieKey::text("theme", PLAIN.with_same_site(SameSite::None));

fn main() {
    let _ = THEME;
}
