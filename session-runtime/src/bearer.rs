//! The only file that knows `Authorization: Bearer` (RFC 6750): header bytes → token, and how a client is told that it needs one.

use crate::token::Token;

/// What carries a session's token between client and server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carrier {
    Cookie,
    Bearer,
}

impl Carrier {
    /// The request's header field, in lower case.
    pub(crate) const fn field(self) -> &'static str {
        match self {
            Self::Cookie => "cookie",
            Self::Bearer => "authorization",
        }
    }

    /// The same as `Vary` is wont to write it.
    pub(crate) const fn varies_by(self) -> &'static str {
        match self {
            Self::Cookie => "Cookie",
            Self::Bearer => "Authorization",
        }
    }

    /// What stands between name and token where a storage key is made: a token opens nothing by another way than its own.
    pub(crate) const fn separator(self) -> u8 {
        match self {
            Self::Cookie => 0,
            Self::Bearer => 1,
        }
    }
}

/// The bearer token that a request brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bearer {
    Absent,
    /// Not one well-formed token.
    Malformed,
    Token(Token),
}

impl Bearer {
    /// Looks through a request's Authorization header fields, of which HTTP allows one (RFC 9110, section 5.3). Of two, one was
    /// planted, and nobody can say which. Other schemes are other people's.
    pub(crate) fn find<'a>(fields: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut all = fields.into_iter().filter_map(credentials);
        let Some(text) = all.next() else { return Self::Absent };
        if all.any(|other| other != text) {
            tracing::warn!("two different bearer tokens in one request; neither is used");
            return Self::Malformed;
        }
        Token::parse(text).map_or(Self::Malformed, Self::Token)
    }

    pub(crate) fn token(self) -> Option<Token> {
        if let Self::Token(token) = self { Some(token) } else { None }
    }
}

/// What follows the scheme `Bearer`, whose case does not matter (RFC 9110, section 11.1).
fn credentials(field: &[u8]) -> Option<&[u8]> {
    let (scheme, text) = field.trim_ascii().split_at_checked(b"Bearer".len())?;
    let ends = text.first().is_none_or(|byte| *byte == b' ');
    (scheme.eq_ignore_ascii_case(b"Bearer") && ends).then(|| text.trim_ascii())
}

/// How a client that was turned away could have proved who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Cookie,
    Bearer {
        /// A token came along, be it good or not.
        offered: bool,
    },
}

impl Scheme {
    /// What a `WWW-Authenticate` says beside the realm. `None` where the status asks for none.
    ///
    /// A bearer's errors are those of RFC 6750, section 3.1; a request without a token is told of none. No scheme is registered for
    /// cookies; this is the one of draft-broyer-http-cookie-auth. Browsers know neither, and so show the response instead of asking
    /// for a password.
    pub(crate) fn challenge(self, status: u16) -> Option<(&'static str, Option<&'static str>)> {
        match (self, status) {
            (Self::Cookie, 401) => Some(("Cookie", None)),
            (Self::Bearer { offered }, 401) => Some(("Bearer", offered.then_some("invalid_token"))),
            (Self::Bearer { offered }, 403) => Some(("Bearer", offered.then_some("insufficient_scope"))),
            _ => None,
        }
    }
}
