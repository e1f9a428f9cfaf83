//! An owner's sessions: the index beside the store, read together with the records.
//!
//! The index may name sessions that are not there, and must never miss one that is. So
//!
//! 1. a session is entered before it is stored, or before it is given an owner;
//! 2. its entry is removed only once the record is gone for good, or has been retired, whose successor was entered before; or by
//!    whoever has given the session to somebody else;
//! 3. whoever has stored a session then looks whether its entry still stands. If not, a revocation came between the two, and the
//!    session is taken back.
//!
//! An entry without a record may be about to get one. A listing leaves it alone for a minute, and a revocation does not wait; but both
//! take the key away from whoever is about to use it, by a tombstone that names itself, before they remove the entry. So a crash at
//! any step leaves every session that lives in the index, for the next try to find. An entry of a session that is somebody else's may be
//! about to get its owner, and no key can be taken away there: a listing leaves it alone for an hour.

use std::cmp::Reverse;
use std::fmt;
use std::time::{Duration, SystemTime};

use futures_util::future::{join_all, try_join_all};

use crate::base::{Backing, Indexing, Shared};
use crate::clock::{from_millis, millis};
use crate::error::SessionError;
use crate::policy::Limit;
use crate::record::{Parsed, Record, tombstone};
use crate::report::EndReason;
use crate::store::{Created, DynIndex, DynStore, MAX_REMOVED, OwnerEntry, OwnerKey, StoreError, Stored};
use crate::token::StoreKey;

mod limit;

/// How old an entry is before a session that is not there counts as gone, and not as one that is about to be stored.
const YOUNG: Duration = Duration::from_secs(60);
/// No request stands still for as long as this between two calls to the store, and then goes on.
const LONGEST_STALL: Duration = Duration::from_secs(60 * 60);
/// How many records are asked for at the same time, of which all that are gone are forgotten in one call.
const AT_ONCE: usize = MAX_REMOVED;
/// How often a revocation looks whether new sessions have come, and revokes those.
const MAX_ROUNDS: usize = 16;

/// The index and the store that it is about.
#[derive(Clone, Copy)]
pub(crate) struct Owners<'a> {
    shared: &'a Shared,
    store: &'a dyn DynStore,
    index: &'a dyn DynIndex,
    limit: Option<Limit>,
}

/// What stands where an entry points to.
pub(crate) enum Seen {
    /// A session of this owner.
    Theirs(Stored, Record),
    /// Damaged, of a newer format, or sealed by a key that is missing: nobody can tell whose it is.
    Unreadable,
    /// Somebody else's session, or nobody's.
    Another,
    /// It was regenerated: what it became is entered for itself.
    Retired(StoreKey),
    /// Its time, or the time for which it was this owner's, is over by this node's clock and policy; by another's it may not be.
    Expired,
    Nothing,
}

/// When a session that was to be ended has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Over {
    Now,
    /// It is not there, and can never be.
    Before,
    /// It is somebody else's, or nobody's.
    Never,
}

impl Shared {
    /// `None` where no index is kept.
    pub(crate) fn owners(&self) -> Option<Owners<'_>> {
        let (Some(Indexing { limit }), Backing::Store(store)) = (self.indexing, &self.backing) else { return None };
        store.owner_index().map(|index| Owners { shared: self, store: &**store, index, limit })
    }
}

