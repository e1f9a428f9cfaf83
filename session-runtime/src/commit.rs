//! What a request's changes come to in the store: decided purely by [`plan`], then done, one atomic step at a time.
//!
//! 1. Nothing to say: no store call.
//! 2. No record: create one under a new token, if there is anything to keep.
//! 3. A record and changes: replace the version that was seen; if another request was first, merge into what it wrote and
//!    try again. A record that is gone stays gone.
//! 4. A rotation: create the successor, then retire the old record by a tombstone that names it. Whoever finds the old record
//!    changed rebuilds the successor from it; whoever finds it gone or retired takes the successor back.
//! 5. No changes, but activity worth writing down: move the record's expiry.
//!
//! A sealed session is committed the same way to the store that its request is (`sealed.rs`), but only when the request ends: then
//! it is sealed once, and leaves in its cookie.

use std::sync::Arc;

use bytes::Bytes;

use crate::base::{Base, CookieChange, Live, max_age};
use crate::clock::from_millis;
use crate::error::SessionError;
use crate::field::Field;
use crate::patch::{Patch, What, expiry};
use crate::record::{Merged, Parsed, Record, merge};
use crate::report::{Call, EndReason, in_span};
use crate::state::{Inner, Io, Response, State};
use crate::store::{Stored, Touched};
use crate::token::{StoreKey, Token};

pub(crate) use self::closing::Closing;
use self::rivals::Rivals;

mod closing;
mod on_demand;
mod owned;
mod rivals;
mod rotation;
mod sealed;
mod told;
mod write;

/// What a patch comes to over what stands in the store.
enum Plan {
    Nothing,
    /// The token opens nothing that may be written.
    Refused,
    Create(Merged),
    Replace(Arc<Live>, Merged),
    Rotate(Arc<Live>, Merged),
}

/// Decides. Pure. `moves` says whether a record that follows another needs a new token.
fn plan(base: Base, patch: &Patch, now: u64, moves: impl FnOnce(&Record, &Record) -> bool) -> Plan {
    match base {
        _ if patch.is_empty() => Plan::Nothing,
        Base::Live(live) => {
            let merged = merge(Some(&live.record), patch, now);
            match (patch.wants_rotation() || moves(&merged.record, &live.record), merged.changed) {
                (true, _) => Plan::Rotate(live, merged),
                (false, true) => Plan::Replace(live, merged),
                (false, false) => Plan::Nothing,
            }
        }
        Base::Ended(_) => Plan::Refused,
        Base::Retired if !patch.wants_rotation() => Plan::Refused,
        Base::Retired | Base::Absent | Base::Unloaded(_) | Base::Sealed if patch.has_content() => {
            Plan::Create(merge(None, patch, now))
        }
        Base::Retired | Base::Absent | Base::Unloaded(_) | Base::Sealed => Plan::Nothing,
    }
}

/// Whether a try brought the commit to its end.
enum Try {
    Settled,
    /// The record had moved; the state now holds it as it stands.
    Overtaken,
}

/// Gives the patch for the record as it stands.
type MakePatch<'a> = &'a mut (dyn FnMut(&Inner) -> Result<Arc<Patch>, SessionError> + Send);

/// Changes one field's stored bytes.
pub(crate) type Step<'a> = &'a mut (dyn FnMut(Option<&[u8]>) -> Result<Option<Bytes>, SessionError> + Send);

impl Inner {
    /// Changes one field, at once and alone.
    pub(crate) async fn update(&self, field: &'static Field, step: Step<'_>) -> Result<(), SessionError> {
        if self.is_sealed() {
            return self.update_sealed(field, step).await;
        }
        self.state().used = true;
        let io = self.lock_io().await;
        self.delete_doomed(&io).await?;
        let seen_before = self.state().live().filter(|live| !live.behind).map(|live| live.version);
        self.load_under(&io, true).await?;
        if self.state().patch.wants_rotation() {
            self.carry_out(&io, &mut |_| Ok(Patch::rotation().into())).await?;
            self.state().patch.rotated();
        }
        let (mut alone, mut seen, mut owner_moved) = (Patch::default(), 0, false);
        let mut make = |inner: &Self| {
            seen = inner.state().patch.last_change();
            let (what, is_same) = inner.stepped(field, step)?;
            let patch = Patch::of(field, what);
            alone = if !field.owner || is_same { patch.without_rotation() } else { patch };
            let state = inner.state();
            owner_moved = alone.over(state.live().map(|live| &live.record), inner.now_ms()).changes_owner();
            Ok(alone.clone().into())
        };
        self.carry_out(&io, &mut make).await?;
        let is_old = |version| self.state().live().is_some_and(|live| live.version == version);
        // Nothing was written, so no compare-and-swap has vouched for what `step` saw; it was loaded earlier in this request.
        if seen_before.is_some_and(is_old) && self.refresh(&io).await? {
            self.carry_out(&io, &mut make).await?;
        }
        self.state().patch.committed_alone(alone, seen, owner_moved);
        Ok(())
    }

