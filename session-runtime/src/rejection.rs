//! What a request gets that a guard turns away, and the way back to what it asked for.

use http::uri::PathAndQuery;
use http::{HeaderMap, Method, StatusCode, Uri, header};

use crate::error::SessionError;

/// Why a guard turned a request away, and what the client would get. `reject = …` functions receive it.
///
/// ```
/// use axum::response::IntoResponse;
/// use cloakroom::{Rejection, SessionData, require_session};
///
/// #[derive(SessionData)]
/// struct Shop { #[session(owner)] user_id: Option<u64> }
///
/// fn polite(rejection: &Rejection) -> impl IntoResponse + use<> {
///     (rejection.status(), "please sign in first")
/// }
///
/// #[require_session(Shop, user_id, reject = polite)]
/// async fn account(#[session] user_id: u64) -> String {
///     format!("user {user_id}")
/// }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Rejection {
    /// What was wrong.
    pub reason: Reason,
    /// Where a browser is sent: the guard's `redirect`, with `next` for a `GET`. `None` for API calls, or where signing in
    /// would not help.
    pub location: Option<String>,
}

/// What was wrong with the session.
#[derive(Debug)]
#[non_exhaustive]
pub enum Reason {
    /// The session lacks this field or need: 401.
    Missing(&'static str),
    /// This field or need has a value that will not do: 403.
    Mismatch(&'static str),
    /// The session could not be read: the error's own status.
    Failed(SessionError),
}

impl Rejection {
    /// Decides from the guard's finding and the request's head.
    pub(crate) fn new(reason: Reason, redirect: Option<&'static str>, head: &Head<'_>) -> Self {
        let location = match (&reason, redirect) {
            (Reason::Missing(_), Some(to)) if head.is_navigation() => Some(head.location(to)),
            _ => None,
        };
        Self { reason, location }
    }

    /// The status that the client gets: 303 for browsers that are sent to sign in, else 401, 403, or the error's own.
    pub fn status(&self) -> StatusCode {
        match (&self.reason, &self.location) {
            (Reason::Missing(_), Some(_)) => StatusCode::SEE_OTHER,
            (Reason::Missing(_), None) => StatusCode::UNAUTHORIZED,
            (Reason::Mismatch(_), _) => StatusCode::FORBIDDEN,
            (Reason::Failed(error), _) => error.status(),
        }
    }

    /// What a client may know of it.
    #[cfg(feature = "tower")]
    pub(crate) fn public_text(&self) -> String {
        match &self.reason {
            Reason::Missing(_) => "sign in first".into(),
            Reason::Mismatch(_) => "not allowed".into(),
            Reason::Failed(error) => error.public_text(),
        }
    }
}

/// A guard that was checked in a function's body: there is no request to send elsewhere.
impl From<Reason> for Rejection {
    fn from(reason: Reason) -> Self {
        Self { reason, location: None }
    }
}

impl From<SessionError> for Rejection {
    fn from(error: SessionError) -> Self {
        Reason::Failed(error).into()
    }
}

/// The parts of a request's head that a rejection depends on.
#[doc(hidden)]
pub struct Head<'a> {
    pub method: &'a Method,
    pub uri: &'a Uri,
    pub headers: &'a HeaderMap,
}

impl Head<'_> {
    /// A browser that goes to a page, as opposed to a script that fetches data.
    fn is_navigation(&self) -> bool {
        let text = |name| self.headers.get(name).and_then(|value: &http::HeaderValue| value.to_str().ok());
        let accepts_html = text(header::ACCEPT.as_str()).is_some_and(|accept| accept.contains("text/html"));
        accepts_html && text("sec-fetch-mode").is_none_or(|mode| mode == "navigate")
    }

    /// `to`, with the way back to what was asked for. Only a page that was asked for by `GET` can be asked for again; a `redirect`
    /// that names its own `next` keeps it.
    fn location(&self, to: &str) -> String {
        let has_next = to.split(['?', '&']).skip(1).any(|parameter| parameter.starts_with("next="));
        let asked = self.uri.path_and_query().filter(|_| self.method == Method::GET && !has_next);
        match same_site_path(asked.map_or("", PathAndQuery::as_str), "") {
            "" => to.to_owned(),
            path => format!("{to}{}next={}", if to.contains('?') { '&' } else { '?' }, escape(path)),
        }
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
/// Refused are absolute and protocol-relative addresses, backslashes (browsers read them as slashes) and control characters
/// (browsers strip tabs and line ends before they look).
///
/// ```
/// use session_runtime::same_site_path;
///
/// assert_eq!(same_site_path("/cart?page=2", "/"), "/cart?page=2");
/// assert_eq!(same_site_path("//evil.example/", "/"), "/");
/// assert_eq!(same_site_path("/\\evil.example/", "/"), "/");
/// ```
pub fn same_site_path<'a>(next: &'a str, fallback: &'a str) -> &'a str {
    let strange = |c: char| c == '\\' || c.is_control() || c.is_whitespace();
    if next.starts_with('/') && !next.starts_with("//") && !next.contains(strange) { next } else { fallback }
}

impl std::fmt::Display for Rejection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.reason {
            Reason::Missing(need) => write!(f, "the session lacks `{need}`"),
            Reason::Mismatch(need) => write!(f, "the session's `{need}` will not do"),
            Reason::Failed(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Rejection {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.reason {
            Reason::Failed(error) => Some(error),
            _ => None,
        }
    }
}
