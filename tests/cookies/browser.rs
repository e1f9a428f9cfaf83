//! A browser's cookie store, written from draft-ietf-httpbis-layered-cookies ("Parse a Cookie", "Store a Cookie") and RFC 6265bis,
//! section 5.7, so that what the jar promises is measured by rules that are not its own. It is strict: an attribute that a browser
//! would skip is a refusal here.

use std::collections::BTreeMap;

use cookie::{Cookie, SameSite};

/// The host whose pages set the cookies.
pub const HOST: &str = "www.shop.example";

/// Cookies by name, domain and path: what makes two of them the same.
#[derive(Default)]
pub struct Store(pub BTreeMap<(String, Option<String>, String), Cookie<'static>>);

impl Store {
    /// Takes a Set-Cookie text in, as from a secure page of [`HOST`]. `false` if the cookie or a part of it is refused.
    pub fn take(&mut self, text: &str) -> bool {
        let Some(cookie) = kept(text) else { return false };
        let domain = cookie.domain().map(str::to_lowercase);
        let key = (cookie.name().to_owned(), domain, cookie.path().unwrap_or("the page's folder").to_owned());
        if cookie.max_age().is_some_and(|age| age.is_zero()) {
            self.0.remove(&key);
        } else {
            self.0.insert(key, cookie);
        }
        true
    }

    /// The Cookie header for a request to `path` on [`HOST`].
    pub fn header(&self, path: &str) -> String {
        let for_path = |cookie: &&Cookie| path.starts_with(cookie.path().unwrap_or("/"));
        let pairs = self.0.values().filter(for_path).map(|cookie| format!("{}={}", cookie.name(), cookie.value()));
        pairs.collect::<Vec<_>>().join("; ")
    }
}

fn kept(text: &str) -> Option<Cookie<'static>> {
    let has_control = text.bytes().any(|byte| byte < 0x20 && byte != b'\t' || byte == 0x7f);
    let (pair, attributes) = text.split_once(';').unwrap_or((text, ""));
    let (name, value) = pair.split_once('=')?;
    let (name, value) = (name.trim_matches([' ', '\t']), value.trim_matches([' ', '\t']));
    let is_kept = !has_control
        && (1..=4096).contains(&(name.len() + value.len()))
        && attributes
            .split(';')
            .all(|attribute| attribute.split_once('=').is_none_or(|(_, value)| value.len() <= 1024));
    let cookie = Cookie::parse(text.to_owned()).ok()?;
    (is_kept && fits(name, &cookie)).then_some(cookie)
}

fn fits(name: &str, cookie: &Cookie<'_>) -> bool {
    let lower = name.to_lowercase();
    let secure = cookie.secure() == Some(true);
    let is_host = secure && cookie.domain().is_none() && cookie.path() == Some("/");
    let is_http = secure && cookie.http_only() == Some(true);
    let domain_matches = cookie.domain().is_none_or(|domain| {
        let domain = domain.strip_prefix('.').unwrap_or(domain).to_lowercase();
        HOST == domain || HOST.strip_suffix(&domain).is_some_and(|rest| rest.ends_with('.'))
    });
    domain_matches
        && cookie.path().is_some_and(|path| path.starts_with('/'))
        && (secure || cookie.same_site() != Some(SameSite::None))
        && (secure || cookie.partitioned() != Some(true))
        && (secure || !lower.starts_with("__secure-"))
        && (is_host || !lower.starts_with("__host-"))
        && (is_http || !lower.starts_with("__http-"))
        && (is_http || !lower.starts_with("__host-http-"))
}
