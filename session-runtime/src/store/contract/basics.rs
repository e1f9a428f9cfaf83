//! What each call does on its own.

use super::expiry::until;
use super::*;
use crate::store::{Refreshed, Touched};

/// `load` of a key that nobody created is `None`, and no error.
pub async fn a_missing_key_loads_as_none<H: Harness>(harness: &H) {
    let store = harness.store().await;
    assert_eq!(load(&store, &key(1)).await, None);
    assert_eq!(store.load_current(&key(1)).await.expect("load_current works"), None);
}

/// After `create`, `load` gives the same bytes, the version that `create` named, and the expiry to the millisecond.
pub async fn what_was_created_loads_back<H: Harness>(harness: &H) {
    let (store, at) = (harness.store().await, in_an_hour(harness));
    let version = create(&store, &key(1), "data", at).await;
    let stored = Stored { version, bytes: "data".into(), expires_at: at };
    assert_eq!(load(&store, &key(1)).await, Some(stored));
}

/// `create` on a key that is in use says `Taken`, and leaves bytes, version and expiry alone.
pub async fn create_on_a_taken_key_changes_nothing<H: Harness>(harness: &H) {
    let (store, at) = (harness.store().await, in_an_hour(harness));
    create(&store, &key(1), "first", at).await;
    let before = load(&store, &key(1)).await;
    let again = store.create(&key(1), "second".into(), later(harness, Duration::from_secs(9000))).await;
    assert_eq!(again.expect("create works"), Created::Taken);
    assert_eq!(load(&store, &key(1)).await, before);
}

/// `replace` of the current version stores bytes and expiry, under a version that the key never had.
pub async fn replace_of_the_current_version_gives_a_new_one<H: Harness>(harness: &H) {
    let (store, at) = (harness.store().await, in_an_hour(harness));
    let mut seen = vec![create(&store, &key(1), "same", at).await];
    for _ in 0..3 {
        let version = replace_wins(&store, &key(1), &seen[seen.len() - 1], "same", at).await;
        assert!(!seen.contains(&version), "replace handed out {version:?} a second time");
        let stored = Stored { version, bytes: "same".into(), expires_at: at };
        assert_eq!(load(&store, &key(1)).await, Some(stored));
        seen.push(version);
    }
}

/// `replace` of a version that is no longer current says `Stale` with the record as it is, and changes nothing.
pub async fn replace_of_a_stale_version_hands_back_the_current_record<H: Harness>(harness: &H) {
    let (store, at) = (harness.store().await, in_an_hour(harness));
    let first = create(&store, &key(1), "first", at).await;
    let second = replace_wins(&store, &key(1), &first, "second", at).await;
    let current = Stored { version: second, bytes: "second".into(), expires_at: at };
    let late = replace(&store, &key(1), &first, "late", later(harness, Duration::from_secs(9000))).await;
    assert_eq!(late, Replaced::Stale(current.clone()));
    assert_eq!(load(&store, &key(1)).await, Some(current));
}

/// A late `replace` of a deleted record says `Gone` and does not bring it back: logout is final.
pub async fn replace_after_delete_is_gone<H: Harness>(harness: &H) {
    let (store, at) = (harness.store().await, in_an_hour(harness));
    let version = create(&store, &key(1), "data", at).await;
    store.delete(&key(1)).await.expect("delete works");
    assert_eq!(replace(&store, &key(1), &version, "late", at).await, Replaced::Gone);
    assert_eq!(load(&store, &key(1)).await, None);
}

/// `replace` of a key that never was says `Gone` and creates nothing.
pub async fn replace_never_creates<H: Harness>(harness: &H) {
    let (store, at) = (harness.store().await, in_an_hour(harness));
    let version = create(&store, &key(1), "data", at).await;
    assert_eq!(replace(&store, &key(2), &version, "data", at).await, Replaced::Gone);
    assert_eq!(load(&store, &key(2)).await, None);
}

/// A key that was deleted and created again accepts no version of its former life.
pub async fn a_recreated_key_refuses_its_old_version<H: Harness>(harness: &H) {
    let (store, at) = (harness.store().await, in_an_hour(harness));
    let old = create(&store, &key(1), "old", at).await;
    store.delete(&key(1)).await.expect("delete works");
    let new = create(&store, &key(1), "new", at).await;
    let current = Stored { version: new, bytes: "new".into(), expires_at: at };
    assert_eq!(replace(&store, &key(1), &old, "late", at).await, Replaced::Stale(current.clone()));
    assert_eq!(store.touch(&key(1), &old, at).await.expect("touch works"), Touched::Stale);
    assert_eq!(load(&store, &key(1)).await, Some(current));
}

