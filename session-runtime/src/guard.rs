//! What `#[require_session]` calls: does the session hold what the handler needs, and if not, what does the client get?

use std::any::Any;
use std::future::Future;
use std::ops::Deref;
use std::time::Duration;

use http::uri::PathAndQuery;
use http::{HeaderMap, Method, StatusCode, Uri, header};

use crate::clock::duration_ms;
use crate::codec::NIL;
use crate::data::{Need, SessionData};
use crate::error::SessionError;
use crate::session::Session;

/// What a handler needs of its session. `#[require_session]` implements it.
#[doc(hidden)]
pub trait Guard: Send + Sync + 'static {
    /// The session's type.
    type Data: SessionData;
    /// What the guard hands to the handler: a tuple of the `#[session]` parameters.
    type Proof: Send;
    /// Where browsers are sent to sign in.
    const REDIRECT: Option<&'static str> = None;

    /// Checks the needs.
    fn check(
        session: &Session<Self::Data>,
    ) -> impl Future<Output = Result<Result<Self::Proof, Holds>, SessionError>> + Send;

    /// The whole response, where `reject = …` decides: a response of the web framework in use.
    fn reject(_: &Rejection) -> Option<Box<dyn Any + Send>> {
        None
    }
}

/// What a guard proved, as the first parameter of a guarded handler.
#[doc(hidden)]
pub struct Guarded<G: Guard>(pub G::Proof);

impl<G: Guard> Guarded<G> {
    /// Runs the guard on a session: what an adapter does before it reads anything of the request but its head.
    ///
    /// # Errors
    /// [`Rejection`] says why the request is turned away.
    pub async fn check(session: &Session<G::Data>, head: &Head<'_>) -> Result<Self, Rejection> {
        let reason = match G::check(session).await {
            Ok(Ok(proof)) => return Ok(Self(proof)),
            Ok(Err(Holds::Missing(need))) => Reason::Missing(need),
            Ok(Err(Holds::Mismatch(need))) => Reason::Mismatch(need),
            // A guard that turns away what holds would be a bug in the expansion; the door stays shut.
            Ok(Err(Holds::Yes)) => Reason::Mismatch("guard"),
            Err(error) => Reason::Failed(error),
        };
        tracing::debug!(?reason, "a guard turned a request away");
        Err(Rejection::new(reason, G::REDIRECT, head))
    }
}

/// Whether one need holds.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    Yes,
    /// The session lacks it: signing in may help.
    Missing(&'static str),
    /// The session has it, with a value that will not do.
    Mismatch(&'static str),
}

impl Holds {
    /// One need that a set field either matches or does not.
    pub fn matched(need: &'static str, matches: bool) -> Self {
        if matches { Self::Yes } else { Self::Mismatch(need) }
    }

    /// One of two is enough. Where neither holds, a value that will not do outweighs one that is missing: the client is signed in.
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::Missing(_), Self::Mismatch(_)) => other,
            _ => self,
        }
    }

    /// The opposite.
    pub fn negated(self, need: &'static str) -> Self {
        match self {
            Self::Yes => Self::Mismatch(need),
            _ => Self::Yes,
        }
    }

    /// Does it hold?
    pub fn is_yes(self) -> bool {
        self == Self::Yes
    }
}

/// What a `check = …` function may answer with.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a `check` function answers with `bool` or `Result<bool, SessionError>`, and this one with `{Self}`",
    label = "its answer is neither `bool` nor `Result<bool, SessionError>`"
)]
pub trait Answer {
    /// As a need by this name.
    fn holds(self, need: &'static str) -> Result<Holds, SessionError>;
}

impl Answer for bool {
    fn holds(self, need: &'static str) -> Result<Holds, SessionError> {
        Ok(Holds::matched(need, self))
    }
}

impl Answer for Result<bool, SessionError> {
    fn holds(self, need: &'static str) -> Result<Holds, SessionError> {
        Ok(Holds::matched(need, self?))
    }
}

/// Every type is itself: asks whether a `#[session]` parameter has its field's type.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the session keeps this field as `{Self}`, not as `{T}`",
    label = "a `#[session]` parameter has its field's type without the `Option`: `{Self}`"
)]
pub trait Is<T> {
    /// The same value.
    fn it(self) -> T;
}

