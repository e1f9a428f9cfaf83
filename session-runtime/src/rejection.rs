//! What a request gets that a guard turns away.

mod next;
mod response;

use std::error::Error;
use std::fmt;

use http::uri::PathAndQuery;
use http::{HeaderMap, Method, StatusCode, Uri, header};

use crate::accept::{Format, Wishes};
use crate::bearer::Scheme;
use crate::error::SessionError;
pub use next::same_site_path;

/// Why a guard turned a request away, what that request was, and what the client would get. `reject = …` functions and
/// `with_rejection` receive it.
///
/// ```
/// use axum::response::IntoResponse;
/// use cloakroom::{Rejection, SessionData, require_session};
///
/// #[derive(SessionData)]
/// struct Shop { #[session(owner)] user_id: Option<u64> }
///
/// fn polite(rejection: &Rejection) -> impl IntoResponse {
///     (rejection.status(), "please sign in first")
/// }
///
/// #[require_session(Shop, user_id, reject = polite)]
/// async fn account(#[session] user_id: u64) -> String {
///     format!("user {user_id}")
/// }
/// ```
///
/// As a response it is a page, a problem in JSON (RFC 9457) or a line of text, whichever the client [`prefers`](Self::prefers);
/// a 401 has a `WWW-Authenticate` that no browser opens a dialogue for. `Display` is for logs: unlike the response, it names the
/// field.
#[non_exhaustive]
pub struct Rejection {
    /// What was wrong.
    pub reason: Reason,
    /// Where a browser is sent: the guard's `redirect`, with `next` for a `GET`. `None` for API calls, or where signing in
    /// would not help.
    pub location: Option<String>,
    /// How to prove who one is, the session's name, and where to sign in, as far as they are known.
    scheme: Scheme,
    realm: Option<&'static str>,
    redirect: Option<&'static str>,
    request: Option<Box<Asked>>,
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

/// A copy of a request's head.
struct Asked {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
}

impl Rejection {
    /// Decides from the guard's finding and the request's head. `realm` is the session's name.
    pub(crate) fn new(
        reason: Reason,
        scheme: Scheme,
        realm: &'static str,
        redirect: Option<&'static str>,
        head: Option<&Head<'_>>,
    ) -> Self {
        let location = match (&reason, redirect, head) {
            (Reason::Missing(_), Some(to), Some(head)) if head.is_navigation() => Some(head.location(to)),
            _ => None,
        };
        let request = head.map(|head| Box::new(head.copied()));
        Self { reason, location, scheme, realm: Some(realm), redirect, request }
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

    /// What kind of answer the client would rather have, by its `Accept` header. [`Format::Text`] where there is no request.
    pub fn prefers(&self) -> Format {
        self.headers().map_or(Format::Text, |headers| Wishes::of(headers).format())
    }

    /// The request's method. `None` for a guard that was checked inside a function's body, where no request is at hand.
    pub fn method(&self) -> Option<&Method> {
        self.request.as_ref().map(|asked| &asked.method)
    }

    /// What was asked for, as it arrived at the `SessionLayer`: the whole path, also within a nested router.
    /// `None` as for [`method`](Self::method).
    pub fn uri(&self) -> Option<&Uri> {
        self.request.as_ref().map(|asked| &asked.uri)
    }

    /// The request's header fields. Those that carry secrets are marked as sensitive, and show nothing in `Debug`. `None` as for
    /// [`method`](Self::method).
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.request.as_ref().map(|asked| &asked.headers)
    }
}

/// Made by hand: there is no request to speak of, and no browser to send elsewhere.
impl From<Reason> for Rejection {
    fn from(reason: Reason) -> Self {
        Self { reason, location: None, scheme: Scheme::Cookie, realm: None, redirect: None, request: None }
    }
}

/// A session that could not be read.
impl From<SessionError> for Rejection {
    fn from(error: SessionError) -> Self {
        Reason::Failed(error).into()
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.reason {
            Reason::Missing(need) => write!(f, "the session lacks `{need}`"),
            Reason::Mismatch(need) => write!(f, "the session's `{need}` will not do"),
            Reason::Failed(_) => f.write_str("the session could not be looked at"),
        }
    }
}

impl Error for Rejection {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.reason {
            Reason::Failed(error) => Some(error),
            _ => None,
        }
    }
}

/// The header fields stay out: they carry the token.
impl fmt::Debug for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rejection")
            .field("reason", &self.reason)
            .field("location", &self.location)
            .field("method", &self.method())
            .field("uri", &self.uri())
            .finish_non_exhaustive()
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
        let mode = self.headers.get("sec-fetch-mode");
        Wishes::of(self.headers).is_for_a_page() && mode.is_none_or(|mode| mode == "navigate")
    }

    /// `to`, with the way back. Only a page that was asked for by `GET` can be asked for again; `HEAD` tells what `GET` would.
    fn location(&self, to: &str) -> String {
        let asked = self.uri.path_and_query().filter(|_| [Method::GET, Method::HEAD].contains(self.method));
        next::with_way_back(to, asked.map(PathAndQuery::as_str))
    }

    fn copied(&self) -> Asked {
        let mut headers = self.headers.clone();
        for name in [header::COOKIE, header::AUTHORIZATION, header::PROXY_AUTHORIZATION] {
            if let header::Entry::Occupied(mut fields) = headers.entry(name) {
                fields.iter_mut().for_each(|field| field.set_sensitive(true));
            }
        }
        Asked { method: self.method.clone(), uri: self.uri.clone(), headers }
    }
}
