//! Every way in which a cookie can fail, each with its name and its HTTP status.

use std::fmt;

use http::StatusCode;

use super::rule::CookieRule;
use crate::error::BoxError;

/// What reading or writing a cookie can fail with. Every error about one cookie names it; none shows its value.
#[derive(Debug)]
#[non_exhaustive]
pub enum CookieError {
    /// What the browser sent cannot be read as the type that was asked for: 400.
    Invalid {
        /// The cookie's name.
        name: String,
        /// The type that was asked for.
        expected: &'static str,
        /// What its parser said. It may quote the value.
        source: BoxError,
    },
    /// A value cannot be written as text: 500. Nothing was set.
    Encode {
        /// The cookie's name.
        name: String,
        /// What the codec said.
        source: BoxError,
    },
    /// A browser would drop this cookie, or an attribute of it: 500. Nothing was set.
    Refused {
        /// The cookie's name.
        name: String,
        /// The rule that it breaks.
        rule: CookieRule,
    },
    /// Name and value are longer than a browser keeps (RFC 6265bis, section 5.6): 413. Nothing was set.
    TooLarge {
        /// The cookie's name.
        name: String,
        /// Bytes of name and value, as they would be sent.
        size: usize,
        /// Bytes that a browser keeps.
        limit: usize,
    },
    /// The cookie is a session's: 500. Its token is a secret, and the session alone sets and removes it.
    Session {
        /// The cookie's name.
        name: String,
    },
    /// The response's head has left: 500. Nothing was set.
    ResponseSent {
        /// The cookie's name.
        name: String,
    },
    /// No keys were given to sign or seal with: 500.
    MissingKeys,
    /// No layer has opened the request's cookies: 500.
    MissingLayer {
        /// What would open them: `CookiesLayer`, `CookiesMiddleware`.
        layer: &'static str,
    },
}

impl CookieError {
    /// The name of the cookie that this is about.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Invalid { name, .. }
            | Self::Encode { name, .. }
            | Self::Refused { name, .. }
            | Self::TooLarge { name, .. }
            | Self::Session { name }
            | Self::ResponseSent { name } => Some(name),
            Self::MissingKeys | Self::MissingLayer { .. } => None,
        }
    }

    /// The status that a response should carry for this error.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Invalid { .. } => StatusCode::BAD_REQUEST,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What a client may know of it.
    #[cfg(any(feature = "actix", feature = "axum"))]
    pub(crate) fn public_text(&self) -> String {
        match self {
            Self::Invalid { name, .. } => format!("the cookie `{name}` cannot be read"),
            Self::TooLarge { .. } => "a cookie cannot hold this much".into(),
            // The reader is whoever wires the application.
            Self::MissingLayer { .. } => self.to_string(),
            _ => "a cookie failed".into(),
        }
    }
}

impl fmt::Display for CookieError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid { name, expected, .. } => write!(f, "the cookie `{name}` cannot be read as `{expected}`"),
            Self::Encode { name, source } => write!(f, "the cookie `{name}` cannot be written: {source}"),
            Self::Refused { name, rule } => write!(f, "a browser would refuse the cookie `{name}`: {rule}"),
            Self::TooLarge { name, size, limit } => write!(
                f,
                "the cookie `{name}` has {size} bytes of name and value, and a browser keeps {limit} (RFC 6265bis, section 5.6): \
                 keep this in the session"
            ),
            Self::Session { name } => {
                write!(f, "the cookie `{name}` is a session's: use the `Session`, which sets and removes it")
            }
            Self::ResponseSent { name } => {
                write!(f, "the response's head has left without the cookie `{name}`: set it before the handler returns")
            }
            Self::MissingKeys => f.write_str(
                "there are no keys to sign or seal cookies with: give the cookies' layer some, by `with_keys`",
            ),
            Self::MissingLayer { layer } => {
                let method = if *layer == "CookiesMiddleware" { "App::wrap" } else { "Router::layer" };
                write!(f, "no `{layer}` stands before this handler: add it with `{method}`")
            }
        }
    }
}

impl std::error::Error for CookieError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Invalid { source, .. } | Self::Encode { source, .. } => Some(&**source),
            _ => None,
        }
    }
}
