//! The memory store's owner index: small, and asked where somebody signs in or out alone, so one lock is enough.

use std::collections::{BTreeMap, BTreeSet};

use crate::clock::{from_millis, millis};
use crate::store::{OwnerEntry, OwnerKey, StoreKey};

/// Entries that every new one looks at, whether their time is over.
const SWEEP_PER_ENTRY: usize = 8;
/// So many entries are kept before it is looked into how many of them name sessions that are gone.
const FEW: usize = 1024;
/// How old an entry is before a session that is not there counts as gone, and not as one that is about to be stored.
const SETTLED: u64 = 60_000;

pub(super) struct Owners {
    entries: BTreeMap<(OwnerKey, StoreKey), Times>,
    by_end: BTreeSet<(u64, OwnerKey, StoreKey)>,
    /// So many entries are the next reason to look for those of sessions that are gone.
    prune_at: usize,
}

#[derive(Clone, Copy)]
struct Times {
    entered: u64,
    ends: u64,
}

impl Default for Owners {
    fn default() -> Self {
        Self { entries: BTreeMap::new(), by_end: BTreeSet::new(), prune_at: FEW }
    }
}

impl Owners {
    pub(super) fn enter(&mut self, owner: &OwnerKey, entry: &OwnerEntry, now: u64) {
        let due: Vec<_> =
            self.by_end.iter().take(SWEEP_PER_ENTRY).take_while(|(end, ..)| *end <= now).copied().collect();
        due.into_iter().for_each(|(_, owner, key)| self.remove(&owner, &key));
        let mut times = Times { entered: millis(entry.entered_at), ends: millis(entry.ends_at) };
        if let Some(before) = self.live(owner, &entry.key, now) {
            times = Times { entered: before.entered, ends: times.ends.max(before.ends) };
        }
        self.remove(owner, &entry.key);
        self.entries.insert((*owner, entry.key), times);
        self.by_end.insert((times.ends, *owner, entry.key));
    }

    pub(super) fn entries(&self, owner: &OwnerKey, now: u64) -> Vec<OwnerEntry> {
        let (first, last) = (StoreKey::from_bytes([0; 32]), StoreKey::from_bytes([0xff; 32]));
        let all = self.entries.range((*owner, first)..=(*owner, last));
        let live = all.filter(|(_, times)| times.ends > now);
        live.map(|((_, key), times)| OwnerEntry {
            key: *key,
            entered_at: from_millis(times.entered),
            ends_at: from_millis(times.ends),
        })
        .collect()
    }

    pub(super) fn has(&self, owner: &OwnerKey, key: &StoreKey, now: u64) -> bool {
        self.live(owner, key, now).is_some()
    }

    fn live(&self, owner: &OwnerKey, key: &StoreKey, now: u64) -> Option<Times> {
        self.entries.get(&(*owner, *key)).filter(|times| times.ends > now).copied()
    }

    pub(super) fn remove(&mut self, owner: &OwnerKey, key: &StoreKey) {
        if let Some(times) = self.entries.remove(&(*owner, *key)) {
            self.by_end.remove(&(times.ends, *owner, *key));
        }
    }

    /// Removes all whose time is over.
    pub(super) fn sweep(&mut self, now: u64) {
        while let Some((_, owner, key)) = self.by_end.first().filter(|(end, ..)| *end <= now).copied() {
            self.remove(&owner, &key);
        }
    }

    /// Forgets entries of sessions that are gone, each time that there are twice as many entries as last time. So they take no more
    /// memory than the sessions do, though most sessions end before their time.
    pub(super) fn prune(&mut self, now: u64, is_stored: impl Fn(&StoreKey) -> bool) {
        if self.entries.len() < self.prune_at {
            return;
        }
        let is_stale = |key: &StoreKey, times: &Times| times.entered.saturating_add(SETTLED) < now && !is_stored(key);
        let stale: Vec<_> =
            self.entries.iter().filter(|((_, key), times)| is_stale(key, times)).map(|(at, _)| *at).collect();
        stale.into_iter().for_each(|(owner, key)| self.remove(&owner, &key));
        self.prune_at = FEW.max(2 * self.entries.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_of_sessions_that_are_gone_do_not_pile_up() {
        let (mut owners, owner) = (Owners::default(), OwnerKey::from_bytes([1; 32]));
        for n in 0..100_000_u64 {
            let mut bytes = [0; 32];
            bytes[..8].copy_from_slice(&n.to_be_bytes());
            let (entered_at, ends_at) = (from_millis(n * 1_000), from_millis(u64::MAX / 2));
            owners.enter(&owner, &OwnerEntry { key: StoreKey::from_bytes(bytes), entered_at, ends_at }, n * 1_000);
            owners.prune(n * 1_000, |key| key.as_bytes()[7] == 0);
        }
        assert!(owners.entries.len() < 2 * FEW, "{} entries", owners.entries.len());
        assert_eq!(owners.entries.len(), owners.by_end.len());
        assert!(owners.entries.keys().filter(|(_, key)| key.as_bytes()[7] == 0).count() > 100_000 / 257);
    }
}
