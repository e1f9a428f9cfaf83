//! One part of the copies, behind one lock: it keeps within its bytes, and what has not been read lately goes first.
//!
//! Copies stand in a queue. When room is needed, the one in front goes, unless it was read since it came to the front last: then it
//! goes to the end instead. So a read moves nothing, it only leaves a mark.

use std::collections::{HashMap, VecDeque};
use std::time::SystemTime;

use session_runtime::store::{Bytes, StoreKey, Stored};

use super::copies::Moment;

/// What a copy takes beside its bytes: its key and the rest of it in a map that is half full, its place in the queue, and the
/// allocator's share.
const OVERHEAD: usize = 400;
/// The queue may hold this many places that no longer count, beside as many as there are copies.
const SLACK: usize = 64;
const EPOCHS: usize = 256;

pub(super) struct Shard {
    copies: HashMap<StoreKey, Kept>,
    queue: VecDeque<(StoreKey, u64)>,
    /// Counts the copies that came, so that a place in the queue counts for one of them.
    places: u64,
    bytes: usize,
    max_bytes: usize,
    epochs: Box<[u64]>,
}

struct Kept {
    stored: Stored,
    /// When it was last known to be current.
    current: Moment,
    place: u64,
    used: bool,
}

impl Shard {
    pub(super) fn new(max_bytes: usize) -> Self {
        Self {
            copies: HashMap::new(),
            queue: VecDeque::new(),
            places: 0,
            bytes: 0,
            max_bytes,
            epochs: vec![0; EPOCHS].into(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.copies.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn get(&mut self, key: &StoreKey) -> Option<(Stored, Moment)> {
        let copy = self.copies.get_mut(key)?;
        copy.used = true;
        Some((copy.stored.clone(), copy.current))
    }

    pub(super) fn epoch(&self, key: &StoreKey) -> u64 {
        self.epochs[usize::from(key.as_bytes()[30])]
    }

    /// Keeps this in place of what there is, or nothing, and begins a new epoch.
    pub(super) fn put(&mut self, key: &StoreKey, stored: Option<&Stored>, current: Moment) {
        self.epochs[usize::from(key.as_bytes()[30])] += 1;
        let before = self.remove(key);
        let Some(stored) = stored.filter(|stored| cost(stored) <= self.max_bytes) else { return };
        let known = before.filter(|copy| copy.stored.version == stored.version).map(|copy| copy.stored.bytes);
        // Bytes of its own: the ones at hand may be a part of something larger, which would stay with them.
        let bytes = known.unwrap_or_else(|| Bytes::copy_from_slice(&stored.bytes));
        self.bytes += cost(stored);
        self.places += 1;
        self.queue.push_back((*key, self.places));
        let stored = Stored { bytes, ..stored.clone() };
        self.copies.insert(*key, Kept { stored, current, place: self.places, used: false });
        self.make_room(current.at);
    }

    /// The copy was current then, with this expiry. A call that began later may know better.
    pub(super) fn confirm(&mut self, key: &StoreKey, expires_at: SystemTime, current: Moment) {
        if let Some(copy) = self.copies.get_mut(key)
            && copy.current.tick <= current.tick
        {
            copy.stored.expires_at = expires_at;
            copy.current = current;
        }
    }

    fn make_room(&mut self, now: SystemTime) {
        while self.bytes > self.max_bytes
            && let Some((key, place)) = self.queue.pop_front()
        {
            let Some(copy) = self.copies.get_mut(&key).filter(|copy| copy.place == place) else { continue };
            if std::mem::take(&mut copy.used) && copy.stored.expires_at > now {
                self.queue.push_back((key, place));
            } else {
                self.remove(&key);
            }
        }
    }

    fn remove(&mut self, key: &StoreKey) -> Option<Kept> {
        let copy = self.copies.remove(key)?;
        self.bytes -= cost(&copy.stored);
        if self.queue.len() > 2 * self.copies.len() + SLACK {
            let copies = &self.copies;
            self.queue.retain(|(key, place)| copies.get(key).is_some_and(|copy| copy.place == *place));
        }
        Some(copy)
    }
}

fn cost(stored: &Stored) -> usize {
    stored.bytes.len().saturating_add(OVERHEAD)
}
