//! The application's own cookies: what a handler sets is what a browser keeps, sends back and removes.

mod browser;
mod handlers;
mod jar;
mod keys;
mod protected;
mod rules;
mod values;

use std::time::Duration;

use cloakroom::{CookieAttributes, CookieSettings, Cookies, ManualClock, SealKeys};

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Safe by default, for this host, until the browser closes.
const PLAIN: CookieAttributes = CookieAttributes::new();

/// The next request of a browser that has kept all that these cookies set, and nothing else.
fn next(settings: &CookieSettings, cookies: &Cookies) -> Cookies {
    let set_cookie = cookies.close().set_cookie;
    let pairs: Vec<&[u8]> = set_cookie.iter().filter_map(|text| text.split(';').next()).map(str::as_bytes).collect();
    settings.open(pairs)
}

/// The text of a cookie, if there is one.
fn text(cookies: &Cookies, name: &str) -> Option<String> {
    cookies.get(name).map(|value| value.text().expect("text").to_owned())
}

/// Settings with keys, and the time.
fn keyed(keys: &str) -> (CookieSettings, ManualClock) {
    let clock = ManualClock::default();
    let keys = SealKeys::from_text(keys).expect("keys that nobody could guess");
    (CookieSettings::new().with_keys(keys).with_clock(clock.clone()), clock)
}
