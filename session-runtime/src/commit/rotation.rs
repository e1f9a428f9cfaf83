//! A new token for a record: create the successor, then retire the old record by a tombstone that names it.
//!
//! In this order, since a crash between the two must not leave the visitor with nowhere to go. Until the tombstone stands the
//! old token opens the old record, and nobody knows the new one.

use super::{MakePatch, Rivals, Try};
use crate::base::Live;
use crate::clock::{duration_ms, from_millis};
use crate::error::SessionError;
use crate::patch::Patch;
use crate::record::{Merged, Parsed, Record, merge, tombstone};
use crate::state::{Inner, Io};
use crate::store::{Created, Replaced, Stored};
use crate::token::{StoreKey, Token};

impl Inner {
    pub(super) async fn rotate(
        &self,
        io: &Io<'_>,
        old: Live,
        patch: &Patch,
        merged: Merged,
        make: MakePatch<'_>,
        rivals: &mut Rivals<'_>,
    ) -> Result<Try, SessionError> {
        self.may_set_cookie()?;
        self.check_size(Some(&old.record), &merged, patch.largest())?;
        let token = *self.state().successor.get_or_insert_with(|| self.draw_token());
        let key = self.shared.key(&token);
        let rotated = match self.create_successor(token, key, &old.record, merged).await {
            Ok(new) => self.retire(io, old, new, make, rivals).await,
            Err(error) => Err(error),
        };
        match rotated {
            Ok((old, new)) => {
                let after = new.record.clone();
                let settled = self.settle(new, true);
                self.state().successor = None;
                self.leave_owner(&old.record, &old.key).await;
                settled?;
                self.report(Some((&old.key, &old.record)), &key, &after, patch, rivals.begun());
                Ok(Try::Settled)
            }
            // Whether the old record names the successor is unknown: the next commit of this request goes on from there.
            Err(error @ SessionError::Store(_)) => Err(error),
            Err(error) => {
                self.take_back(&key).await;
                Err(error)
            }
        }
    }

    /// Replaces the old record by a tombstone that names the new one, which is rebuilt for as long as rivals change the old one.
    async fn retire(
        &self,
        io: &Io<'_>,
        mut old: Live,
        mut new: Live,
        make: MakePatch<'_>,
        rivals: &mut Rivals<'_>,
    ) -> Result<(Live, Live), SessionError> {
        loop {
            let until = self.now_ms().saturating_add(duration_ms(self.shared.policy.retirement));
            let stored = match self.store.replace(&old.key, &old.version, tombstone(&new.key), from_millis(until)).await
            {
                Ok(Replaced::Done(_)) => return Ok((old, new)),
                Ok(Replaced::Gone) => return Err(self.ended(old.key)),
                Ok(Replaced::Stale(stored)) => stored,
                Err(error) => {
                    self.log_commit(&error);
                    return if self.is_retired(&old.key, &new.key).await { Ok((old, new)) } else { Err(error.into()) };
                }
            };
            if names_successor(&stored, &new.key) {
                return Ok((old, new));
            }
            self.overtaken_by(old.token, old.key, stored)?;
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
    ) -> Result<Live, SessionError> {
        let expires_at = self.expiry_of(&merged);
        let owner = self.enter_owner(&key, Some(old), &merged.record).await?;
        match self
            .store
            .create(&key, merged.record.bytes(), expires_at)
            .await
            .inspect_err(|error| self.log_commit(error))?
        {
            Created::New(version) => {
                let new = Live { token, key, version, record: merged.record, expires_at, behind: false };
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
                let left = Live { token, key, version, record, expires_at, behind: false };
                self.rebuild_successor(left, old, merged).await
            }
        }
    }

    async fn rebuild_successor(&self, new: Live, old: &Record, merged: Merged) -> Result<Live, SessionError> {
        let expires_at = self.expiry_of(&merged);
        let owner = self.enter_owner(&new.key, Some(old), &merged.record).await?;
        let bytes = merged.record.bytes();
        match self
            .store
            .replace(&new.key, &new.version, bytes, expires_at)
            .await
            .inspect_err(|error| self.log_commit(error))?
        {
            Replaced::Done(version) if self.is_entered(owner, &new.key).await? => {
                Ok(Live { version, record: merged.record, expires_at, ..new })
            }
            // Nobody else knows its token: it was revoked or evicted.
            Replaced::Done(_) | Replaced::Stale(_) | Replaced::Gone => Err(SessionError::Ended),
        }
    }

    /// The rotation came to nothing, so its record must not live. If it cannot be deleted it still has no cookie to open it.
    async fn take_back(&self, successor: &StoreKey) {
        self.state().successor = None;
        match self.store.delete(successor).await.map(|removed| removed.map(|stored| Parsed::parse(stored.bytes))) {
            Ok(Some(Ok(Parsed::Live(record)))) => self.leave_owner(&record, successor).await,
            Ok(_) => {}
            Err(error) => {
                let session = self.shared.policy.name();
                tracing::error!(session, id = %successor.id(), %error, "cannot delete the successor of a session that has ended");
            }
        }
    }
}

/// Is this the tombstone that a rotation's own, interrupted step left?
fn names_successor(stored: &Stored, key: &StoreKey) -> bool {
    matches!(Parsed::parse(stored.bytes.clone()), Ok(Parsed::Tombstone { successor }) if successor == *key)
}
