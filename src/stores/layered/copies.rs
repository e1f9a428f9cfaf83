//! The copies, and how a call that takes a while changes them without undoing what happened meanwhile.
//!
//! Each key has an epoch (which it shares with a few others). A call notes it when it begins. Whatever changes a copy begins a new
//! epoch, and a write of this node does so in any case when it ends. What a call brings back is kept only if its epoch still
//! runs: so a slow load that began before a logout cannot put the dead record back after it, and of two writes at once
//! neither leaves its record, since nobody here knows which came last.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use session_runtime::store::{StoreKey, Stored, from_millis, millis};

use super::shard::Shard;

/// The largest record that is kept, as long as all copies together may take as much.
const SHARD_BYTES: usize = 4 << 20;
const MOST_SHARDS: usize = 64;

pub(super) struct Copies(Box<[Mutex<Shard>]>);

/// When something was so. By two clocks: one that a test can move and that an operator can set back, and one that neither can.
#[derive(Clone, Copy)]
pub(super) struct Moment {
    pub(super) at: SystemTime,
    pub(super) tick: Instant,
}

impl Moment {
    /// Less than `age` ago, by both clocks. A clock that shows an earlier time than before tells nothing.
    fn is_younger_than(self, age: Duration, now: Self) -> bool {
        let by_clock = now.at.duration_since(self.at).is_ok_and(|passed| passed < age);
        by_clock && now.tick.duration_since(self.tick) < age
    }
}

impl Copies {
    pub(super) fn new(max_bytes: usize) -> Self {
        let shards = (max_bytes / SHARD_BYTES).clamp(1, MOST_SHARDS);
        Self((0..shards).map(|_| Mutex::new(Shard::new(max_bytes / shards))).collect())
    }

    pub(super) fn len(&self) -> usize {
        self.0.iter().map(|shard| locked(shard).len()).sum()
    }

    pub(super) fn bytes(&self) -> usize {
        self.0.iter().map(|shard| locked(shard).bytes()).sum()
    }

    /// A call begins.
    pub(super) fn begin(&self, key: &StoreKey, now: SystemTime) -> Begun<'_> {
        let at = Moment { at: now, tick: Instant::now() };
        let shard = &self.0[usize::from(key.as_bytes()[31]) % self.0.len()];
        let mut open = locked(shard);
        let (copy, epoch) = (open.get(key), open.epoch(key));
        Begun { shard, key: *key, epoch, at, copy }
    }
}

/// No code that holds it can panic half way.
fn locked(shard: &Mutex<Shard>) -> MutexGuard<'_, Shard> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A call that has begun, and what was known then.
pub(super) struct Begun<'a> {
    shard: &'a Mutex<Shard>,
    key: StoreKey,
    epoch: u64,
    at: Moment,
    /// With when it was last known to be current.
    copy: Option<(Stored, Moment)>,
}

impl<'a> Begun<'a> {
    pub(super) fn copy(&self) -> Option<Stored> {
        self.copy.as_ref().map(|(copy, _)| copy.clone())
    }

    /// The copy, if it was current less than `age` ago and has not expired.
    pub(super) fn copy_younger_than(&self, age: Duration) -> Option<Stored> {
        let (copy, current) = self.copy.as_ref()?;
        (current.is_younger_than(age, self.at) && copy.expires_at > self.at.at).then(|| copy.clone())
    }

    /// The call found this to be current.
    pub(super) fn learn(self, found: Option<&Stored>) {
        let mut shard = locked(self.shard);
        if shard.epoch(&self.key) == self.epoch {
            shard.put(&self.key, found, self.at);
        }
    }

    /// The call found the copy to be current, with this expiry.
    pub(super) fn confirm(self, expires_at: SystemTime) {
        let mut shard = locked(self.shard);
        if shard.epoch(&self.key) == self.epoch {
            shard.confirm(&self.key, expires_at, self.at);
        }
    }

    /// The call is a write.
    pub(super) fn write(self) -> Writing<'a> {
        Writing { begun: self, leaves: None }
    }
}

/// A write under way. However it ends, also by being dropped half way, no older copy outlives it.
pub(super) struct Writing<'a> {
    begun: Begun<'a>,
    leaves: Option<Stored>,
}

impl Writing<'_> {
    /// It has ended, and this is what stands in the store behind.
    pub(super) fn leaves(mut self, stored: Stored) {
        // As stores keep it.
        let expires_at = from_millis(millis(stored.expires_at));
        self.leaves = Some(Stored { expires_at, ..stored });
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        let Begun { shard, key, epoch, at, .. } = &self.begun;
        let mut shard = locked(shard);
        let alone = shard.epoch(key) == *epoch;
        shard.put(key, self.leaves.as_ref().filter(|_| alone), *at);
    }
}
