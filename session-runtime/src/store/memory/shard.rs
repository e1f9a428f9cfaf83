//! One part of the memory store, behind one lock: its records and the two lazy indexes over them.
//!
//! An index is a heap of slots. A record has one slot that counts in each heap, and that slot is never later than the truth: a
//! record that lives longer or is used again leaves its slot behind, and whoever meets the slot at the top moves it. So most
//! writes touch no heap.

use std::cmp::Reverse;
use std::collections::binary_heap::{BinaryHeap, PeekMut};
use std::collections::hash_map::{Entry as Place, HashMap};
use std::hash::BuildHasherDefault;
use std::mem;

use bytes::Bytes;

use super::hasher::KeyHasher;
use crate::clock::from_millis;
use crate::store::{Replaced, StoreKey, Stored, Touched, Version};

/// What a record costs beside its own bytes: map and heap slots, the key in each, and the allocator's share.
const OVERHEAD: usize = 256;

/// A heap may hold this many slots that no longer count, beside as many as there are records.
pub(super) const SLACK: usize = 64;

/// What a record counts against the byte bound.
pub(super) fn cost(bytes: &Bytes) -> usize {
    bytes.len().saturating_add(OVERHEAD)
}

/// When a call happens: by the clock in milliseconds, and in the order of all calls (the clock may stand still or step back).
#[derive(Clone, Copy)]
pub(super) struct Moment {
    pub(super) now: u64,
    pub(super) tick: u64,
}

#[derive(Default)]
pub(super) struct Shard {
    records: HashMap<StoreKey, Record, BuildHasherDefault<KeyHasher>>,
    by_expiry: Slots,
    by_use: Slots,
    bytes: usize,
}

type Slots = BinaryHeap<Reverse<(u64, StoreKey)>>;

struct Record {
    bytes: Bytes,
    version: u64,
    expires: u64,
    expiry_slot: u64,
    used: u64,
    use_slot: u64,
}

impl Shard {
    pub(super) fn load(&mut self, key: &StoreKey, moment: Moment) -> Option<Stored> {
        self.live(key, moment, |record| record.stored())
    }

    /// Whether the key was free.
    pub(super) fn create(&mut self, key: &StoreKey, bytes: Bytes, version: u64, expires: u64, moment: Moment) -> bool {
        if self.live(key, moment, |_| ()).is_some() {
            return false;
        }
        self.bytes += cost(&bytes);
        let Moment { tick, .. } = moment;
        let record = Record { bytes, version, expires, expiry_slot: expires, used: tick, use_slot: tick };
        self.records.insert(*key, record);
        self.by_expiry.push(Reverse((expires, *key)));
        self.by_use.push(Reverse((tick, *key)));
        true
    }

    pub(super) fn replace(
        &mut self,
        key: &StoreKey,
        expected: &Version,
        bytes: Bytes,
        version: u64,
        expires: u64,
        moment: Moment,
    ) -> Replaced {
        let after = cost(&bytes);
        let written = self.live(key, moment, |record| {
            if !record.is(expected) {
                return Err(record.stored());
            }
            let before = cost(&mem::replace(&mut record.bytes, bytes));
            record.version = version;
            Ok((before, record.expire_at(expires)))
        });
        match written {
            None => Replaced::Gone,
            Some(Err(current)) => Replaced::Stale(current),
            Some(Ok((before, sooner))) => {
                self.bytes = self.bytes - before + after;
                self.index_if(sooner, expires, key);
                Replaced::Done(version.into())
            }
        }
    }

    pub(super) fn touch(&mut self, key: &StoreKey, expected: &Version, expires: u64, moment: Moment) -> Touched {
        let moved = self.live(key, moment, |record| record.is(expected).then(|| record.expire_at(expires)));
        match moved {
            None => Touched::Gone,
            Some(None) => Touched::Stale,
            Some(Some(sooner)) => {
                self.index_if(sooner, expires, key);
                Touched::Done
            }
        }
    }

    pub(super) fn delete(&mut self, key: &StoreKey, moment: Moment) -> Option<Stored> {
        let record = self.remove(key)?;
        (record.expires > moment.now).then(|| record.stored())
    }

    /// Is a record stored there? Does not count as a use of it.
    pub(super) fn has(&self, key: &StoreKey, now: u64) -> bool {
        self.records.get(key).is_some_and(|record| record.expires > now)
    }

    /// Looks at up to `steps` slots that are due, and says how many records were removed.
    pub(super) fn sweep(&mut self, now: u64, steps: usize) -> usize {
        let before = self.records.len();
        for _ in 0..steps {
            let Some(top) = self.by_expiry.peek_mut().filter(|top| top.0.0 <= now) else { break };
            let Reverse((slot, key)) = PeekMut::pop(top);
            self.expire(slot, key, now);
        }
        before - self.records.len()
    }

