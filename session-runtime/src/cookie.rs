//! The only file that knows the session's cookie: header bytes → token, token → Set-Cookie text.

use std::time::Duration;

use cookie::Cookie;
pub use cookie::SameSite;

use crate::cookie_header::pairs;
use crate::data::Settings;
pub(crate) use crate::set_cookie::MAX_COOKIE_LEN;
use crate::set_cookie::{PREFIXES, has_prefix, is_host, is_path, is_token};
use crate::token::{MAX_NAME_LEN, TOKEN_TEXT_LEN, Token};

/// The text of a sealed session is longer, whatever it holds.
const SHORTEST_SEALED: usize = 100;

/// A session cookie's texts, made once per policy.
#[derive(Clone, Debug)]
pub(crate) struct CookieText {
    name: String,
    /// All that follows the value.
    attributes: String,
    /// What a sealed session is sealed for: this cookie, in this layout.
    purpose: String,
}

impl CookieText {
    /// Checks the policy as a browser would, and writes its attributes.
    pub(crate) fn new(name: &str, settings: &Settings, insecure_development: bool) -> Self {
        check_name(name);
        let path = settings.path.unwrap_or("/");
        check_path(path);
        settings.domain.inspect(|domain| check_domain(domain));
        let name = match (insecure_development, settings.domain, path) {
            (true, ..) => name.to_owned(),
            (false, None, "/") => format!("__Host-{name}"),
            _ => format!("__Secure-{name}"),
        };
        // Without `Secure`, a browser refuses a cookie that says `SameSite=None` or `Partitioned`.
        let same_site = settings.same_site.filter(|same_site| !(insecure_development && same_site.is_none()));
        let mut cookie = Cookie::build((name.as_str(), ""))
            .path(path)
            .secure(!insecure_development)
            .http_only(true)
            .same_site(same_site.unwrap_or(SameSite::Lax));
        if let Some(domain) = settings.domain {
            cookie = cookie.domain(domain);
        }
        if settings.partitioned && !insecure_development {
            cookie = cookie.partitioned(true);
        }
        let attributes = cookie.to_string()[name.len() + 1..].to_owned();
        let purpose = ["cloakroom cookie 1", &name].join("\0");
        Self { attributes, name, purpose }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn purpose(&self) -> &[u8] {
        self.purpose.as_bytes()
    }

    /// The Set-Cookie text that hands out a token or a sealed session: until the browser closes, or for `max_age`.
    pub(crate) fn set(&self, value: &str, max_age: Option<Duration>) -> String {
        match max_age {
            None => [&self.name, "=", value, &self.attributes].concat(),
            Some(age) => format!("{}={value}{}; Max-Age={}", self.name, self.attributes, age.as_secs()),
        }
    }

    /// The Set-Cookie text that removes the cookie: a browser matches name, domain and path, so it carries the same attributes.
    pub(crate) fn removal(&self) -> String {
        [&self.name, "=", &self.attributes, "; Max-Age=0"].concat()
    }

    /// The token in a request's Cookie header fields. `None` if there is none, if it is malformed, or if two differ: then one
    /// of them was planted, and nobody can say which.
    pub(crate) fn find<'a>(&self, fields: impl IntoIterator<Item = &'a [u8]>) -> Option<Token> {
        self.find_by(fields, Token::parse)
    }

    /// As [`find`](Self::find), for a sealed session: its text, which nobody has opened yet, of a length that one can have.
    pub(crate) fn find_sealed<'a>(&self, fields: impl IntoIterator<Item = &'a [u8]>) -> Option<&'a [u8]> {
        let lengths = SHORTEST_SEALED..=MAX_COOKIE_LEN - self.name.len() - 1;
        self.find_by(fields, |value| lengths.contains(&value.len()).then_some(value))
    }

    fn find_by<'a, T: Copy + PartialEq>(
        &self,
        fields: impl IntoIterator<Item = &'a [u8]>,
        parse: impl Fn(&'a [u8]) -> Option<T>,
    ) -> Option<T> {
        let mut found = None;
        for field in fields {
            for value in values(field, self.name.as_bytes()).filter_map(&parse) {
                if found.is_some_and(|other| other != value) {
                    tracing::warn!(cookie = self.name, "two different session cookies in one request; neither is used");
                    return None;
                }
                found = Some(value);
            }
        }
        found
    }
}

/// The values of the cookie `name` in one header field. Neighbours may hold any bytes.
fn values<'a, 'n>(field: &'a [u8], name: &'n [u8]) -> impl Iterator<Item = &'a [u8]> + use<'a, 'n> {
    // Nothing shorter than name, equals sign and token can hold a token.
    let field = if field.len() > name.len() + TOKEN_TEXT_LEN { field } else { &[] };
    pairs(field).filter_map(|pair| pair.strip_prefix(name)?.strip_prefix(b"=").map(<[u8]>::trim_ascii_end))
}

fn check_name(name: &str) {
    assert!(is_token(name), "`{name}` is no cookie name: use letters, digits, `-` and `_`");
    assert!(
        name.len() <= MAX_NAME_LEN,
        "the session name `{name}` is longer than {MAX_NAME_LEN} bytes: choose a shorter one"
    );
    let prefixed = PREFIXES.iter().any(|prefix| has_prefix(name, prefix));
    assert!(!prefixed, "the session name `{name}` brings a cookie prefix: leave it out, the policy adds the right one");
}

fn check_path(path: &str) {
    assert!(is_path(path), "the cookie path `{path}` must start with `/` and hold no space, `;` or control character");
}

fn check_domain(domain: &str) {
    assert!(
        is_host(domain),
        "the cookie domain `{domain}` must be a host name alone: no scheme, port, space or leading dot"
    );
}
