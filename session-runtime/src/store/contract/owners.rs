//! What an owner index must do. A store without one passes: these clauses are then about nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::races::race_of;
use super::*;
use crate::store::{MAX_REMOVED, OwnerEntry, OwnerIndex, OwnerKey};

const OWNER: OwnerKey = OwnerKey::from_bytes([9; 32]);

fn index<S: SessionStore>(store: &S) -> Option<&impl OwnerIndex> {
    store.owner_index()
}

/// An entry of now that ends in an hour, neither of them on a round second.
fn entry<H: Harness>(harness: &H, key: StoreKey) -> OwnerEntry {
    OwnerEntry { key, entered_at: later(harness, Duration::ZERO), ends_at: in_an_hour(harness) }
}

fn numbered(n: u32) -> StoreKey {
    let mut bytes = [7; 32];
    bytes[..4].copy_from_slice(&n.to_be_bytes());
    StoreKey::from_bytes(bytes)
}

async fn enter(index: &impl OwnerIndex, owner: &OwnerKey, entry: &OwnerEntry) {
    index.enter(owner, entry).await.expect("enter works");
}

/// The entries by their keys; `has_entry` must say the same of each.
async fn entries(index: &impl OwnerIndex, owner: &OwnerKey) -> BTreeMap<StoreKey, OwnerEntry> {
    let listed = index.entries(owner).await.expect("entries works");
    let by_key: BTreeMap<_, _> = listed.iter().map(|entry| (entry.key, *entry)).collect();
    assert_eq!(by_key.len(), listed.len(), "an entry is listed twice");
    for key in by_key.keys().take(8) {
        assert!(has(index, owner, key).await, "has_entry knows what entries lists");
    }
    by_key
}

async fn has(index: &impl OwnerIndex, owner: &OwnerKey, key: &StoreKey) -> bool {
    index.has_entry(owner, key).await.expect("has_entry works")
}

async fn remove(index: &impl OwnerIndex, owner: &OwnerKey, keys: &[StoreKey]) {
    index.remove_entries(owner, keys).await.expect("remove_entries works");
}

/// What was entered is listed with its times to the millisecond, and nothing else is.
pub async fn entered_sessions_are_listed<H: Harness>(harness: &H) {
    let store = harness.store().await;
    let Some(index) = index(&store) else { return };
    assert!(entries(index, &OWNER).await.is_empty());
    let first = entry(harness, key(1));
    let second = OwnerEntry { key: key(2), ends_at: later(harness, Duration::from_secs(400 * 86_400)), ..first };
    enter(index, &OWNER, &first).await;
    enter(index, &OWNER, &second).await;
    assert_eq!(entries(index, &OWNER).await, BTreeMap::from([(key(1), first), (key(2), second)]));
    assert!(!has(index, &OWNER, &key(3)).await);
    assert_eq!(load(&store, &key(1)).await, None, "an entry is no record");
}

/// An entry that is there keeps when it was entered, and the later of both ends. One whose time is over begins anew.
pub async fn entering_again_keeps_the_later_end<H: Harness>(harness: &H) {
    let store = harness.store().await;
    let Some(index) = index(&store) else { return };
    let first = entry(harness, key(1));
    let (sooner, even_later) = (later(harness, Duration::from_secs(2)), later(harness, Duration::from_secs(9000)));
    let again = OwnerEntry { entered_at: later(harness, Duration::from_secs(1)), ..first };
    enter(index, &OWNER, &first).await;
    enter(index, &OWNER, &OwnerEntry { ends_at: sooner, ..again }).await;
    assert_eq!(entries(index, &OWNER).await, BTreeMap::from([(key(1), first)]));
    enter(index, &OWNER, &OwnerEntry { ends_at: even_later, ..again }).await;
    assert_eq!(entries(index, &OWNER).await, BTreeMap::from([(key(1), OwnerEntry { ends_at: even_later, ..first })]));

    enter(index, &OWNER, &OwnerEntry { key: key(2), ends_at: sooner, ..first }).await;
    until(harness, sooner).await;
    enter(index, &OWNER, &OwnerEntry { key: key(2), ..again }).await;
    assert_eq!(entries(index, &OWNER).await.get(&key(2)), Some(&OwnerEntry { key: key(2), ..again }));
}

/// Owners are 32 bytes of any value, and so are the keys of their sessions: those that differ in one bit are two.
pub async fn entries_of_owners_do_not_mix<H: Harness>(harness: &H) {
    let store = harness.store().await;
    let Some(index) = index(&store) else { return };
    let keys = awkward_keys();
    let owner_of = |key: &StoreKey| OwnerKey::from_bytes(*key.as_bytes());
    let given = entry(harness, key(1));
    for key in &keys {
        enter(index, &owner_of(key), &given).await;
        enter(index, &OWNER, &OwnerEntry { key: *key, ..given }).await;
    }
    remove(index, &owner_of(&keys[0]), &[given.key]).await;
    for (n, key) in keys.iter().enumerate() {
        let left = if n == 0 { BTreeMap::new() } else { BTreeMap::from([(given.key, given)]) };
        assert_eq!(entries(index, &owner_of(key)).await, left, "{:?}", key.as_bytes());
    }
    let own: BTreeMap<_, _> = keys.iter().map(|key| (*key, OwnerEntry { key: *key, ..given })).collect();
    assert_eq!(entries(index, &OWNER).await, own);
}

