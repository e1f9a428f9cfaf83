//! The end of a request: commits what is pending, and says what the response has to tell the browser.

use crate::base::{CookieChange, Live};
use crate::error::SessionError;
use crate::patch::{Change, Patch};
use crate::state::{Inner, Io, Response, State};

/// What the end of a request comes to.
pub(crate) struct Closing {
    /// The Set-Cookie text.
    pub(crate) cookie: Option<String>,
    pub(crate) error: Option<SessionError>,
    pub(crate) used: bool,
    /// The request's header field that the session depends on.
    pub(crate) varies_by: &'static str,
}

impl Inner {
    /// The end of a request, where nothing needs the store. `None` where something does, or where another task of this request
    /// is at it: a token that it changes has to reach this response. No clock is asked unless the handler `has_waited`.
    pub(crate) fn close_at_once(&self, success: bool, has_waited: bool) -> Option<Closing> {
        let mut state = self.state();
        // Whoever is at the store may be about to need a cookie.
        if state.is_at_store() {
            return None;
        }
        let pending = (success && !state.patch.is_empty()) || state.successor.is_some() || !state.doomed.is_empty();
        let now = |live: &Live| if has_waited { self.now_ms() } else { live.seen_at };
        if pending || state.live().is_some_and(|live| self.touch_due(live, now(live)).is_some()) {
            return None;
        }
        state.patch.reset();
        Some(self.last_words(&mut state, None))
    }

    /// The end of a request: commits what is pending (unless the handler failed), then nothing can set a cookie any more.
    pub(crate) async fn close(&self, success: bool) -> Closing {
        let begin = |state: &mut State| {
            if !success {
                state.patch.reset();
            }
            state.begin_closing()
        };
        let (io, mut begun) = self.begin_with(begin).await;
        loop {
            let error = self.close_under(&io, success, begun).await;
            let mut state = self.state();
            // Destroyed meanwhile by a task that goes on beside the response: that has to be done before the head leaves.
            if std::mem::take(&mut state.cut) {
                begun = state.begin_closing();
                continue;
            }
            let closing = self.last_words(&mut state, error);
            drop(io.end(state));
            return closing;
        }
    }

    /// What the response tells the client of its session.
    fn last_words(&self, state: &mut State, error: Option<SessionError>) -> Closing {
        let told_elsewhere = state.response == Response::None;
        state.end_response();
        let error = error.or(state.not_destroyed.take().map(SessionError::Record));
        let (used, varies_by) = (state.used, self.shared.carrier.varies_by());
        if !self.is_by_cookie() {
            let untold = state.has_untold() && !told_elsewhere;
            let error = error.or(untold.then_some(SessionError::TokenNotExposed));
            log_untold(error.as_ref());
            return Closing { cookie: None, error, used, varies_by };
        }
        // A removal that was not carried out would show the visitor a logout that did not happen.
        let holds = state.doomed.is_empty();
        let cookie = state.cookie.take().filter(|change| holds || !matches!(change, CookieChange::Remove));
        let cookie = cookie.and_then(|change| self.cookie_text(state, change));
        Closing { cookie, error, used, varies_by }
    }

    /// Commits what is pending. What was not committed is dropped; what is set meanwhile stays, for the `save` of who set it.
    async fn close_under(
        &self,
        io: &Io<'_>,
        success: bool,
        (rotates, pending): (bool, Change),
    ) -> Option<SessionError> {
        let committed = if success { self.commit_pending(io).await } else { self.finish_begun(io).await };
        let error = match committed {
            // What was written has its new end.
            Ok(true) => None,
            Ok(false) => {
                self.touch(io).await;
                None
            }
            Err(error) => {
                if success {
                    self.state().patch.forget(pending);
                }
                self.dropped_by(error, rotates)
            }
        };
        self.take_back_successor(io).await;
        error
    }

    /// What the response has to say of changes that were not committed.
    fn dropped_by(&self, error: SessionError, rotates: bool) -> Option<SessionError> {
        if !rotates && matches!(error, SessionError::Ended) {
            tracing::info!("the session ended while this request was running; what it set is dropped");
            return None;
        }
        Some(error)
    }

    /// Finishes what a failed handler has begun and cannot take back: a destroy, and a rotation whose old token may be retired. A bearer
    /// cannot be told of a new one any more.
    async fn finish_begun(&self, io: &Io<'_>) -> Result<bool, SessionError> {
        self.delete_doomed(io).await?;
        if self.is_by_cookie() && self.state().successor.is_some() {
            return self.carry_out(io, &mut |_| Ok(Patch::rotation().into())).await;
        }
        Ok(false)
    }

    /// The request was cut short: pending changes go, a destroy holds. `true` if that needs
    /// [`finish_abandoned`](Self::finish_abandoned).
    pub(crate) fn abandon(&self) -> bool {
        let mut state = self.state();
        state.patch.reset();
        state.end_response();
        !state.doomed.is_empty() || state.successor.is_some()
    }

    /// Takes back what a rotation that was cut in half has left, and carries out a destroy.
    pub(crate) async fn finish_abandoned(&self) -> Result<(), SessionError> {
        {
            let io = self.lock_io().await;
            self.take_back_successor(&io).await;
        }
        if self.state().doomed.is_empty() { Ok(()) } else { self.finish_destroy().await }
    }
}

impl State {
    /// From here on, nobody but the response can tell the client anything. Is a new token asked for, and what is the last change that is
    /// to be committed?
    fn begin_closing(&mut self) -> (bool, Change) {
        self.closing = self.response == Response::ToCome;
        (self.patch.wants_rotation(), self.patch.last_change())
    }
}

/// A mistake of the application, which its client sees as a 500.
fn log_untold(error: Option<&SessionError>) {
    if let Some(error @ SessionError::TokenNotExposed) = error {
        tracing::error!(%error, "a bearer session was not saved, or nobody knows its token");
    }
}
