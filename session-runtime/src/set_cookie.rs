//! What browsers take in a Set-Cookie field, for the session's cookie and the application's own.

/// The most bytes that a browser keeps of a cookie's name and value (RFC 6265bis, section 5.6). A session counts its equals sign too.
pub(crate) const MAX_COOKIE_LEN: usize = 4096;

/// What a name may begin with to ask for attributes (RFC 6265bis, section 5.4; draft-ietf-httpbis-layered-cookies has the last two).
pub(crate) const PREFIXES: [&str; 4] = ["__Secure-", "__Host-", "__Http-", "__Host-Http-"];

/// Does a browser see this prefix? It takes upper and lower case for the same (RFC 6265bis, section 5.4).
pub(crate) const fn has_prefix(name: &str, prefix: &str) -> bool {
    let Some((start, _)) = name.as_bytes().split_at_checked(prefix.len()) else { return false };
    start.eq_ignore_ascii_case(prefix.as_bytes())
}

/// A cookie's name is a token (RFC 6265bis, section 4.1.1; RFC 9110, section 5.6.2).
pub(crate) const fn is_token(text: &str) -> bool {
    let mut rest = text.as_bytes();
    while let [byte, after @ ..] = rest {
        // All that is visible, but for what separates.
        if !byte.is_ascii_graphic()
            || matches!(byte, b'"' | b'(' | b')' | b',' | b'/' | b':'..=b'@' | b'['..=b']' | b'{' | b'}')
        {
            return false;
        }
        rest = after;
    }
    !text.is_empty()
}

/// A path starts with a slash, and nothing in it ends the attribute (RFC 6265bis, sections 4.1.1 and 5.6.4).
pub(crate) const fn is_path(text: &str) -> bool {
    let mut rest = text.as_bytes();
    while let [byte, after @ ..] = rest {
        if !byte.is_ascii_graphic() || *byte == b';' {
            return false;
        }
        rest = after;
    }
    matches!(text.as_bytes(), [b'/', ..])
}

/// A host name alone: labels of letters, digits and hyphens, with dots between them.
pub(crate) const fn is_host(text: &str) -> bool {
    let mut rest = text.as_bytes();
    let mut label_is_empty = true;
    while let [byte, after @ ..] = rest {
        let is_dot = *byte == b'.';
        if is_dot && label_is_empty || !is_dot && !is_label(*byte) {
            return false;
        }
        label_is_empty = is_dot;
        rest = after;
    }
    !label_is_empty
}

const fn is_label(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}