/// `remove_entries` removes those that it names, of that owner; it may name some that are not there, or none at all.
pub async fn removing_entries_removes_those_alone<H: Harness>(harness: &H) {
    let store = harness.store().await;
    let Some(index) = index(&store) else { return };
    let other = OwnerKey::from_bytes([8; 32]);
    for n in 1..=4 {
        enter(index, &OWNER, &entry(harness, key(n))).await;
        enter(index, &other, &entry(harness, key(n))).await;
    }
    remove(index, &OWNER, &[]).await;
    assert_eq!(entries(index, &OWNER).await.len(), 4);
    remove(index, &OWNER, &[key(1), key(9), key(3)]).await;
    remove(index, &OWNER, &[key(3)]).await;
    assert_eq!(entries(index, &OWNER).await.into_keys().collect::<Vec<_>>(), [key(2), key(4)]);
    assert!(!has(index, &OWNER, &key(1)).await);
    assert_eq!(entries(index, &other).await.len(), 4);
    enter(index, &OWNER, &entry(harness, key(1))).await;
    assert_eq!(entries(index, &OWNER).await.len(), 3, "what was removed can be entered again");
}

/// An entry is there in the last millisecond before its end, and not at its end; nor can it be extended then.
pub async fn entries_end_at_the_millisecond<H: Harness>(harness: &H) {
    let store = harness.store().await;
    let Some(index) = index(&store) else { return };
    let ending = OwnerEntry { ends_at: later(harness, Duration::from_secs(2)), ..entry(harness, key(1)) };
    let lasting = entry(harness, key(2));
    enter(index, &OWNER, &ending).await;
    enter(index, &OWNER, &lasting).await;
    let margin = if harness.moves_time() { Duration::from_millis(1) } else { Duration::from_secs(1) };
    until(harness, ending.ends_at - margin).await;
    assert_eq!(entries(index, &OWNER).await, BTreeMap::from([(key(1), ending), (key(2), lasting)]));
    until(harness, ending.ends_at).await;
    assert_eq!(entries(index, &OWNER).await, BTreeMap::from([(key(2), lasting)]));
    assert!(!has(index, &OWNER, &key(1)).await, "has_entry sees no entry past its end");
}

/// 1,000 sessions of one owner are all listed, and removed in as many calls as it takes.
pub async fn many_entries_come_and_go<H: Harness>(harness: &H) {
    let store = harness.store().await;
    let Some(index) = index(&store) else { return };
    let keys: Vec<_> = (0..1000).map(numbered).collect();
    for keys in keys.chunks(50) {
        let entered = keys.iter().map(|key| {
            let entry = entry(harness, *key);
            async move { enter(index, &OWNER, &entry).await }
        });
        futures_util::future::join_all(entered).await;
    }
    assert_eq!(entries(index, &OWNER).await.into_keys().collect::<Vec<_>>(), keys);
    for some in keys[10..].chunks(MAX_REMOVED) {
        remove(index, &OWNER, some).await;
    }
    assert_eq!(entries(index, &OWNER).await.into_keys().collect::<Vec<_>>(), keys[..10]);
}

/// 50 tasks enter sessions of one owner and remove some of them: all that stay are there, and each sees its own at once.
pub async fn no_entry_is_lost_in_a_race<H: Harness>(harness: &H) {
    let store = Arc::new(harness.store().await);
    if index(&*store).is_none() {
        return;
    }
    let given = entry(harness, key(0));
    let race = race_of(harness, TASKS, |n| {
        let store = store.clone();
        async move {
            let Some(index) = index(&*store) else { return };
            for key in [numbered(2 * n), numbered(2 * n + 1)] {
                enter(index, &OWNER, &OwnerEntry { key, ..given }).await;
                assert!(has(index, &OWNER, &key).await, "what was entered is there at once");
            }
            let listed = index.entries(&OWNER).await.expect("entries works");
            assert!(listed.iter().any(|entry| entry.key == numbered(2 * n)), "what was entered is listed at once");
            remove(index, &OWNER, &[numbered(2 * n)]).await;
            assert!(!has(index, &OWNER, &numbered(2 * n)).await, "what was removed is gone at once");
        }
    });
    race.await;
    let Some(index) = index(&*store) else { return };
    let left: Vec<_> = (0..TASKS).map(|n| numbered(2 * n + 1)).collect();
    assert_eq!(entries(index, &OWNER).await.into_keys().collect::<Vec<_>>(), left);
}

/// An index that is down says so on every call. It never says that an owner has no sessions: that would revoke nothing.
///
/// Passes where [`Harness::failing`] is `None`.
pub async fn a_failing_index_says_so<H: Harness>(harness: &H) {
    let Some(store) = harness.failing().await else { return };
    let Some(index) = index(&store) else { return };
    index.enter(&OWNER, &entry(harness, key(1))).await.expect_err("enter says that the store is down");
    index.entries(&OWNER).await.expect_err("entries says that the store is down");
    index.has_entry(&OWNER, &key(1)).await.expect_err("has_entry says that the store is down");
    index.remove_entries(&OWNER, &[key(1)]).await.expect_err("remove_entries says that the store is down");
}
