//! The way back: from a page that was asked for, through signing in, to that page and never off this site.

/// `to`, with `next` as the way back to what was asked for, where there is one. A `to` that names its own `next` keeps it.
pub(crate) fn with_way_back(to: &str, asked: Option<&str>) -> String {
    let (page, fragment) = to.find('#').map_or((to, ""), |at| to.split_at(at));
    let has_next = page.split(['?', '&']).skip(1).any(|parameter| parameter.starts_with("next="));
    match same_site_path(asked.filter(|_| !has_next).unwrap_or_default(), "") {
        "" => to.to_owned(),
        next => format!("{page}{}next={}{fragment}", if page.contains('?') { '&' } else { '?' }, escape(next)),
    }
}

/// Percent-encodes all but unreserved characters and `/` (RFC 3986, section 2.3).
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(byte.into()),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// `next` if it is a path on this site, else `fallback`: never a way off the site.
///
/// Refused are absolute and protocol-relative addresses, backslashes in the path (browsers read them as slashes) and control
/// characters and blanks (browsers strip tabs and line ends before they look). What stays begins with one slash, and nothing
/// that follows can name another site: neither `/.//evil.example` nor `/%5cevil.example`, since browsers look for the host before
/// they take dots out, and decode nothing.
///
/// ```
/// use session_runtime::same_site_path;
///
/// assert_eq!(same_site_path("/cart?page=2", "/"), "/cart?page=2");
/// assert_eq!(same_site_path("//evil.example/", "/"), "/");
/// assert_eq!(same_site_path("/\\evil.example/", "/"), "/");
/// ```
pub fn same_site_path<'a>(next: &'a str, fallback: &'a str) -> &'a str {
    let path = next.split(['?', '#']).next().unwrap_or_default();
    let is_local = path.starts_with('/') && !path.starts_with("//") && !path.contains('\\');
    let strange = |c: char| c.is_control() || c.is_whitespace();
    if is_local && !next.contains(strange) { next } else { fallback }
}