/// `load_now` says nothing, or what `load` says: of a record, of another one in its place, and of one that has expired.
pub async fn load_now_says_what_load_says<H: Harness>(harness: &H) {
    let (store, key) = (harness.store().await, key(1));
    let agree = async || {
        let (now, loaded) = (store.load_now(&key), load(&store, &key).await);
        assert!(now.is_none() || now == loaded, "load_now says {now:?} where load says {loaded:?}");
    };
    agree().await;
    let first = create(&store, &key, "first", in_an_hour(harness)).await;
    agree().await;
    let second = replace_wins(&store, &key, &first, "second", in_an_hour(harness)).await;
    agree().await;
    let soon = later(harness, Duration::from_secs(2));
    store.touch(&key, &second, soon).await.expect("touch works");
    agree().await;
    until(harness, soon).await;
    agree().await;
    create(&store, &key, "third", in_an_hour(harness)).await;
    store.delete(&key).await.expect("delete works");
    agree().await;
}

/// `load_current` sees every write that was answered before it was asked, also where `load` may be behind.
pub async fn load_current_sees_the_last_write<H: Harness>(harness: &H) {
    let (store, at) = (harness.store().await, in_an_hour(harness));
    let mut version = create(&store, &key(1), "0", at).await;
    for n in 1..20 {
        load(&store, &key(1)).await;
        version = replace_wins(&store, &key(1), &version, n.to_string(), at).await;
        let seen = store.load_current(&key(1)).await.expect("load_current works");
        assert_eq!(seen, Some(Stored { version, bytes: n.to_string().into(), expires_at: at }));
    }
    store.delete(&key(1)).await.expect("delete works");
    assert_eq!(store.load_current(&key(1)).await.expect("load_current works"), None);
}

/// `load_if_changed` says `Unchanged` of the version that is stored, and hands the record out to whoever knows another one.
pub async fn load_if_changed_compares_versions<H: Harness>(harness: &H) {
    let (store, at) = (harness.store().await, in_an_hour(harness));
    let first = create(&store, &key(1), "first", at).await;
    assert_eq!(refresh(&store, &key(1), &first).await, Refreshed::Unchanged { expires_at: at });
    let longest = Version::from_bytes(&[0xff; Version::MAX]).expect("64 bytes are a version");
    let empty = Version::from_bytes(&[]).expect("no bytes are a version");
    let current = Stored { version: first, bytes: "first".into(), expires_at: at };
    for other in [Version::from(u64::MAX), empty, longest] {
        assert_eq!(refresh(&store, &key(1), &other).await, Refreshed::Changed(current.clone()), "{other:?}");
    }
    assert_eq!(refresh(&store, &key(2), &first).await, Refreshed::Gone);
}

/// `load_if_changed` sees every write that was answered before it was asked: another record, another expiry, none any more.
pub async fn load_if_changed_sees_the_last_write<H: Harness>(harness: &H) {
    let (store, at) = (harness.store().await, in_an_hour(harness));
    let touched = later(harness, Duration::from_secs(9000));
    let mut known = create(&store, &key(1), "0", at).await;
    for n in 1..20 {
        load(&store, &key(1)).await;
        let version = replace_wins(&store, &key(1), &known, n.to_string(), at).await;
        let current = Stored { version, bytes: n.to_string().into(), expires_at: at };
        assert_eq!(refresh(&store, &key(1), &known).await, Refreshed::Changed(current));
        store.touch(&key(1), &version, touched).await.expect("touch works");
        assert_eq!(refresh(&store, &key(1), &version).await, Refreshed::Unchanged { expires_at: touched });
        known = version;
    }
    store.delete(&key(1)).await.expect("delete works");
    assert_eq!(refresh(&store, &key(1), &known).await, Refreshed::Gone);
    let version = create(&store, &key(1), "0", at).await;
    let current = Stored { version, bytes: "0".into(), expires_at: at };
    assert_eq!(refresh(&store, &key(1), &known).await, Refreshed::Changed(current), "the key has a new life");
}

/// `delete` removes whatever version there is and hands it back; a second one has nothing to hand back.
pub async fn delete_hands_back_what_it_removed<H: Harness>(harness: &H) {
    let (store, at) = (harness.store().await, in_an_hour(harness));
    let first = create(&store, &key(1), "first", at).await;
    let version = replace_wins(&store, &key(1), &first, "second", at).await;
    let removed = store.delete(&key(1)).await.expect("delete works");
    assert_eq!(removed, Some(Stored { version, bytes: "second".into(), expires_at: at }));
    assert_eq!(load(&store, &key(1)).await, None);
    assert_eq!(store.delete(&key(1)).await.expect("delete works"), None);
}

/// A store that is down says so on every call. It never says that a record is missing: that would log people out.
///
/// Passes where [`Harness::failing`] is `None`.
pub async fn a_failing_store_says_so<H: Harness>(harness: &H) {
    let Some(store) = harness.failing().await else { return };
    let (at, version) = (in_an_hour(harness), Version::from(1));
    store.load(&key(1)).await.expect_err("load says that the store is down");
    store.load_current(&key(1)).await.expect_err("load_current says that the store is down");
    store.load_if_changed(&key(1), &version).await.expect_err("load_if_changed says that the store is down");
    store.create(&key(1), "data".into(), at).await.expect_err("create says that the store is down");
    store.replace(&key(1), &version, "data".into(), at).await.expect_err("replace says that the store is down");
    store.touch(&key(1), &version, at).await.expect_err("touch says that the store is down");
    store.delete(&key(1)).await.expect_err("delete says that the store is down");
}
