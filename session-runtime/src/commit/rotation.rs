//! A new token for a record: create the successor, then retire the old record by a tombstone that names it.
//!
//! In this order, since a crash between the two must not leave the visitor with nowhere to go. Until the tombstone stands the
//! old token opens the old record, and nobody knows the new one.
//!
//! When the store fails, nobody knows how far the rotation came, and the request's next commit goes on from there. Where there is none,
//! the successor is taken back, even if the tombstone may stand: nobody was told its token, so nobody could use it, and it would count
//! among its owner's sessions.

use std::sync::Arc;

use super::{MakePatch, Rivals, Try};
use crate::base::Live;
use crate::clock::{duration_ms, from_millis};
use crate::error::SessionError;
use crate::patch::Patch;
use crate::record::{Merged, Parsed, Record, merge, tombstone};
use crate::state::{Inner, Io, Successor};
use crate::store::{Created, OwnerKey, Replaced, Stored};
use crate::token::{StoreKey, Token};

impl Inner {
    pub(super) async fn rotate(
        &self,
        io: &Io<'_>,
        old: Arc<Live>,
        patch: &Patch,
        merged: Merged,
        make: MakePatch<'_>,
        rivals: &mut Rivals<'_>,
    ) -> Result<Try, SessionError> {
        self.may_set_cookie()?;
        self.check_size(Some(&old.record), &merged, patch.largest())?;
        let token = self.successor_token();
        let key = self.shared.key(&token);
        let rotated = match self.create_successor(token, key, &old.record, merged, rivals.tries_since()).await {
            Ok(new) => self.retire(io, old, new, make, rivals).await,
            Err(error) => Err(error),
        };
        match rotated {
            Ok((old, new)) => {
                let after = new.record.clone();
                let settled = self.settle(new, true);
                let successor = self.state().successor.take();
                let old_key = old.key(&self.shared);
                self.leave_owner(&old.record, &old_key).await;
                self.leave_owners_before(successor, &key, &after).await;
                settled?;
                self.report(Some((&old_key, &old.record)), &key, &after, patch, rivals.tries_since(), rivals.begun());
                Ok(Try::Settled)
            }
            // Whether the old record names the successor is unknown: the next commit of this request goes on from there.
            Err(error @ SessionError::Store(_)) => Err(error),
            Err(error) => {
                self.take_back_successor(io).await;
                Err(error)
            }
        }
    }

    fn successor_token(&self) -> Token {
        let draw = || Successor { token: self.draw_token(), owners: Vec::new() };
        self.state().successor.get_or_insert_with(draw).token
    }

    /// Replaces the old record by a tombstone that names the new one, which is rebuilt for as long as rivals change the old one.
    async fn retire(
        &self,
        io: &Io<'_>,
        mut old: Arc<Live>,
        mut new: Live,
        make: MakePatch<'_>,
        rivals: &mut Rivals<'_>,
    ) -> Result<(Arc<Live>, Live), SessionError> {
        loop {
            let until = self.now_ms().saturating_add(duration_ms(self.shared.policy.retirement));
            let (old_key, new_key) = (old.key(&self.shared), new.key(&self.shared));
            let stored = match self.store.replace(&old_key, &old.version, tombstone(&new_key), from_millis(until)).await
            {
                Ok(Replaced::Done(_)) => return Ok((old, new)),
                Ok(Replaced::Gone) => return Err(self.ended(old_key)),
                Ok(Replaced::Stale(stored)) => stored,
                Err(error) => {
                    self.log_commit(&error);
                    return if self.is_retired(&old_key, &new_key).await { Ok((old, new)) } else { Err(error.into()) };
                }
            };
            if names_successor(&stored, &new_key) {
                return Ok((old, new));
            }
            self.overtaken_by(old.token, old_key, stored)?;
            rivals.lost(io).await?;
            let Some(live) = self.state().live().cloned() else { return Err(SessionError::Ended) };
            let patch = make(self)?;
            let merged = merge(Some(&live.record), &patch, self.now_ms());
            self.check_size(Some(&live.record), &merged, patch.largest())?;
            new = self.rebuild_successor(new, &live.record, merged).await?;
            old = live;
        }
    }

