//! What every adapter does for a request, whatever its framework's types: the session is opened, or the request refused; and it is
//! closed on a task of its own, so that a closed connection cannot cut a commit in half.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::task::{JoinError, JoinHandle};

use crate::data::SessionData;
use crate::error::SessionError;
use crate::fields::{Fields, Name};
use crate::manager::{Closed, Sessions, abandon, close_at_once};
use crate::origin::{CrossSite, RequestHead, only_reads};
use crate::session::Session;
use crate::state::Inner;
use crate::store::{Boxed, StoreError};

/// A plain text's content type.
pub(crate) const PLAIN: &str = "text/plain; charset=utf-8";

/// Opens the session of a request, unless another site sent it.
pub(crate) fn opened<D: SessionData>(
    sessions: &Sessions<D>,
    (method, path, authority): (&str, &str, Option<&str>),
    fields: &impl Fields,
) -> Result<Session<D>, CrossSite> {
    let (credentials, upgrade) = (sessions.credentials(), fields.value(Name::Upgrade));
    // Most requests only read: the rest of their head decides nothing.
    if !only_reads(method, upgrade) {
        let head = RequestHead {
            method,
            path,
            sec_fetch_site: fields.value(Name::SecFetchSite),
            origin: fields.value(Name::Origin),
            host: fields.value(Name::Host).or(authority.map(str::as_bytes)),
            upgrade,
        };
        sessions.admit(&head, fields.values(credentials))?;
    }
    Ok(sessions.open(fields.values(credentials)))
}

/// Gives the head of a response what closing the session came to.
pub(crate) fn finish(closed: &Closed, fields: &mut impl Fields) {
    if let Some(cookie) = &closed.set_cookie {
        fields.append(Name::SetCookie, cookie);
    }
    if closed.uncacheable {
        fields.vary_by(closed.varies_by);
        fields.forbid_caches();
    }
}

/// Gives the head of a response the cookies of the one that it takes the place of: what they stand for is done, and a browser without them
/// would be signed out. No cache may keep them.
pub(crate) fn keep_cookies(replaced: &impl Fields, fields: &mut impl Fields) {
    for cookie in replaced.values(Name::SetCookie) {
        fields.append(Name::SetCookie, cookie);
        fields.forbid_caches();
    }
}

/// The session of a request whose handler runs. Dropped then, the request was cut short: a `destroy` is carried out, and what a commit has
/// half begun is taken back.
pub(crate) struct Running(Phase);

enum Phase {
    Handler {
        inner: Arc<Inner>,
        /// It was polled, and was not ready.
        has_waited: bool,
    },
    /// The store has to be waited for, on a task of its own.
    Closing {
        task: JoinHandle<Closed>,
        varies_by: &'static str,
    },
    Over,
}

impl Running {
    pub(crate) fn new<D: SessionData>(session: &Session<D>) -> Self {
        Self(Phase::Handler { inner: Arc::clone(session.inner()), has_waited: false })
    }

    /// There is no session.
    #[cfg(feature = "tower")]
    pub(crate) const NONE: Self = Self(Phase::Over);

    /// The handler goes on later.
    pub(crate) fn waits(&mut self) {
        if let Phase::Handler { has_waited, .. } = &mut self.0 {
            *has_waited = true;
        }
    }

    /// The handler returned; `success` is `false` for a 5xx. `None` if it did so before.
    pub(crate) fn poll_close(&mut self, success: bool, cx: &mut Context<'_>) -> Poll<Option<Closed>> {
        if let Phase::Handler { inner, has_waited } = &self.0 {
            if let Some(closed) = close_at_once(inner, success, *has_waited) {
                self.0 = Phase::Over;
                return Poll::Ready(Some(closed));
            }
            let (inner, varies_by) = (Arc::clone(inner), inner.shared.carrier.varies_by());
            self.0 = Phase::Over;
            let mut closing: Boxed<'static, Closed> = Box::pin(async move { inner.close(success).await.into() });
            if let Poll::Ready(closed) = closing.as_mut().poll(cx) {
                return Poll::Ready(Some(closed));
            }
            self.0 = Phase::Closing { task: tokio::spawn(closing), varies_by };
        }
        let Phase::Closing { task, varies_by } = &mut self.0 else { return Poll::Ready(None) };
        let closed = ready!(Pin::new(task).poll(cx)).unwrap_or_else(|error| cut_short(&error, varies_by));
        self.0 = Phase::Over;
        Poll::Ready(Some(closed))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let Phase::Handler { inner, .. } = &self.0 else { return };
        let Some(rest) = abandon(Arc::clone(inner)) else { return };
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(rest)),
            Err(_) => {
                tracing::error!("the runtime stopped before a session was deleted that was destroyed, or half begun")
            }
        }
    }
}

fn cut_short(error: &JoinError, varies_by: &'static str) -> Closed {
    tracing::error!(%error, "a session commit was cut short");
    let error = SessionError::Store(StoreError::message("the commit was cut short"));
    Closed { set_cookie: None, uncacheable: true, varies_by, error: Some(error) }
}

/// Says that a handler returned an error: the server's own are for whoever runs it.
#[cfg(any(feature = "actix", feature = "axum"))]
pub(crate) fn log_returned(about: &str, error: &impl std::fmt::Display, status: http::StatusCode) {
    if status.is_server_error() {
        tracing::error!(%error, "a handler returned a {about} error");
    } else {
        tracing::debug!(%error, "a handler returned a {about} error");
    }
}