impl<T> Is<T> for T {
    fn it(self) -> T {
        self
    }
}

/// A loaded session, as guards look at it: nothing is consumed.
#[doc(hidden)]
pub struct Opened<'a, D: SessionData>(&'a Session<D>);

/// Loads the session for a guard, never from a cache that may be behind.
///
/// # Errors
/// As [`Session::get`].
#[doc(hidden)]
pub async fn opened<D: SessionData>(session: &Session<D>) -> Result<Opened<'_, D>, SessionError> {
    session.inner().load_current().await?;
    Ok(Opened(session))
}

impl<D: SessionData> Opened<'_, D> {
    /// The field's value without its `Option`; `None` while it is not set.
    pub fn value<T, V>(&self, need: Need<D, T, V>) -> Result<Option<V>, SessionError> {
        match self.0.inner().peek(need.key.field) {
            None => Ok(None),
            Some(bytes) => Ok((need.open)(need.key.read(Some(&bytes))?)),
        }
    }

    /// Is the field set?
    pub fn is_set<T, V>(&self, need: Need<D, T, V>) -> Holds {
        let field = need.key.field;
        let is_some = match self.0.inner().peek(field) {
            // A stored `None` is set, but there is nothing in it to be handed to a handler.
            Some(bytes) if *bytes == *NIL => self.value(need).is_ok_and(|value| value.is_some()),
            stored => stored.is_some(),
        };
        if is_some { Holds::Yes } else { Holds::Missing(field.name) }
    }

    /// Has the visitor proved who they are within this time? A clock that stepped back does not make it longer ago.
    pub fn is_fresh(&self, within: Duration) -> Holds {
        let inner = self.0.inner();
        match inner.authenticated_at() {
            Some(at) if inner.now_ms() < at.saturating_add(duration_ms(within)) => Holds::Yes,
            _ => Holds::Missing("fresh"),
        }
    }
}

/// A field's value, as the pattern of `field = PATTERN` sees it: `String` as `str`, all else as it is.
#[doc(hidden)]
pub struct Subject<'a, V>(&'a V);

impl<'a, V> Subject<'a, V> {
    pub fn new(value: &'a V) -> Self {
        Self(value)
    }
}

/// What [`Subject::place`] gives for a `String`.
#[doc(hidden)]
pub struct StrPlace<'a>(&'a str);

impl<'a> Deref for StrPlace<'a> {
    type Target = &'a str;
    fn deref(&self) -> &&'a str {
        &self.0
    }
}

impl<'a> Subject<'a, String> {
    pub fn place(&self) -> StrPlace<'a> {
        StrPlace(self.0)
    }
}

/// The place of any other type.
#[doc(hidden)]
pub trait Place<V> {
    fn place(&self) -> &V;
}

impl<V> Place<V> for Subject<'_, V> {
    fn place(&self) -> &V {
        self.0
    }
}

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
    fn new(reason: Reason, redirect: Option<&'static str>, head: &Head<'_>) -> Self {
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
    #[cfg(feature = "axum")]
    pub(crate) fn public_text(&self) -> String {
        match &self.reason {
            Reason::Missing(_) => "sign in first".into(),
            Reason::Mismatch(_) => "not allowed".into(),
            Reason::Failed(error) => error.public_text(),
        }
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

/// Turns what a `reject = …` function returned into a response of the web framework in use.
#[doc(hidden)]
pub struct Reply<T>(pub std::cell::Cell<Option<T>>);

impl<T> Reply<T> {
    pub fn new(value: T) -> Self {
        Self(std::cell::Cell::new(Some(value)))
    }
}
