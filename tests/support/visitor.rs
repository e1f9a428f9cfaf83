//! A visitor without a framework: requests straight into `Sessions`, and one cookie that is kept.

use cloakroom::{Closed, Session, SessionData, Sessions};

/// Keeps the session cookie that it is given, and sends it along. Clones start with the same cookie and go their own way.
pub struct Visitor<D> {
    sessions: Sessions<D>,
    cookie: Option<String>,
}

impl<D> Clone for Visitor<D> {
    fn clone(&self) -> Self {
        Self { sessions: self.sessions.clone(), cookie: self.cookie.clone() }
    }
}

impl<D: SessionData> Visitor<D> {
    /// A visitor without a cookie.
    pub fn new(sessions: Sessions<D>) -> Self {
        Self { sessions, cookie: None }
    }

    /// The same cookie, before other sessions (or the same ones after a restart).
    pub fn at<E>(&self, sessions: Sessions<E>) -> Visitor<E> {
        Visitor { sessions, cookie: self.cookie.clone() }
    }

    /// Sends this Cookie header text from now on.
    pub fn with_cookie(mut self, cookie: impl Into<String>) -> Self {
        self.cookie = Some(cookie.into());
        self
    }

    /// The Cookie header's text: `name=value`.
    pub fn cookie(&self) -> Option<&str> {
        self.cookie.as_deref()
    }

    /// The cookie's value.
    pub fn token(&self) -> Option<&str> {
        self.cookie()?.split_once('=').map(|(_, token)| token)
    }

    /// One request that succeeds: what the handler returned, and what the response carries.
    pub async fn request<T>(&mut self, handler: impl AsyncFnOnce(Session<D>) -> T) -> (T, Closed) {
        let session = self.sessions.open(self.cookie.as_deref().map(str::as_bytes));
        let value = handler(session.clone()).await;
        let closed = self.sessions.close(&session, true).await;
        if let Some(text) = &closed.set_cookie {
            let pair = text.split(';').next().expect("a cookie is a pair");
            self.cookie = (!text.contains("; Max-Age=0")).then(|| pair.to_owned());
        }
        (value, closed)
    }

    /// One request whose commit must be in order: what the handler returned.
    pub async fn visit<T>(&mut self, handler: impl AsyncFnOnce(Session<D>) -> T) -> T {
        let (value, closed) = self.request(handler).await;
        assert!(closed.error.is_none(), "{closed:?}");
        value
    }
}
