//! Sessions in this process's memory: gone with the process, and seen by no other.

mod hasher;
mod owners;
mod shard;
mod shards;

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use bytes::Bytes;

use self::owners::Owners;
use self::shard::{Moment, cost};
use self::shards::Shards;
use super::{
    Created, OwnerEntry, OwnerIndex, OwnerKey, Replaced, SessionStore, StoreError, StoreKey, Stored, Swept, Touched,
    Version,
};
use crate::clock::{Clock, SharedClock, SystemClock, millis};
use crate::line::YieldOnce;

/// Heap slots that every create looks at. More than one, so that a growing store is swept faster than it is filled.
const SWEEP_PER_CREATE: usize = 8;

/// Keeps sessions in memory. Clones share them; the last one takes them along.
///
/// It is bounded: 1,000,000 sessions and 1 GiB unless set otherwise. When it is full, whatever has expired makes room first,
/// then the session that was idle for longest. That one is logged out by force, so each is reported as a `tracing` warning
/// and counted ([`evicted`](Self::evicted)): a store that warns is too small.
///
/// Its owner index is for its own records. It forgets entries whose records it does not hold, once there are many: as the index of
/// another store it would lose sessions that live.
///
/// Expired sessions are swept little by little by every create. No background task is needed, and no async runtime.
///
/// ```
/// use session_runtime::MemoryStore;
///
/// let store = MemoryStore::new().with_max_sessions(50_000).with_max_bytes(64 << 20);
/// assert!(store.is_empty());
/// ```
#[derive(Clone)]
pub struct MemoryStore(Arc<Inner>);

struct Inner {
    limits: Limits,
    clock: SharedClock,
    shards: Shards,
    versions: AtomicU64,
    ticks: AtomicU64,
    evicted: AtomicU64,
    /// Held while room is made, so that two creates which are one over together evict one.
    making_room: Mutex<()>,
    /// Asked before a shard is, where both are.
    owners: Mutex<Owners>,
}

#[derive(Clone, Copy)]
struct Limits {
    sessions: usize,
    bytes: usize,
}

impl MemoryStore {
    /// An empty store with the default bounds.
    pub fn new() -> Self {
        Self::build(Limits { sessions: 1_000_000, bytes: 1 << 30 }, SharedClock::new(SystemClock))
    }

    /// An empty store of the same settings that holds at most `sessions` sessions, and at least one.
    #[must_use]
    pub fn with_max_sessions(self, sessions: usize) -> Self {
        Self::build(Limits { sessions: sessions.max(1), ..self.0.limits }, self.0.clock.clone())
    }

    /// An empty store of the same settings that holds at most `bytes` bytes, as [`bytes`](Self::bytes) counts them.
    #[must_use]
    pub fn with_max_bytes(self, bytes: usize) -> Self {
        Self::build(Limits { bytes, ..self.0.limits }, self.0.clock.clone())
    }

    /// An empty store of the same settings that follows `clock`.
    #[must_use]
    pub fn with_clock(self, clock: impl Clock) -> Self {
        Self::build(self.0.limits, SharedClock::new(clock))
    }

    /// How many sessions it holds, with those that have expired and were not swept yet.
    pub fn len(&self) -> usize {
        self.0.shards.sessions()
    }

    /// Whether it holds no session.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many bytes its records take, with about 256 more for each: its key and its places in the indexes.
    pub fn bytes(&self) -> usize {
        self.0.shards.bytes()
    }

    /// How many sessions had to make room for others before their time was over.
    pub fn evicted(&self) -> u64 {
        self.0.evicted.load(Relaxed)
    }

    /// Removes every expired session now, and says how many. Creates do it little by little anyway.
    pub fn sweep(&self) -> usize {
        let now = self.0.moment().now;
        self.0.owners().sweep(now);
        self.0.shards.sweep(now)
    }

    fn build(limits: Limits, clock: SharedClock) -> Self {
        Self(Arc::new(Inner {
            limits,
            clock,
            shards: Shards::new(),
            versions: AtomicU64::new(1),
            ticks: AtomicU64::new(1),
            evicted: AtomicU64::new(0),
            making_room: Mutex::new(()),
            owners: Mutex::default(),
        }))
    }
}

impl SessionStore for MemoryStore {
    async fn load(&self, key: &StoreKey) -> Result<Option<Stored>, StoreError> {
        Ok(self.load_now(key))
    }

    fn load_now(&self, key: &StoreKey) -> Option<Stored> {
        let moment = self.0.moment();
        self.0.shards.of(key, |shard| shard.load(key, moment))
    }

