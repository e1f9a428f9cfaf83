//! Cookie header bytes → names and values; any text ↔ the characters that a value may have.

use std::fmt::Display;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode, utf8_percent_encode};

use crate::cookie_header;
use crate::set_cookie::{PREFIXES, has_prefix};

/// What may not stand in a value (RFC 6265bis, section 4.1.1: `cookie-octet`), the percent sign, and the plus sign, which some readers
/// take for a space.
const ENCODED: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'%').add(b'+').add(b',').add(b';').add(b'\\');

/// Any text as a value.
pub(super) fn encode(text: &str) -> impl Display {
    utf8_percent_encode(text, ENCODED)
}

/// The text that a value stands for. A percent sign that begins no code stands for itself. `None` if that is not UTF-8.
pub(super) fn decode(value: &[u8]) -> Option<String> {
    percent_decode(value).decode_utf8().ok().map(String::from)
}

/// The header fields as one: HTTP/2 may split them (RFC 9113, section 8.2.3).
pub(super) fn joined<'a>(fields: impl IntoIterator<Item = &'a [u8]>) -> Box<[u8]> {
    let mut joined = Vec::new();
    for field in fields {
        joined.extend_from_slice(field);
        joined.push(b';');
    }
    joined.into()
}

/// Names and values, in the order in which they came. (The `cookie` crate reads text alone.) Values may hold any bytes; what has no name, or none in UTF-8, is passed over.
pub(super) fn pairs(header: &[u8]) -> impl Iterator<Item = (&str, &[u8])> {
    cookie_header::pairs(header).filter_map(|pair| {
        let equals = pair.iter().position(|byte| *byte == b'=')?;
        let name = str::from_utf8(pair[..equals].trim_ascii()).ok().filter(|name| !name.is_empty())?;
        Some((name, pair[equals + 1..].trim_ascii()))
    })
}

/// A name without what browsers would demand TLS for.
pub(super) fn without_prefix(name: &str) -> &str {
    let longest = PREFIXES.iter().filter(|prefix| has_prefix(name, prefix)).map(|prefix| prefix.len()).max();
    &name[longest.unwrap_or_default()..]
}