    /// What `step` makes of a field as this request sees it, and whether that is what it was.
    fn stepped(&self, field: &'static Field, step: Step<'_>) -> Result<(What, bool), SessionError> {
        let (before, end) = self.peek_value(field).unzip();
        let after = step(before.as_deref())?;
        let is_same = before == after;
        // Without a `ttl` of the field's, a value that was given a time keeps it: a change must not make it permanent.
        let end = expiry(|| self.now_ms(), field.ttl).or(end.flatten());
        Ok((after.map_or(What::Clear, |bytes| What::Set(bytes, end)), is_same))
    }

    /// Looks whether the record still stands as it was loaded. `true` if another request has written since.
    async fn refresh(&self, _: &Io<'_>) -> Result<bool, SessionError> {
        let Some(live) = self.state().live().cloned() else { return Ok(false) };
        let key = live.key(&self.shared);
        match self.store.load_current(&key).await.inspect_err(|error| self.log_commit(error))? {
            None => Err(self.ended(key)),
            Some(stored) if stored.version == live.version => Ok(false),
            Some(stored) => self.overtaken_by(live.token, key, stored).map(|_| true),
        }
    }

    /// Commits what is pending. Was anything written?
    async fn commit_pending(&self, io: &Io<'_>) -> Result<bool, SessionError> {
        let ready = self.state().ready();
        let patch = match ready {
            Some(patch) => patch,
            None => {
                self.delete_doomed(io).await?;
                if self.state().patch.is_empty() {
                    return Ok(false);
                }
                self.load_under(io, true).await?;
                self.state().patch.shared()
            }
        };
        let Some(patch) = patch else {
            // A `destroy` beside this has dropped it, if there was anything.
            return if self.state().cut { Err(SessionError::Ended) } else { Ok(false) };
        };
        let last = patch.last_change();
        let committed = self.carry_out(io, &mut |_| Ok(Arc::clone(&patch))).await;
        // What is shared no more need not be copied.
        drop(patch);
        // Else the response that says so would be refused as well.
        if matches!(committed, Ok(_) | Err(SessionError::TooManySessions { .. })) {
            self.state().patch.forget(last);
        }
        committed
    }

    /// Deletes what `destroy` has doomed, once the response's head has left.
    pub(crate) async fn finish_destroy(&self) -> Result<(), SessionError> {
        let io = self.lock_io().await;
        if self.store.sealed().is_some_and(|sealed| !sealed.has_deny_list()) {
            let mut state = self.state();
            state.doomed.clear();
            let outside = state.response == Response::None;
            return Err(if outside { SessionError::Unsupported } else { SessionError::ResponseSent });
        }
        self.delete_doomed(&io).await
    }

    /// Deletes doomed records, and whatever they were regenerated into, or were about to be.
    async fn delete_doomed(&self, io: &Io<'_>) -> Result<(), SessionError> {
        if self.state().doomed.is_empty() {
            return Ok(());
        }
        while let Some(key) = { self.state().doomed.first().copied() } {
            let deleting = self.store.delete(&key).await;
            let removed = deleting.inspect_err(|error| self.shared.report.failed(Call::Destroy, Some(&key), error))?;
            let left = removed.and_then(|stored| Parsed::parse(stored.bytes).ok());
            {
                let mut state = self.state();
                state.doomed.remove(0);
                if let Some(Parsed::Tombstone { successor }) = left {
                    state.doomed.push(successor);
                }
            }
            if let Some(Parsed::Live(record)) = left {
                self.leave_owner(&record, &key).await;
                self.shared.tell_ended(key, EndReason::Destroyed, record);
            }
        }
        self.take_back_successor(io).await;
        Ok(())
    }

