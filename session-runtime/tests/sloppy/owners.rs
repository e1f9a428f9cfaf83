//! The sloppy store's owner index.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use session_runtime::store::{OwnerEntry, OwnerIndex, OwnerKey};
use session_runtime::{Clock, StoreError, StoreKey};

use crate::sloppy::{Defect, Sloppy};

pub(crate) type Owners = BTreeMap<OwnerKey, BTreeMap<StoreKey, OwnerEntry>>;

impl Sloppy {
    fn listed(&self, owner: &OwnerKey) -> BTreeMap<StoreKey, OwnerEntry> {
        let owners = self.owners.lock().unwrap();
        let mut listed = if self.has(Defect::EntriesAreOfAllOwners) {
            owners.values().flatten().map(|(key, entry)| (*key, *entry)).collect()
        } else {
            owners.get(owner).cloned().unwrap_or_default()
        };
        if !self.has(Defect::EntriesIgnoreTheirEnd) {
            listed.retain(|_, entry| entry.ends_at > self.clock.now());
        }
        listed
    }

    fn end(&self, time: SystemTime) -> SystemTime {
        if !self.has(Defect::EntriesRoundToSeconds) {
            return time;
        }
        UNIX_EPOCH + Duration::from_secs(time.duration_since(UNIX_EPOCH).unwrap().as_secs())
    }
}

impl OwnerIndex for Sloppy {
    async fn enter(&self, owner: &OwnerKey, entry: &OwnerEntry) -> Result<(), StoreError> {
        if self.is_silently_down(Defect::DownReadsAsNoEntries)? {
            return Ok(());
        }
        let mut entry = OwnerEntry { ends_at: self.end(entry.ends_at), ..*entry };
        let before = self.listed(owner);
        if let Some(before) = before.get(&entry.key).filter(|_| !self.has(Defect::EnteringMovesTheEnd)) {
            entry = OwnerEntry { ends_at: entry.ends_at.max(before.ends_at), ..*before };
        }
        if self.has(Defect::EnterIsTwoSteps) {
            tokio::task::yield_now().await;
            self.owners.lock().unwrap().insert(*owner, before);
        }
        self.owners.lock().unwrap().entry(*owner).or_default().insert(entry.key, entry);
        Ok(())
    }

    async fn entries(&self, owner: &OwnerKey) -> Result<Vec<OwnerEntry>, StoreError> {
        if self.is_silently_down(Defect::DownReadsAsNoEntries)? {
            return Ok(Vec::new());
        }
        let most = if self.has(Defect::EntriesListTheFirstHundred) { 100 } else { usize::MAX };
        Ok(self.listed(owner).into_values().take(most).collect())
    }

    async fn has_entry(&self, owner: &OwnerKey, key: &StoreKey) -> Result<bool, StoreError> {
        Ok(!self.is_silently_down(Defect::DownReadsAsNoEntries)? && self.listed(owner).contains_key(key))
    }

    async fn remove_entries(&self, owner: &OwnerKey, keys: &[StoreKey]) -> Result<(), StoreError> {
        if self.is_silently_down(Defect::DownReadsAsNoEntries)? {
            return Ok(());
        }
        let is_named = |key: &StoreKey| self.has(Defect::RemovingRemovesAll) && !keys.is_empty() || keys.contains(key);
        self.owners.lock().unwrap().entry(*owner).or_default().retain(|key, _| !is_named(key));
        Ok(())
    }
}
