//! What the hand-written ones share: the least that a session can cost, with none of the promises. The token is not hashed, and the
//! last writer wins.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::{HeaderMap, HeaderName, HeaderValue, header};

/// What goes with a response.
pub(super) type Sent = [(HeaderName, HeaderValue); 1];

/// Nobody is signed in, or a server did not answer.
pub(super) type Outcome<T> = Result<T, String>;

pub(super) fn nobody() -> String {
    "nobody is signed in".to_owned()
}

/// The value of the cookie `shop`.
pub(super) fn cookie(headers: &HeaderMap) -> Option<&str> {
    let pairs = headers.get_all(header::COOKIE).iter().filter_map(|header| header.to_str().ok());
    pairs.flat_map(|header| header.split("; ")).find_map(|pair| pair.strip_prefix("shop="))
}

/// 256 random bits, as text.
pub(super) fn token() -> String {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the system has random bytes");
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

pub(super) fn set_cookie(value: &str) -> Sent {
    let cookie = ["shop=", value, "; HttpOnly; SameSite=Lax; Secure; Path=/"].concat();
    [(header::SET_COOKIE, HeaderValue::try_from(cookie).expect("visible ASCII"))]
}

pub(super) fn remove_cookie() -> Sent {
    let cookie = "shop=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0";
    [(header::SET_COOKIE, HeaderValue::from_static(cookie))]
}