    /// Writes the record's new expiry, where it has moved far enough, and says what the store made of it. A failure costs nothing but that.
    async fn touch(&self, _: &Io<'_>) -> Option<Touched> {
        let (end, live) = {
            let state = self.state();
            let live = state.live()?;
            (self.touch_due(live, self.now_ms())?, live.clone())
        };
        let key = live.key(&self.shared);
        let touched = self.store.touch(&key, &live.version, from_millis(end)).await;
        match &touched {
            Ok(Touched::Done) => {
                let mut state = self.state();
                state.set_expiry_of(&live.token, end);
                if self.is_sealed() {
                    self.note_cookie(&mut state, &live);
                }
            }
            Ok(Touched::Stale | Touched::Gone) => {}
            Err(error) => self.shared.report.failed(Call::Touch, Some(&key), error),
        }
        touched.ok()
    }

    /// Brings a patch to the store, again and again until no rival was first. Was anything written?
    async fn carry_out(&self, io: &Io<'_>, make: MakePatch<'_>) -> Result<bool, SessionError> {
        in_span(self.try_until_settled(io, make), self.shared.report.commit_span()).await
    }

    async fn try_until_settled(&self, io: &Io<'_>, make: MakePatch<'_>) -> Result<bool, SessionError> {
        let mut rivals = Rivals::meet(self).await?;
        loop {
            let patch = make(self)?;
            let base = {
                let state = self.state();
                if state.cut { Err(SessionError::Ended) } else { Ok(state.base.clone()) }
            }?;
            let now = rivals.tries_since();
            let plan = plan(base, &patch, now, |new, old| self.moves_identity(new, old));
            let replaces = matches!(plan, Plan::Replace(..));
            let writes = !matches!(plan, Plan::Nothing);
            let tried = match plan {
                // No compare-and-swap will find out whether that still holds.
                Plan::Nothing if rivals.has_hearsay() && self.refresh(io).await? => Try::Overtaken,
                Plan::Nothing => Try::Settled,
                Plan::Refused => return Err(SessionError::Ended),
                Plan::Create(merged) => self.create(&patch, &merged, now, rivals.begun()).await?,
                Plan::Replace(live, merged) => self.replace(&live, &patch, &merged, now, rivals.begun()).await?,
                // What is rare has room of its own: this future is made for every write.
                Plan::Rotate(live, merged) => {
                    Box::pin(self.rotate(io, live, &patch, merged, make, &mut rivals)).await?
                }
            };
            match tried {
                Try::Settled => {
                    rivals.won(replaces);
                    return Ok(writes);
                }
                Try::Overtaken => Box::pin(rivals.lost(io)).await?,
            }
        }
    }

    /// Takes note of what another request wrote.
    fn overtaken_by(&self, token: Token, key: StoreKey, stored: Stored) -> Result<Try, SessionError> {
        let base = self.shared.read(token, key, stored)?;
        if !matches!(base, Base::Live(_)) {
            return Err(self.ended(key));
        }
        let mut state = self.state();
        if state.cut {
            return Err(SessionError::Ended);
        }
        state.base = base;
        Ok(Try::Overtaken)
    }

    fn ended(&self, key: StoreKey) -> SessionError {
        let mut state = self.state();
        if !state.cut {
            state.base = Base::Ended(key);
        }
        SessionError::Ended
    }

    /// Takes note of a record that was written. One that was destroyed meanwhile goes with the rest.
    fn settle(&self, live: Live, new_cookie: bool) -> Result<(), SessionError> {
        let mut state = self.state();
        if state.cut {
            state.doom(live.key(&self.shared));
            return Err(SessionError::Ended);
        }
        if new_cookie {
            self.note_cookie(&mut state, &live);
        }
        state.base = Base::Live(Arc::new(live));
        Ok(())
    }

    /// The browser has to be told of this record.
    fn note_cookie(&self, state: &mut State, live: &Live) {
        let age = max_age(&self.shared.policy, &live.record.header, self.now_ms());
        state.cookie = Some(CookieChange::Set(live.token, age));
    }

    fn draw_token(&self) -> Token {
        if self.is_sealed() { Token::random_identity() } else { Token::random() }
    }

    fn expiry_of(&self, merged: &Merged, now: u64) -> u64 {
        let header = &merged.record.header;
        header.idle_end(self.shared.policy.lifetimes(header), now)
    }

    fn may_set_cookie(&self) -> Result<(), SessionError> {
        self.may_tell(&self.state())
    }
}
