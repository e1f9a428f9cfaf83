//! Values that nobody can change (signed) or read (sealed), bound to their cookie's name and end.
//!
//! ```text
//! sealed: base64url(seal("cloakroom sealed cookie 1" ‖ 0 ‖ name, end ‖ text))
//! signed: percent-encoded text . base64url(seal("cloakroom signed cookie 1" ‖ 0 ‖ name ‖ 0 ‖ text, end))
//! ```
//! `seal(associated data, plaintext)` is that of `seal.rs`, so keys change as those of sealed sessions do. The end is in milliseconds
//! since 1970, eight bytes, the highest first; all ones where there is none.

use std::fmt::Display;
use std::time::SystemTime;

use serde::Serialize;

use super::attributes::CookieAttributes;
use super::error::CookieError;
use super::jar::Cookies;
use super::state::as_json;
use super::value::CookieValue;
use super::wire;
use crate::base64url;
use crate::clock::millis;
use crate::seal::SealKeys;

/// What keeps others from a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "sealed"), expect(dead_code, reason = "only that feature has keys"))]
pub(super) enum Protection {
    Signed,
    Sealed,
}

/// The cookies that are signed, or those that are sealed: from [`Cookies::signed`] and [`Cookies::sealed`].
///
/// A value is bound to its cookie's name and to its end (`Max-Age` or `Expires`): under another name, or later, it reads as absent.
/// So does one that was forged, or whose key is gone. Until its end anybody who has a copy can send it again: what must be spent once
/// belongs into a session.
///
#[cfg_attr(feature = "sealed", doc = "```")]
#[cfg_attr(not(feature = "sealed"), doc = "```ignore")]
/// use cloakroom::{CookieAttributes, CookieSettings, SealKeys};
///
/// let settings = CookieSettings::new().with_keys(SealKeys::ephemeral());
/// let cookies = settings.open([b"vote=yes".as_slice()]);
/// let sealed = cookies.sealed()?;
/// assert!(!sealed.has("vote"), "anybody could have written that");
/// sealed.set("vote", "no", CookieAttributes::new())?;
/// assert_eq!(sealed.get("vote").expect("just set").text()?, "no");
/// sealed.set_json("votes", &["no", "yes"], CookieAttributes::new())?;
/// assert_eq!(sealed.get("votes").expect("just set").json::<Vec<String>>()?, ["no", "yes"]);
/// # Ok::<(), cloakroom::CookieError>(())
/// ```
#[derive(Debug)]
pub struct ProtectedCookies<'a> {
    cookies: &'a Cookies,
    protection: Protection,
}

impl<'a> ProtectedCookies<'a> {
    #[cfg(feature = "sealed")]
    pub(super) fn of(cookies: &'a Cookies, protection: Protection) -> Result<Self, CookieError> {
        cookies.0.has_keys().map(|()| Self { cookies, protection })
    }

    /// The value, if this application wrote it: see [`Cookies::get`].
    pub fn get(&self, name: &str) -> Option<CookieValue> {
        self.cookies.0.read(name, Some(self.protection))
    }

    /// Is there one that this application wrote?
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Sets a text, a number or a yes or no: see [`Cookies::set`]. To remove it: [`Cookies::delete`].
    ///
    /// # Errors
    /// As [`Cookies::set`].
    pub fn set(&self, name: &str, value: impl Display, attributes: CookieAttributes<'_>) -> Result<(), CookieError> {
        self.cookies.0.put(name, &value.to_string(), Some(self.protection), &attributes)
    }

    /// Sets a value as JSON: see [`Cookies::set_json`].
    ///
    /// # Errors
    /// As [`Cookies::set_json`].
    pub fn set_json(
        &self,
        name: &str,
        value: &impl Serialize,
        attributes: CookieAttributes<'_>,
    ) -> Result<(), CookieError> {
        self.cookies.0.put(name, &as_json(name, value)?, Some(self.protection), &attributes)
    }
}

impl Protection {
    /// The value that stands for a text until its end.
    pub(super) fn write(self, keys: &SealKeys, name: &str, text: &str, end: Option<SystemTime>) -> String {
        let end = end.map_or(u64::MAX, millis).to_be_bytes();
        let seal = |plain: &[u8]| base64url::encode(&keys.seal(&self.purpose(name, text), plain));
        match self {
            Self::Signed => format!("{}.{}", wire::encode(text), seal(&end)),
            Self::Sealed => seal(&[&end, text.as_bytes()].concat()),
        }
    }

    /// The text that a value stands for, if one of the keys wrote it for this name, and its end has not come.
    pub(super) fn read(self, keys: &SealKeys, name: &str, value: &[u8], now: SystemTime) -> Option<String> {
        let (shown, sealed) = match self {
            Self::Signed => {
                let dot = value.iter().rposition(|byte| *byte == b'.')?;
                (wire::decode(&value[..dot])?, &value[dot + 1..])
            }
            Self::Sealed => (String::new(), value),
        };
        let mut sealed = base64url::decode(sealed)?;
        let plain = match keys.open_in_place(&self.purpose(name, &shown), &mut sealed) {
            Ok((plain, _)) => plain,
            Err(why) => {
                log_unopened(name, &why, keys.foreign(&sealed));
                return None;
            }
        };
        let (end, hidden) = plain.split_first_chunk()?;
        if u64::from_be_bytes(*end) <= millis(now) {
            return None;
        }
        match self {
            Self::Signed => Some(shown),
            Self::Sealed => String::from_utf8(hidden.to_vec()).ok(),
        }
    }

    /// What the seal is for. No name holds a zero byte, so no two purposes are the same.
    fn purpose(self, name: &str, text: &str) -> Vec<u8> {
        match self {
            Self::Signed => ["cloakroom signed cookie 1", name, text].join("\0"),
            Self::Sealed => ["cloakroom sealed cookie 1", name].join("\0"),
        }
        .into_bytes()
    }
}

/// `key` is the one that sealed it, if that is none of those given.
fn log_unopened(name: &str, why: &dyn Display, key: Option<impl Display>) {
    match key {
        // Anybody can send such a cookie, so this is no warning: but keys may also differ between nodes.
        Some(key) => tracing::info!(cookie = name, %why, %key, "a cookie was not opened"),
        None => tracing::debug!(cookie = name, %why, "a cookie was not opened"),
    }
}
