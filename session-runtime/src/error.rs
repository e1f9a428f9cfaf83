//! Every way in which a session can fail, each with its HTTP status.

use std::fmt;

use http::StatusCode;

use crate::store::StoreError;

/// Whatever a codec or a driver reported.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// What a session operation can fail with. None of these is ever turned into an empty session.
#[derive(Debug)]
#[non_exhaustive]
pub enum SessionError {
    /// The store could not be asked, or did not answer: 503. The session and its cookie are left alone.
    Store(StoreError),
    /// Others wrote to this record first for ten seconds, or a thousand times: 503. Nothing was written.
    Contended,
    /// The session was destroyed, replaced by a new token or expired since this request loaded it: 409. Nothing was written.
    Ended,
    /// A stored field can no longer be read as its type: 500. The record and its other fields are left alone.
    Decode {
        /// The field's stored name.
        field: &'static str,
        /// What the codec said.
        source: BoxError,
    },
    /// A value could not be written as bytes: 500. The field keeps what it had.
    Encode {
        /// The field's stored name.
        field: &'static str,
        /// What the codec said.
        source: BoxError,
    },
    /// The record, or the cookie that it is sealed in, would grow over the limit: 413. The field keeps what it had.
    TooLarge {
        /// The stored name of the field that was set.
        field: &'static str,
        /// Bytes that the record would have; of a sealed session the cookie, name and value.
        size: usize,
        /// Bytes that it may have.
        limit: usize,
    },
    /// The stored record is truncated, damaged or of a newer format: 500. It is left as it is.
    Record(RecordError),
    /// The owner has as many sessions as [`with_session_limit`](crate::Sessions::with_session_limit) allows: 409. Nobody was signed in, and
    /// what else the request had set is dropped.
    TooManySessions {
        /// Sessions that an owner may have.
        limit: usize,
    },
    /// Sessions are not kept by their owner: 500.
    NoOwnerIndex,
    /// The response's head has left, and this would have needed a new cookie: 500. Nothing was written.
    ResponseSent,
    /// A bearer session got a new token, or needs one, and its handler returned without `expose_token`, so that the client would never
    /// learn it: 500. What needs the new token was not written; what `update_*` or `save` committed stays.
    TokenNotExposed,
    /// A sealed session cannot do this, since it is kept nowhere but in the cookie of its response; nor can a bearer session give a
    /// cookie: 500. Nothing was changed.
    Unsupported,
    /// No layer has opened a session of this type for the request: 500.
    MissingLayer {
        /// The session's type.
        data: &'static str,
        /// What would open it: `SessionLayer`, `SessionMiddleware`.
        layer: &'static str,
    },
}

/// Why stored bytes are no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecordError {
    /// The bytes end early, or hold what no version of this library wrote.
    Damaged,
    /// A newer version of this library wrote it.
    Newer {
        /// The format that was found.
        found: u8,
        /// The newest format that this program reads.
        supported: u8,
    },
}

impl SessionError {
    /// The status that a response should carry for this error.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Store(_) | Self::Contended => StatusCode::SERVICE_UNAVAILABLE,
            Self::Ended | Self::TooManySessions { .. } => StatusCode::CONFLICT,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Decode { .. }
            | Self::Encode { .. }
            | Self::Record(_)
            | Self::NoOwnerIndex
            | Self::ResponseSent
            | Self::TokenNotExposed
            | Self::Unsupported
            | Self::MissingLayer { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What a client may know of it.
    pub(crate) fn public_text(&self) -> String {
        match self {
            Self::Store(_) | Self::Contended => "the session store is not available; try again later".into(),
            Self::Ended => "the session has ended".into(),
            Self::TooManySessions { .. } => "there are too many sessions of this user: sign out elsewhere first".into(),
            Self::TooLarge { .. } => "the session cannot hold this much".into(),
            // The reader is whoever wires the application, and the type's name tells nobody else anything.
            Self::MissingLayer { .. } => self.to_string(),
            _ => "the session failed".into(),
        }
    }
}

impl fmt::Display for SessionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Contended => f.write_str("too many requests wrote to this session at once"),
            Self::Ended => f.write_str("the session has ended since this request loaded it"),
            Self::Decode { field, source } => write!(f, "the session field `{field}` cannot be read: {source}"),
            Self::Encode { field, source } => write!(f, "the session field `{field}` cannot be stored: {source}"),
            Self::TooLarge { field, size, limit } => {
                write!(f, "the session field `{field}` brings the record to {size} bytes, over the limit of {limit}")
            }
            Self::Record(error) => error.fmt(f),
            Self::TooManySessions { limit } => write!(f, "the owner has {limit} sessions, and may have no more"),
            Self::NoOwnerIndex => f.write_str(
                "sessions are not kept by their owner: call `with_owner_index` on the `SessionLayer` or on `Sessions`",
            ),
            Self::ResponseSent => f.write_str(
                "the response's head has left, so no new session cookie can be set: do this before the handler returns",
            ),
            Self::TokenNotExposed => f.write_str(
                "a bearer session got a new token that its client was not told: send it what `expose_token` gives before the handler returns",
            ),
            Self::Unsupported => f.write_str(
                "a sealed session is saved by its response alone, and has no token: leave this out, or keep these sessions in a store; a bearer session has no cookie: give its client what `expose_token` gives",
            ),
            Self::MissingLayer { data, layer } => {
                let method = if *layer == "SessionMiddleware" { "App::wrap" } else { "Router::layer" };
                write!(f, "no `{layer}::<{data}>` stands before this handler: add it with `{method}`")
            }
        }
    }
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged => f.write_str("the stored session record is truncated or damaged"),
            Self::Newer { found, supported } => {
                write!(f, "the stored session record has format {found}, this program reads formats up to {supported}")
            }
        }
    }
}

impl std::error::Error for SessionError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Store(error) => Some(error),
            Self::Decode { source, .. } | Self::Encode { source, .. } => Some(&**source),
            Self::Record(error) => Some(error),
            _ => None,
        }
    }
}

impl std::error::Error for RecordError {}

impl From<StoreError> for SessionError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<RecordError> for SessionError {
    fn from(error: RecordError) -> Self {
        Self::Record(error)
    }
}