    /// Has the old record become the tombstone, though the store's answer was lost?
    async fn is_retired(&self, old: &StoreKey, successor: &StoreKey) -> bool {
        let found = self.store.load_current(old).await;
        matches!(found, Ok(Some(stored)) if names_successor(&stored, successor))
    }

    /// Creates the record that a rotation leads to, or goes on with the one that an interrupted rotation left.
    async fn create_successor(
        &self,
        token: Token,
        key: StoreKey,
        old: &Record,
        merged: Merged,
        now: u64,
    ) -> Result<Live, SessionError> {
        let expires_at = self.expiry_of(&merged, now);
        let owner = self.enter_successor(&key, old, &merged.record).await?;
        match self
            .store
            .create(&key, merged.record.bytes(), from_millis(expires_at))
            .await
            .inspect_err(|error| self.log_commit(error))?
        {
            Created::New(version) => {
                let record = merged.record;
                let new = Live { token, key: Some(key), version, record, expires_at, seen_at: now, behind: false };
                if self.is_entered(owner, &key).await? { Ok(new) } else { Err(SessionError::Ended) }
            }
            Created::Taken => {
                let left = self.store.load_current(&key).await.inspect_err(|error| self.log_commit(error))?;
                let Some(stored) = left else { return Err(SessionError::Contended) };
                if let Ok(Parsed::Tombstone { .. }) = Parsed::parse(stored.bytes) {
                    // Whoever revokes all sessions of its owner was first.
                    return Err(SessionError::Ended);
                }
                let (version, record) = (stored.version, merged.record.clone());
                let left = Live { token, key: Some(key), version, record, expires_at, seen_at: now, behind: false };
                self.rebuild_successor(left, old, merged).await
            }
        }
    }

    async fn rebuild_successor(&self, new: Live, old: &Record, merged: Merged) -> Result<Live, SessionError> {
        let now = self.now_ms();
        let expires_at = self.expiry_of(&merged, now);
        let key = new.key(&self.shared);
        let owner = self.enter_successor(&key, old, &merged.record).await?;
        let bytes = merged.record.bytes();
        match self
            .store
            .replace(&key, &new.version, bytes, from_millis(expires_at))
            .await
            .inspect_err(|error| self.log_commit(error))?
        {
            Replaced::Done(version) if self.is_entered(owner, &key).await? => {
                Ok(Live { version, record: merged.record, expires_at, seen_at: now, ..new })
            }
            // Nobody else knows its token: it was revoked or evicted.
            Replaced::Done(_) | Replaced::Stale(_) | Replaced::Gone => Err(SessionError::Ended),
        }
    }

    /// Enters the successor, and notes under whom first: the store may fail, and have done it.
    async fn enter_successor(
        &self,
        key: &StoreKey,
        old: &Record,
        record: &Record,
    ) -> Result<Option<OwnerKey>, SessionError> {
        let owner = self.owner_of(record);
        if let (Some(owner), Some(successor)) = (owner, &mut self.state().successor)
            && !successor.owners.contains(&owner)
        {
            successor.owners.push(owner);
        }
        self.enter_owner(key, Some(old), record).await
    }

    /// Removes the entries of a successor that came to be somebody else's than it was at first, or nobody's.
    async fn leave_owners_before(&self, successor: Option<Successor>, key: &StoreKey, record: &Record) {
        let owner = self.owner_of(record);
        for before in successor.into_iter().flat_map(|successor| successor.owners) {
            if Some(before) != owner {
                self.leave(Some(before), key).await;
            }
        }
    }

    /// The rotation came to nothing, so its record must not live. If it cannot be deleted it still has no cookie to open it, and its
    /// entry stays, for a revocation to find.
    pub(super) async fn take_back_successor(&self, _: &Io<'_>) {
        let (key, owners) = match &self.state().successor {
            Some(successor) => (self.shared.key(&successor.token), successor.owners.clone()),
            None => return,
        };
        // A sealed one is nowhere but in this request.
        if !self.is_sealed() && self.deletes_record(&key).await {
            for owner in owners {
                self.leave(Some(owner), &key).await;
            }
        }
        self.state().successor = None;
    }
}

/// Is this the tombstone that a rotation's own, interrupted step left?
fn names_successor(stored: &Stored, key: &StoreKey) -> bool {
    matches!(Parsed::parse(stored.bytes.clone()), Ok(Parsed::Tombstone { successor }) if successor == *key)
}
