//! What the client has to be told of its session: whether there is a way left, and what remains where nobody took it.
//!
//! A cookie leaves with a response's head, and not later. A bearer's token, and that of a session outside of a request, is told by
//! the application, which asks for it (`expose_token`).

use std::sync::{MutexGuard, PoisonError};

use super::{Inner, State};
use crate::base::CookieChange;
use crate::bearer::{Carrier, Scheme};
use crate::error::SessionError;

/// The response that leaves with a session's cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Response {
    ToCome,
    /// Its head has left, or never will.
    Sent,
    /// The session was opened outside of a request.
    None,
}

impl Inner {
    /// How whoever sent the request could have proved who they are.
    pub(crate) fn scheme(&self) -> Scheme {
        match self.shared.carrier {
            Carrier::Cookie => Scheme::Cookie,
            Carrier::Bearer => Scheme::Bearer { offered: self.offered },
        }
    }

    /// The state, while the client can still be told of a new token.
    pub(super) fn open_state(&self) -> Result<MutexGuard<'_, State>, SessionError> {
        let state = self.state();
        self.is_in_time(&state).map(|()| state)
    }

    fn is_in_time(&self, state: &State) -> Result<(), SessionError> {
        let is_late = self.is_by_cookie() && state.response == Response::Sent;
        if is_late { Err(SessionError::ResponseSent) } else { Ok(()) }
    }

    /// May this commit make a new token, or give a cookie a new end? For whoever has the turn at the store. A bearer's must not be made when its
    /// handler has returned: there would be nobody left to tell the client.
    pub(crate) fn may_tell(&self, state: &State) -> Result<(), SessionError> {
        if state.closing && !self.is_by_cookie() { Err(SessionError::TokenNotExposed) } else { self.is_in_time(state) }
    }

    pub(crate) fn is_by_cookie(&self) -> bool {
        self.shared.carrier == Carrier::Cookie
    }
}

impl State {
    /// Has the client a new token that nobody has asked for?
    pub(crate) fn has_untold(&self) -> bool {
        matches!(self.cookie, Some(CookieChange::Set(token, _)) if self.exposed != Some(token))
    }

    /// The response has left, where there is one.
    pub(crate) fn end_response(&mut self) {
        if self.response == Response::ToCome {
            self.response = Response::Sent;
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let by_cookie = self.is_by_cookie();
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        if !state.doomed.is_empty() {
            tracing::error!("a session was destroyed and the record not deleted: `destroy()` was not awaited");
        } else if !state.patch.is_empty() {
            tracing::warn!(
                "session changes were never saved: outside of a request, and once a response's head has left, call `save().await`"
            );
        } else if state.has_untold() && !(by_cookie && state.response == Response::ToCome) {
            tracing::warn!("a session's new token was told to nobody: ask for it by `expose_token().await`");
        }
    }
}