impl Owners<'_> {
    /// Whose session this is.
    pub(crate) fn owner_of(&self, record: &Record) -> Option<OwnerKey> {
        self.owner_at(record, millis(self.shared.clock.now()))
    }

    fn owner_at(&self, record: &Record, now: u64) -> Option<OwnerKey> {
        let owner = record.get(self.shared.owner?, now)?;
        Some(OwnerKey::of(self.shared.policy.name(), &owner))
    }

    /// Until when the session is entered.
    pub(crate) fn end_of(&self, record: &Record) -> SystemTime {
        from_millis(self.shared.absolute_end(record))
    }

    /// Enters a session that is about to be stored as `record`. What it replaces was `old`: a sign-in is held to the limit, and what
    /// follows a session of the same owner is none.
    pub(crate) async fn enter(
        &self,
        key: &StoreKey,
        old: Option<&Record>,
        record: &Record,
    ) -> Result<Option<OwnerKey>, SessionError> {
        let Some(owner) = self.owner_of(record) else { return Ok(None) };
        let entry = OwnerEntry { key: *key, entered_at: self.shared.clock.now(), ends_at: self.end_of(record) };
        self.index.enter(&owner, &entry).await?;
        if let (Some(limit), true) = (self.limit, old.and_then(|old| self.owner_of(old)) != Some(owner)) {
            let room = self.make_room(&owner, key, limit).await;
            // After an error of the store, what is stored there already may be this owner's: an earlier answer may be lost.
            if matches!(room, Err(SessionError::TooManySessions { .. } | SessionError::Ended))
                || room.is_err() && old.is_none()
            {
                self.leave(Some(owner), key).await;
            }
            room?;
        }
        Ok(Some(owner))
    }

    /// Does the entry of a session that was stored still stand? Otherwise it was revoked before it was there.
    pub(crate) async fn stands(&self, owner: Option<OwnerKey>, key: &StoreKey) -> Result<bool, StoreError> {
        match owner {
            Some(owner) => self.index.has_entry(&owner, key).await,
            None => Ok(true),
        }
    }

    /// Removes the entry of a session that is gone, or somebody else's now. One that stays is dropped when the owner's sessions are listed.
    pub(crate) async fn leave(&self, owner: Option<OwnerKey>, key: &StoreKey) {
        if let Some(owner) = owner {
            self.index.remove_entries(&owner, &[*key]).await.unwrap_or_else(warn_of_stale);
        }
    }

    /// Removes the entries of sessions that are gone.
    async fn forget(&self, owner: &OwnerKey, gone: &[StoreKey]) -> Result<(), StoreError> {
        for some in gone.chunks(MAX_REMOVED) {
            self.index.remove_entries(owner, some).await?;
        }
        Ok(())
    }

    async fn see(&self, owner: &OwnerKey, key: &StoreKey) -> Result<Seen, StoreError> {
        let stored = match self.store.load_current(key).await {
            Err(error) if error.is_unreadable() => return Ok(self.unreadable(key, &error)),
            loaded => loaded?,
        };
        let Some(stored) = stored else { return Ok(Seen::Nothing) };
        Ok(match self.shared.parse(&stored) {
            Err(error) => self.unreadable(key, &error),
            Ok(None) => Seen::Expired,
            Ok(Some(Parsed::Tombstone { successor })) => Seen::Retired(successor),
            Ok(Some(Parsed::Live(record))) if self.owner_of(&record) == Some(*owner) => Seen::Theirs(stored, record),
            Ok(Some(Parsed::Live(record))) if self.owner_at(&record, 0) == Some(*owner) => Seen::Expired,
            Ok(Some(Parsed::Live(_))) => Seen::Another,
        })
    }

    fn unreadable(&self, key: &StoreKey, error: &dyn fmt::Display) -> Seen {
        let session = self.shared.policy.name();
        tracing::error!(session, id = %key.id(), %error, "cannot read a stored session; it is not listed");
        Seen::Unreadable
    }

    /// All entries, each with what stands there.
    async fn look(&self, owner: &OwnerKey) -> Result<Vec<(OwnerEntry, Seen)>, StoreError> {
        let entries = self.index.entries(owner).await?;
        let mut seen = Vec::with_capacity(entries.len());
        for some in entries.chunks(AT_ONCE) {
            let found = try_join_all(some.iter().map(|entry| self.see(owner, &entry.key))).await?;
            seen.extend(some.iter().copied().zip(found));
        }
        // A session that was regenerated since the entries were read is at its new key.
        let mut next = 0;
        while let Some(&(entry, ref found)) = seen.get(next) {
            let moved_to = if let Seen::Retired(key) = found { Some(*key) } else { None };
            if let Some(key) = moved_to.filter(|key| seen.iter().all(|(known, _)| known.key != *key))
                && let found @ (Seen::Theirs(..) | Seen::Retired(_)) = self.see(owner, &key).await?
            {
                seen.push((OwnerEntry { key, ..entry }, found));
            }
            next += 1;
        }
        Ok(seen)
    }

    /// The owner's sessions, the one that was used last first. What is no longer one is forgotten.
    pub(crate) async fn list(&self, owner: &OwnerKey) -> Result<Vec<(StoreKey, Stored, Record)>, StoreError> {
        let (mut sessions, mut gone) = (Vec::new(), Vec::new());
        for (entry, seen) in self.look(owner).await? {
            match seen {
                Seen::Theirs(stored, record) => sessions.push((entry.key, stored, record)),
                Seen::Unreadable | Seen::Expired => {}
                _ if self.is_young(&entry) => {}
                // It may be about to become theirs, and there is no key to take away.
                Seen::Another if !self.is_settled(&entry) => {}
                Seen::Nothing if !self.take_key(&entry).await? => {}
                Seen::Retired(_) | Seen::Nothing | Seen::Another => gone.push(entry.key),
            }
        }
        self.forget(owner, &gone).await.unwrap_or_else(warn_of_stale);
        sessions.sort_by_key(|(key, stored, record)| (Reverse(self.last_seen(stored, record)), *key));
        Ok(sessions)
    }

    /// When the session was last seen, as its record knows it.
    pub(crate) fn last_seen(&self, stored: &Stored, record: &Record) -> SystemTime {
        let idle = self.shared.policy.lifetimes(&record.header).idle;
        let began = from_millis(record.header.created_at);
        stored.expires_at.checked_sub(Duration::from_millis(idle)).unwrap_or(began).max(began)
    }

    fn is_young(&self, entry: &OwnerEntry) -> bool {
        self.shared.clock.now() < entry.entered_at + YOUNG
    }

    /// Has whoever entered this come to an end? (What is entered again keeps its time. But nobody gives a session an owner without a new
    /// key, except for the request that made the key: so that is the one that entered it first as well.)
    fn is_settled(&self, entry: &OwnerEntry) -> bool {
        self.shared.clock.now() >= entry.entered_at + LONGEST_STALL
    }

    /// Ends one session. `false` if there is none of this owner with that id.
    pub(crate) async fn revoke(
        &self,
        owner: &OwnerKey,
        is_meant: impl Fn(&StoreKey) -> bool,
    ) -> Result<bool, SessionError> {
        let entries = self.index.entries(owner).await?;
        let Some(entry) = entries.iter().find(|entry| is_meant(&entry.key)) else { return Ok(false) };
        Ok(self.revoke_one(owner, entry, EndReason::Revoked).await?)
    }

    /// Whether it was a session of this owner until now.
    async fn revoke_one(&self, owner: &OwnerKey, entry: &OwnerEntry, why: EndReason) -> Result<bool, StoreError> {
        let over = self.end(owner, entry, why, None).await?;
        if over != Over::Never {
            self.forget(owner, &[entry.key]).await?;
        }
        Ok(over == Over::Now)
    }

    /// Ends all sessions but one, and says how many. Those that come while it is at it are ended as well.
    pub(crate) async fn revoke_all(&self, owner: &OwnerKey, spare: Option<StoreKey>) -> Result<usize, SessionError> {
        let (mut ended, mut passed_over) = (0, Vec::from_iter(spare));
        for _ in 0..MAX_ROUNDS {
            let mut entries = self.index.entries(owner).await?;
            entries.retain(|entry| !passed_over.contains(&entry.key));
            if entries.is_empty() {
                return Ok(ended);
            }
            let mut failure = None;
            for some in entries.chunks(AT_ONCE) {
                let mut gone = Vec::with_capacity(some.len());
                let ending = some.iter().map(|entry| self.end(owner, entry, EndReason::Revoked, spare));
                for (entry, over) in some.iter().zip(join_all(ending).await) {
                    match over {
                        Ok(Over::Never) => passed_over.push(entry.key),
                        Ok(over) => {
                            ended += usize::from(over == Over::Now);
                            gone.push(entry.key);
                        }
                        Err(error) => failure = Some(error),
                    }
                }
                if let Err(error) = self.forget(owner, &gone).await {
                    failure = Some(error);
                }
            }
            if let Some(error) = failure {
                return Err(error.into());
            }
        }
        Err(SessionError::Contended)
    }

    /// Sees to it that what is entered here is no session of this owner, and never will be; unless it was regenerated into the one to
    /// `spare`, which is entered for itself.
    async fn end(
        &self,
        owner: &OwnerKey,
        entry: &OwnerEntry,
        why: EndReason,
        spare: Option<StoreKey>,
    ) -> Result<Over, StoreError> {
        let mut key = entry.key;
        loop {
            if spare == Some(key) {
                return Ok(Over::Before);
            }
            match self.see(owner, &key).await? {
                Seen::Theirs(..) | Seen::Unreadable | Seen::Expired => {}
                // It was theirs a moment ago, or is about to be.
                Seen::Another if key == entry.key && self.is_young(entry) => {}
                Seen::Another if key == entry.key => return Ok(Over::Never),
                Seen::Another => return Ok(Over::Before),
                Seen::Retired(successor) if successor == key => return Ok(Over::Before),
                Seen::Retired(successor) => {
                    key = successor;
                    continue;
                }
                Seen::Nothing if key != entry.key || self.take_key(entry).await? => return Ok(Over::Before),
                Seen::Nothing => continue,
            }
            let removed = match self.store.delete(&key).await {
                Err(error) if error.is_unreadable() => return Ok(Over::Now),
                deleted => deleted?,
            };
            match removed.map(|removed| Parsed::parse(removed.bytes)) {
                // Regenerated since it was looked at.
                Some(Ok(Parsed::Tombstone { successor })) => key = successor,
                Some(Ok(Parsed::Live(record))) => {
                    self.shared.tell_ended(key, why, record);
                    return Ok(Over::Now);
                }
                Some(Err(_)) => return Ok(Over::Now),
                None => {}
            }
        }
    }

    /// Takes a key away from whoever is about to store a session under it. `false` if it is stored by now. That costs a write, so it is
    /// not done where nobody can be about to any more.
    async fn take_key(&self, entry: &OwnerEntry) -> Result<bool, StoreError> {
        if self.is_settled(entry) {
            return Ok(true);
        }
        let until = self.shared.clock.now() + YOUNG;
        let taken = self.store.create(&entry.key, tombstone(&entry.key), until).await?;
        Ok(matches!(taken, Created::New(_)))
    }
}

fn warn_of_stale(error: StoreError) {
    tracing::warn!(%error, "cannot remove sessions that are gone from the owner index; they are passed over");
}
