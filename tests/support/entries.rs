//! The owner index, for tests that speak to a store itself.

use std::time::{Duration, SystemTime};

use cloakroom::StoreKey;
use cloakroom::store::{OwnerEntry, OwnerIndex, OwnerKey, SessionStore};
use sha2::{Digest as _, Sha256};

/// The key of the owner whose field is stored as these bytes, in sessions of this name.
pub fn owner_key(name: &str, stored: &[u8]) -> OwnerKey {
    let hash = Sha256::new().chain_update(name).chain_update(b"\0owner\0").chain_update(stored);
    OwnerKey::from_bytes(hash.finalize().into())
}

/// One owner of many.
pub fn owner(number: u8) -> OwnerKey {
    OwnerKey::from_bytes([number; 32])
}

/// One entry of many, entered a minute before it ends.
pub fn entry(number: u32, ends_at: SystemTime) -> OwnerEntry {
    let mut key = [7; 32];
    key[..4].copy_from_slice(&number.to_be_bytes());
    OwnerEntry { key: StoreKey::from_bytes(key), entered_at: ends_at - Duration::from_secs(60), ends_at }
}

/// The index of a store that has one.
pub fn index_of<S: SessionStore>(store: &S) -> &impl OwnerIndex {
    store.owner_index().expect("the store has an index of owners")
}

/// Asks the index for everything that it does: enters twice, lists once, looks twice, removes one and then two.
pub async fn use_index(store: &impl SessionStore, owner: &OwnerKey, ends_at: SystemTime) {
    let (index, mut entries) = (index_of(store), [entry(1, ends_at), entry(2, ends_at)]);
    let keys = entries.each_mut().map(|entry| {
        let millis = entry.ends_at.duration_since(SystemTime::UNIX_EPOCH).expect("after 1970").as_millis() as u64;
        entry.ends_at = SystemTime::UNIX_EPOCH + Duration::from_millis(millis);
        entry.entered_at = entry.ends_at - Duration::from_secs(60);
        entry.key
    });
    for entry in &entries {
        index.enter(owner, entry).await.expect("entered");
    }
    let mut listed = index.entries(owner).await.expect("listed");
    listed.sort_by_key(|entry| *entry.key.as_bytes());
    assert_eq!(listed, entries);
    assert!(index.has_entry(owner, &keys[0]).await.expect("looked up"));
    index.remove_entries(owner, &keys[..1]).await.expect("removed");
    assert!(!index.has_entry(owner, &keys[0]).await.expect("looked up"));
    index.remove_entries(owner, &keys).await.expect("removed");
}