    /// Removes the record that was idle for longest, unless it was used after `tick`.
    pub(super) fn evict_idlest(&mut self, tick: u64) -> Option<StoreKey> {
        loop {
            let mut top = self.by_use.peek_mut().filter(|top| top.0.0 <= tick)?;
            let Reverse((slot, key)) = *top;
            match self.records.get_mut(&key) {
                Some(record) if record.use_slot == slot && record.used > slot => {
                    record.use_slot = record.used;
                    *top = Reverse((record.used, key));
                }
                Some(record) if record.use_slot == slot => {
                    PeekMut::pop(top);
                    self.remove(&key);
                    return Some(key);
                }
                _ => drop(PeekMut::pop(top)),
            }
        }
    }

    /// Rebuilds a heap in which slots that no longer count have the majority.
    pub(super) fn compact(&mut self) {
        let most = 2 * self.records.len() + SLACK;
        if self.by_expiry.len() > most {
            self.by_expiry =
                self.records.iter_mut().map(|(key, record)| Reverse((record.settle_expiry(), *key))).collect();
        }
        if self.by_use.len() > most {
            self.by_use = self.records.iter_mut().map(|(key, record)| Reverse((record.settle_use(), *key))).collect();
        }
    }

    pub(super) fn sessions(&self) -> usize {
        self.records.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// No record expires before this.
    pub(super) fn expiry_floor(&self) -> u64 {
        self.by_expiry.peek().map_or(u64::MAX, |top| top.0.0)
    }

    /// No record was used last before this.
    pub(super) fn use_floor(&self) -> u64 {
        self.by_use.peek().map_or(u64::MAX, |top| top.0.0)
    }

    #[cfg(test)]
    pub(super) fn slots(&self) -> (usize, usize) {
        (self.by_expiry.len(), self.by_use.len())
    }

    /// The one way to a record: what has expired is removed, what is alive counts as used.
    fn live<R>(&mut self, key: &StoreKey, moment: Moment, then: impl FnOnce(&mut Record) -> R) -> Option<R> {
        let record = self.records.get_mut(key)?;
        if record.expires <= moment.now {
            self.remove(key);
            return None;
        }
        record.used = record.used.max(moment.tick);
        Some(then(record))
    }

    fn expire(&mut self, slot: u64, key: StoreKey, now: u64) {
        let Place::Occupied(mut place) = self.records.entry(key) else { return };
        if place.get().expiry_slot != slot {
            return;
        }
        if place.get().expires > now {
            self.by_expiry.push(Reverse((place.get_mut().settle_expiry(), key)));
            return;
        }
        self.bytes -= cost(&place.remove().bytes);
    }

    fn remove(&mut self, key: &StoreKey) -> Option<Record> {
        let record = self.records.remove(key)?;
        self.bytes -= cost(&record.bytes);
        Some(record)
    }

    fn index_if(&mut self, sooner: bool, expires: u64, key: &StoreKey) {
        if sooner {
            self.by_expiry.push(Reverse((expires, *key)));
        }
    }
}

impl Record {
    fn is(&self, version: &Version) -> bool {
        Version::from(self.version) == *version
    }

    fn stored(&self) -> Stored {
        Stored { version: self.version.into(), bytes: self.bytes.clone(), expires_at: from_millis(self.expires) }
    }

    /// Whether the expiry heap must hear of it: its slot may be early, but never late.
    fn expire_at(&mut self, expires: u64) -> bool {
        self.expires = expires;
        let sooner = expires < self.expiry_slot;
        self.expiry_slot = self.expiry_slot.min(expires);
        sooner
    }

    fn settle_expiry(&mut self) -> u64 {
        self.expiry_slot = self.expires;
        self.expires
    }

    fn settle_use(&mut self) -> u64 {
        self.use_slot = self.used;
        self.used
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: StoreKey = StoreKey::from_bytes([1; 32]);

    fn moment(tick: u64) -> Moment {
        Moment { now: 0, tick }
    }

    #[test]
    fn only_a_shorter_life_touches_a_heap() {
        let mut shard = Shard::default();
        shard.create(&KEY, Bytes::new(), 1, 1_000, moment(1));
        for n in 2..100 {
            shard.touch(&KEY, &1.into(), 1_000 + n, moment(n));
            shard.load(&KEY, moment(n));
        }
        assert_eq!(shard.slots(), (1, 1));
        shard.touch(&KEY, &1.into(), 500, moment(100));
        assert_eq!((shard.by_expiry.len(), shard.expiry_floor()), (2, 500));
        assert_eq!(shard.sweep(499, 9), 0);
        assert_eq!(shard.sweep(500, 9), 1);
    }
}
