//! An owner's sessions: the index beside the store, read together with the records.
//!
//! The index may name sessions that are not there, and must never miss one that is. So
//!
//! 1. a session is entered before it is stored, or before it is given an owner;
//! 2. its entry is removed only once the record is gone for good, is somebody else's, or has been retired, whose successor was
//!    entered before;
//! 3. whoever has stored a session then looks whether its entry still stands. If not, a revocation came between the two, and the
//!    session is taken back.
//!
//! An entry without a record may be about to get one. A listing leaves it alone for a minute; a revocation takes the key away from
//! whoever is about to use it, by a tombstone that names itself. Only then does it remove the entry, so that a crash at any step
//! leaves every session that lives in the index, for the next try to find.

use std::cmp::Reverse;
use std::time::{Duration, SystemTime};

use futures_util::future::{join_all, try_join_all};

use crate::base::{Backing, Indexing, Shared};
use crate::clock::millis;
use crate::error::SessionError;
use crate::line::YieldOnce;
use crate::policy::{AtLimit, Limit};
use crate::record::{Parsed, Record, tombstone};
use crate::store::{Created, DynIndex, DynStore, MAX_REMOVED, OwnerEntry, OwnerKey, StoreError, Stored};
use crate::token::StoreKey;

/// How old an entry is before a session that is not there counts as gone, and not as one that is about to be stored.
const SETTLED: Duration = Duration::from_secs(60);
/// How many records are asked for at the same time.
const AT_ONCE: usize = 32;
/// How often a revocation looks whether new sessions have come, and revokes those.
const MAX_ROUNDS: usize = 16;
/// How often, and how far apart, one who signs in looks what has become of those who do so at the same moment.
const MAX_LOOKS: usize = 100;
const BETWEEN_LOOKS: Duration = Duration::from_millis(10);

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
    /// Damaged, or of a newer format: nobody can tell whose it is.
    Unreadable,
    /// Somebody else's session, or nobody's.
    Another,
    /// It was regenerated: what it became is entered for itself.
    Retired(StoreKey),
    Nothing,
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
        let owner = record.get(self.shared.owner?, millis(self.shared.clock.now()))?;
        Some(OwnerKey::of(self.shared.policy.name(), &owner))
    }

    /// Until when the session is entered.
    pub(crate) fn end_of(&self, record: &Record) -> SystemTime {
        record.header.absolute_end(self.shared.policy.lifetimes(&record.header))
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
            if let Err(SessionError::TooManySessions { .. } | SessionError::Ended) = room {
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

    /// Removes the entry of a session that is gone. One that stays is dropped when the owner's sessions are listed.
    pub(crate) async fn leave(&self, owner: Option<OwnerKey>, key: &StoreKey) {
        if let Some(owner) = owner {
            self.forget(&owner, &[*key]).await;
        }
    }

    async fn forget(&self, owner: &OwnerKey, keys: &[StoreKey]) {
        for some in keys.chunks(MAX_REMOVED) {
            if let Err(error) = self.index.remove_entries(owner, some).await {
                tracing::warn!(%error, "cannot remove sessions that are gone from the owner index; they are passed over");
            }
        }
    }

    pub(crate) async fn see(&self, owner: &OwnerKey, key: &StoreKey) -> Result<Seen, StoreError> {
        let Some(stored) = self.store.load_current(key).await? else { return Ok(Seen::Nothing) };
        Ok(match self.shared.parse(&stored) {
            Err(error) => {
                tracing::error!(id = %key.id(), %error, "cannot read a stored session; it is not listed");
                Seen::Unreadable
            }
            Ok(None) => Seen::Nothing,
            Ok(Some(Parsed::Tombstone { successor })) => Seen::Retired(successor),
            Ok(Some(Parsed::Live(record))) if self.owner_of(&record) == Some(*owner) => Seen::Theirs(stored, record),
            Ok(Some(Parsed::Live(_))) => Seen::Another,
        })
    }

    /// All entries, each with what stands there.
    async fn look(&self, owner: &OwnerKey) -> Result<Vec<(OwnerEntry, Seen)>, StoreError> {
        let entries = self.index.entries(owner).await?;
        let mut seen = Vec::with_capacity(entries.len());
        for some in entries.chunks(AT_ONCE) {
            let look = |entry: &OwnerEntry| {
                let entry = *entry;
                async move { Ok::<_, StoreError>((entry, self.see(owner, &entry.key).await?)) }
            };
            seen.extend(try_join_all(some.iter().map(look)).await?);
        }
        Ok(seen)
    }

    /// The owner's sessions, the one that was used last first. What is no longer one is forgotten.
    pub(crate) async fn list(&self, owner: &OwnerKey) -> Result<Vec<(StoreKey, Stored, Record)>, StoreError> {
        let (mut sessions, mut stale) = (Vec::new(), Vec::new());
        for (entry, seen) in self.look(owner).await? {
            match seen {
                Seen::Theirs(stored, record) => sessions.push((entry.key, stored, record)),
                Seen::Unreadable => {}
                Seen::Another | Seen::Retired(_) | Seen::Nothing if self.is_young(&entry) => {}
                Seen::Another | Seen::Retired(_) | Seen::Nothing => stale.push(entry.key),
            }
        }
        self.forget(owner, &stale).await;
        sessions.sort_by_key(|(key, stored, record)| (Reverse(self.last_seen(stored, record)), *key));
        Ok(sessions)
    }

    /// When the session was last seen, as its record knows it.
    pub(crate) fn last_seen(&self, stored: &Stored, record: &Record) -> SystemTime {
        let idle = self.shared.policy.lifetimes(&record.header).idle;
        let began = crate::clock::from_millis(record.header.created_at);
        stored.expires_at.checked_sub(idle).unwrap_or(began).max(began)
    }

    fn is_young(&self, entry: &OwnerEntry) -> bool {
        self.shared.clock.now() < entry.entered_at + SETTLED
    }

    /// Ends one session. `false` if there is none of this owner with that id.
    pub(crate) async fn revoke(
        &self,
        owner: &OwnerKey,
        is_meant: impl Fn(&StoreKey) -> bool,
    ) -> Result<bool, SessionError> {
        let entries = self.index.entries(owner).await?;
        let Some(entry) = entries.iter().find(|entry| is_meant(&entry.key)) else { return Ok(false) };
        let ended = self.end(owner, entry).await?;
        self.index.remove_entries(owner, &[entry.key]).await?;
        Ok(ended)
    }

    /// Ends all sessions but one, and says how many. Those that come while it is at it are ended as well.
    pub(crate) async fn revoke_all(&self, owner: &OwnerKey, spare: Option<StoreKey>) -> Result<usize, SessionError> {
        let mut ended = 0;
        for _ in 0..MAX_ROUNDS {
            let mut entries = self.index.entries(owner).await?;
            entries.retain(|entry| Some(entry.key) != spare);
            if entries.is_empty() {
                return Ok(ended);
            }
            let mut failure = None;
            for some in entries.chunks(AT_ONCE) {
                let mut over = Vec::with_capacity(some.len());
                for (entry, done) in some.iter().zip(join_all(some.iter().map(|entry| self.end(owner, entry))).await) {
                    match done {
                        Ok(was_there) => {
                            ended += usize::from(was_there);
                            over.push(entry.key);
                        }
                        Err(error) => failure = Some(error),
                    }
                }
                self.index.remove_entries(owner, &over).await?;
            }
            if let Some(error) = failure {
                return Err(error.into());
            }
        }
        Err(SessionError::Contended)
    }

    /// Sees to it that what is entered here is no session of this owner, and never will be. `true` if it was one.
    async fn end(&self, owner: &OwnerKey, entry: &OwnerEntry) -> Result<bool, StoreError> {
        let mut key = entry.key;
        loop {
            match self.see(owner, &key).await? {
                Seen::Theirs(..) | Seen::Unreadable => {}
                // It was theirs a moment ago, or is about to be.
                Seen::Another if key == entry.key && self.is_young(entry) => {}
                Seen::Another => return Ok(false),
                Seen::Retired(successor) if successor == key => return Ok(false),
                Seen::Retired(successor) => {
                    key = successor;
                    continue;
                }
                Seen::Nothing if key != entry.key || self.take_key(&key).await? => return Ok(false),
                Seen::Nothing => continue,
            }
            match self.store.delete(&key).await?.map(|removed| Parsed::parse(removed.bytes)) {
                // Regenerated since it was looked at.
                Some(Ok(Parsed::Tombstone { successor })) => key = successor,
                Some(_) => return Ok(true),
                None => {}
            }
        }
    }

    /// Takes a key away from whoever is about to store a session under it. `false` if it is stored by now.
    async fn take_key(&self, key: &StoreKey) -> Result<bool, StoreError> {
        let until = self.shared.clock.now() + SETTLED;
        Ok(matches!(self.store.create(key, tombstone(key), until).await?, Created::New(_)))
    }

    /// Makes room for a session that is entered and not stored yet, or says that there is none.
    async fn make_room(&self, owner: &OwnerKey, mine: &StoreKey, limit: Limit) -> Result<(), SessionError> {
        match limit.then {
            AtLimit::EvictOldest => self.evict(owner, mine, limit.most).await,
            AtLimit::Refuse => self.find_room(owner, mine, limit.most).await,
        }
    }

    /// Ends sessions until with `mine` there are no more than `most`. Those that are stored go before those that are about to be, and
    /// of those each the one that was entered first: so two that sign in at the same moment agree on who it is.
    async fn evict(&self, owner: &OwnerKey, mine: &StoreKey, most: usize) -> Result<(), SessionError> {
        let line = self.line(owner, mine).await?;
        for (entry, _) in &line[..line.len().saturating_sub(most)] {
            if entry.key == *mine {
                return Err(SessionError::Ended);
            }
            tracing::info!(id = %entry.key.id(), "a session was ended: its owner has signed in elsewhere, and may have no more of them");
            self.end(owner, entry).await?;
            self.index.remove_entries(owner, &[entry.key]).await?;
        }
        Ok(())
    }

    /// Refuses unless with `mine` there are no more than `most`. Those that are about to be stored go in the order in which they were
    /// entered, and whoever is before another one waits to see what becomes of that: it may have looked before this one was entered.
    async fn find_room(&self, owner: &OwnerKey, mine: &StoreKey, most: usize) -> Result<(), SessionError> {
        for _ in 0..MAX_LOOKS {
            let line = self.line(owner, mine).await?;
            if line.len() <= most {
                return Ok(());
            }
            if line.iter().take(most).all(|(entry, _)| entry.key != *mine) {
                break;
            }
            match self.store.pause(BETWEEN_LOOKS) {
                Some(pause) => pause.await,
                None => YieldOnce::default().await,
            }
        }
        Err(SessionError::TooManySessions { limit: most })
    }

    /// The owner's sessions: those that are stored, then those that are about to be, each in the order in which they were entered.
    async fn line(&self, owner: &OwnerKey, mine: &StoreKey) -> Result<Vec<(OwnerEntry, bool)>, SessionError> {
        let mut line = Vec::new();
        for (entry, seen) in self.look(owner).await? {
            let is_mine = entry.key == *mine;
            match seen {
                Seen::Theirs(..) | Seen::Unreadable if !is_mine => line.push((entry, true)),
                Seen::Retired(_) if !is_mine => {}
                _ if is_mine || self.is_young(&entry) => line.push((entry, false)),
                _ => {}
            }
        }
        line.sort_by_key(|(entry, is_stored)| (!is_stored, entry.entered_at, entry.key));
        if line.iter().any(|(entry, _)| entry.key == *mine) { Ok(line) } else { Err(SessionError::Ended) }
    }
}