    async fn create(&self, key: &StoreKey, bytes: Bytes, expires_at: SystemTime) -> Result<Created, StoreError> {
        self.0.check_size(&bytes)?;
        let (moment, version) = (self.0.moment(), self.0.next_version());
        let created = self.0.shards.of(key, |shard| shard.create(key, bytes, version, millis(expires_at), moment));
        self.0.shards.sweep_some(moment.now, SWEEP_PER_CREATE);
        self.0.make_room(moment.now);
        Ok(if created { Created::New(version.into()) } else { Created::Taken })
    }

    async fn replace(
        &self,
        key: &StoreKey,
        expected: &Version,
        bytes: Bytes,
        expires_at: SystemTime,
    ) -> Result<Replaced, StoreError> {
        self.0.check_size(&bytes)?;
        let (moment, version) = (self.0.moment(), self.0.next_version());
        let write = |shard: &mut shard::Shard| shard.replace(key, expected, bytes, version, millis(expires_at), moment);
        let replaced = self.0.shards.of(key, write);
        self.0.make_room(moment.now);
        Ok(replaced)
    }

    async fn touch(&self, key: &StoreKey, expected: &Version, expires_at: SystemTime) -> Result<Touched, StoreError> {
        let moment = self.0.moment();
        Ok(self.0.shards.of(key, |shard| shard.touch(key, expected, millis(expires_at), moment)))
    }

    async fn delete(&self, key: &StoreKey) -> Result<Option<Stored>, StoreError> {
        let moment = self.0.moment();
        Ok(self.0.shards.of(key, |shard| shard.delete(key, moment)))
    }

    async fn sweep(&self) -> Result<Swept, StoreError> {
        let (now, mut removed) = (self.0.moment().now, 0);
        self.0.owners().sweep(now);
        while let Some(some) = self.0.shards.sweep_on(now) {
            removed += some;
            // Where there is one thread alone, requests wait for it.
            YieldOnce::default().await;
        }
        Ok(Swept::Removed(removed as u64))
    }

    fn owner_index(&self) -> Option<&impl OwnerIndex> {
        Some(self)
    }
}

impl OwnerIndex for MemoryStore {
    async fn enter(&self, owner: &OwnerKey, entry: &OwnerEntry) -> Result<(), StoreError> {
        let (now, mut owners) = (self.0.moment().now, self.0.owners());
        owners.enter(owner, entry, now);
        owners.prune(now, |key| self.0.shards.of(key, |shard| shard.has(key, now)));
        Ok(())
    }

    async fn entries(&self, owner: &OwnerKey) -> Result<Vec<OwnerEntry>, StoreError> {
        let now = self.0.moment().now;
        Ok(self.0.owners().entries(owner, now))
    }

    async fn has_entry(&self, owner: &OwnerKey, key: &StoreKey) -> Result<bool, StoreError> {
        let now = self.0.moment().now;
        Ok(self.0.owners().has(owner, key, now))
    }

    async fn remove_entries(&self, owner: &OwnerKey, keys: &[StoreKey]) -> Result<(), StoreError> {
        let mut owners = self.0.owners();
        keys.iter().for_each(|key| owners.remove(owner, key));
        Ok(())
    }
}

impl Inner {
    fn moment(&self) -> Moment {
        Moment { now: millis(self.clock.now()), tick: self.ticks.fetch_add(1, Relaxed) }
    }

    fn owners(&self) -> MutexGuard<'_, Owners> {
        self.owners.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One sequence for all keys, so that a key which is created again never accepts a version of its former life.
    fn next_version(&self) -> u64 {
        self.versions.fetch_add(1, Relaxed)
    }

    fn check_size(&self, bytes: &Bytes) -> Result<(), StoreError> {
        if cost(bytes) <= self.limits.bytes {
            return Ok(());
        }
        Err(StoreError::message(format!(
            "a record of {} bytes does not fit into a memory store of {}: raise it with `MemoryStore::with_max_bytes`",
            bytes.len(),
            self.limits.bytes
        )))
    }

    fn make_room(&self, now: u64) {
        if self.is_over() {
            self.shards.sweep(now);
        }
        while let Some(key) = self.evict_if_over() {
            self.evicted.fetch_add(1, Relaxed);
            tracing::warn!(
                id = %key.id(),
                "the memory store is full: a session was ended before its time, raise `with_max_sessions` or `with_max_bytes`"
            );
        }
    }

    fn evict_if_over(&self) -> Option<StoreKey> {
        if !self.is_over() {
            return None;
        }
        let _alone = self.making_room.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_over() { self.shards.evict_idlest() } else { None }
    }

    fn is_over(&self) -> bool {
        self.shards.sessions() > self.limits.sessions || self.shards.bytes() > self.limits.bytes
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore")
            .field("sessions", &self.len())
            .field("bytes", &self.bytes())
            .finish_non_exhaustive()
    }
}
