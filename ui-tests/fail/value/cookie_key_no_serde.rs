#![allow(dead_code, unused)]

use cloakroom::{CookieAttributes, CookieKey};

struct Theme;

const THEME: CookieKey<Theme> = CookieKey::json("theme", CookieAttributes::new());

fn main() {}
