//! All shards together: their totals, and which record of all of them has to go.

use std::sync::atomic::{
    AtomicU64, AtomicUsize,
    Ordering::{Acquire, Relaxed, Release},
};
use std::sync::{Mutex, PoisonError};

use super::shard::Shard;
use crate::store::StoreKey;

const SHARDS: usize = 64;

/// Heap slots that a sweep looks at before it lets others at the shard: some fifty microseconds.
const SWEEP_AT_ONCE: usize = 64;

pub(super) struct Shards {
    shards: Box<[Locked]>,
    sessions: AtomicUsize,
    bytes: AtomicUsize,
    next_to_sweep: AtomicUsize,
}

/// A shard, and in front of its lock what lets a search pass it by. A floor is never above the truth.
struct Locked {
    shard: Mutex<Shard>,
    expiry_floor: AtomicU64,
    use_floor: AtomicU64,
}

impl Shards {
    pub(super) fn new() -> Self {
        Self {
            shards: (0..SHARDS).map(|_| Locked::new()).collect(),
            sessions: AtomicUsize::new(0),
            bytes: AtomicUsize::new(0),
            next_to_sweep: AtomicUsize::new(0),
        }
    }

    pub(super) fn sessions(&self) -> usize {
        self.sessions.load(Relaxed)
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes.load(Relaxed)
    }

    /// Works on the shard that holds `key`.
    pub(super) fn of<R>(&self, key: &StoreKey, work: impl FnOnce(&mut Shard) -> R) -> R {
        self.with(&self.shards[usize::from(key.as_bytes()[31]) % SHARDS], work)
    }

    /// Removes all that has expired, and says how many.
    pub(super) fn sweep(&self, now: u64) -> usize {
        std::iter::from_fn(|| self.sweep_on(now)).sum()
    }

    /// Removes some of what has expired, and says how many; `None` if nothing has. Few at a time, each time from another shard: whoever
    /// waits for one would lose it again and again to a sweep that comes back at once.
    pub(super) fn sweep_on(&self, now: u64) -> Option<usize> {
        let (before, next) = self.shards.split_at(self.next_to_sweep.fetch_add(1, Relaxed) % SHARDS);
        let due = next.iter().chain(before).find(|locked| locked.expiry_floor.load(Acquire) <= now)?;
        Some(self.with(due, |shard| shard.sweep(now, SWEEP_AT_ONCE)))
    }

    /// Looks at a few slots of one shard, each time the next.
    pub(super) fn sweep_some(&self, now: u64, steps: usize) {
        let locked = &self.shards[self.next_to_sweep.fetch_add(1, Relaxed) % SHARDS];
        if locked.expiry_floor.load(Acquire) <= now {
            self.with(locked, |shard| shard.sweep(now, steps));
        }
    }

    /// Removes the record that was idle for longest, of all shards. Floors may be too low, so the shard with the lowest one is
    /// asked for a record that no other shard's floor is below; if it has none, its floor is now right, and the search goes on.
    pub(super) fn evict_idlest(&self) -> Option<StoreKey> {
        loop {
            let (lowest, others) = self.lowest_use()?;
            let evicted = self.with(lowest, |shard| shard.evict_idlest(others));
            if evicted.is_some() {
                return evicted;
            }
        }
    }

    /// The shard with the lowest floor, and the lowest floor of the others. `None` if there is no record at all.
    fn lowest_use(&self) -> Option<(&Locked, u64)> {
        let (mut lowest, mut floor, mut others) = (None, u64::MAX, u64::MAX);
        for locked in &self.shards {
            let this = locked.use_floor.load(Acquire);
            if this < floor {
                (lowest, others, floor) = (Some(locked), floor, this);
            } else {
                others = others.min(this);
            }
        }
        Some((lowest?, others))
    }

    fn with<R>(&self, locked: &Locked, work: impl FnOnce(&mut Shard) -> R) -> R {
        let mut shard = locked.shard.lock().unwrap_or_else(PoisonError::into_inner);
        let (sessions, bytes) = (shard.sessions(), shard.bytes());
        let result = work(&mut shard);
        shard.compact();
        moved(&self.sessions, sessions, shard.sessions());
        moved(&self.bytes, bytes, shard.bytes());
        locked.expiry_floor.store(shard.expiry_floor(), Release);
        locked.use_floor.store(shard.use_floor(), Release);
        result
    }
}

impl Locked {
    fn new() -> Self {
        Self { shard: Mutex::default(), expiry_floor: AtomicU64::new(u64::MAX), use_floor: AtomicU64::new(u64::MAX) }
    }
}

/// Adds what changed, which may be negative: additions of atomics wrap.
fn moved(total: &AtomicUsize, before: usize, after: usize) {
    if before != after {
        total.fetch_add(after.wrapping_sub(before), Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::super::shard::{Moment, SLACK};
    use super::*;

    #[test]
    fn heaps_stay_in_proportion_to_the_records() {
        let (shards, key) = (Shards::new(), StoreKey::from_bytes([1; 32]));
        for n in 0..10_000 {
            let moment = Moment { now: 0, tick: n };
            assert!(shards.of(&key, |shard| shard.create(&key, Bytes::new(), n, 1_000_000, moment)));
            for sooner in 0..10 {
                shards.of(&key, |shard| shard.touch(&key, &n.into(), 900_000 - sooner, moment));
            }
            shards.of(&key, |shard| shard.delete(&key, moment));
            let (by_expiry, by_use) = shards.of(&key, |shard| shard.slots());
            assert!(by_expiry <= SLACK && by_use <= SLACK, "{by_expiry} and {by_use} slots for no record");
        }
    }
}
