//! What is different for a session that leaves in its cookie: nothing is committed before the end of the request.

use super::Step;
use crate::base::{Base, CookieChange, Live};
use crate::error::SessionError;
use crate::field::Field;
use crate::record::Record;
use crate::state::{Inner, State};

impl Inner {
    /// Changes one field of this request's record. No other request can write to it, so the change waits for the response.
    pub(super) async fn update_sealed(&self, field: &'static Field, step: Step<'_>) -> Result<(), SessionError> {
        self.state().used = true;
        let io = self.lock_io().await;
        self.load_under(&io, true).await?;
        loop {
            let seen = self.state().patch.last_change();
            let (what, is_same) = self.stepped(field, step)?;
            if is_same && field.ttl.is_none() {
                return Ok(());
            }
            let mut state = self.state();
            self.may_still_change(&state)?;
            // A task beside this one has changed something since: look again.
            if state.patch.last_change() == seen {
                return self.put(&mut state, field, what);
            }
        }
    }

    fn may_still_change(&self, state: &State) -> Result<(), SessionError> {
        let is_over = match state.base {
            Base::Ended(_) => true,
            Base::Retired => !state.patch.wants_rotation(),
            _ => state.cut,
        };
        if is_over {
            return Err(SessionError::Ended);
        }
        self.may_tell(state)
    }

    /// Does a sealed session need another identity, where one record follows the other? All cookies of one identity end together, so
    /// that a deny list knows when to forget it; and none of them brings an owner back who was cleared.
    pub(super) fn moves_identity(&self, new: &Record, old: &Record) -> bool {
        let moves = || new.header.own != old.header.own || self.shared.is_owned(old) && !self.shared.is_owned(new);
        self.is_sealed() && moves()
    }

    /// The record's new end, where that has to be written down: activity has moved it far enough, or a key is about to be retired.
    pub(super) fn touch_due(&self, live: &Live, now: u64) -> Option<u64> {
        let due = self.shared.touch_due(live, now);
        match self.store.sealed() {
            Some(sealed) if sealed.is_by_old_key() => due.or(Some(live.expires_at)),
            _ => due,
        }
    }

    /// The Set-Cookie text of a change.
    pub(super) fn cookie_text(&self, state: &State, change: CookieChange) -> Option<String> {
        let cookie = &self.shared.policy.cookie;
        match (change, self.store.sealed()) {
            (CookieChange::Remove, _) => Some(cookie.removal()),
            (CookieChange::Set(token, age), None) => Some(cookie.set(&token.expose(), age)),
            (CookieChange::Set(_, age), Some(sealed)) => state.live().map(|live| cookie.set(&sealed.seal(live), age)),
        }
    }
}
