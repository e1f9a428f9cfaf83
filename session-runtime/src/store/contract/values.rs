//! Which keys and values a store must keep apart and hand back unchanged.

use super::*;
use crate::store::Refreshed;

/// Keys are 32 bytes of any value: those that differ in one bit are two.
pub async fn keys_do_not_mix<H: Harness>(harness: &H) {
    let (store, at) = (harness.store().await, in_an_hour(harness));
    let keys = awkward_keys();
    for (n, key) in keys.iter().enumerate() {
        create(&store, key, n.to_string(), at).await;
    }
    for (n, key) in keys.iter().enumerate() {
        assert_eq!(
            load(&store, key).await.map(|stored| stored.bytes),
            Some(n.to_string().into()),
            "{:?}",
            key.as_bytes()
        );
    }
    store.delete(&keys[0]).await.expect("delete works");
    for (n, key) in keys.iter().enumerate() {
        assert_eq!(load(&store, key).await.is_some(), n != 0, "{:?}", key.as_bytes());
    }
}

/// All zero, all one, ASCII that ends early, and every neighbour of zero by one bit.
pub(super) fn awkward_keys() -> Vec<StoreKey> {
    let mut keys =
        vec![[0; 32], [0xff; 32], *b"key\0..\r\n'\";--%?*_\\/:{}[]()<>$&k.", *b"KEY\0..\r\n'\";--%?*_\\/:{}[]()<>$&k."];
    keys.extend((0..256).map(|bit| {
        let mut key = [0; 32];
        key[bit / 8] = 1 << (bit % 8);
        key
    }));
    keys.into_iter().map(StoreKey::from_bytes).collect()
}

/// From nothing at all to 1 MiB, by `create`, `replace`, `load`, `load_if_changed`, `Stale` and `delete`.
pub async fn values_of_any_size_come_back<H: Harness>(harness: &H) {
    let store = harness.store().await;
    for (n, size) in [0, 1, 64 << 10, 1 << 20].into_iter().enumerate() {
        round_trip(harness, &store, &key(n as u8), patterned(size)).await;
    }
}

/// Text in any script, every byte there is, and what a careless store would take for the end or for a number.
pub async fn values_of_any_bytes_come_back<H: Harness>(harness: &H) {
    let store = harness.store().await;
    let all: Vec<u8> = (0..=255).collect();
    let values: [&[u8]; 6] =
        ["żółć 漢字 🧥\u{0}\u{feff}".as_bytes(), &all, b"\0", b"\xff\xfe\x80", b"123", b" trim me \r\n"];
    for (n, value) in values.into_iter().enumerate() {
        round_trip(harness, &store, &key(n as u8), Bytes::copy_from_slice(value)).await;
    }
}

async fn round_trip<H: Harness>(harness: &H, store: &H::Store, key: &StoreKey, value: Bytes) {
    let at = in_an_hour(harness);
    let first = create(store, key, value.clone(), at).await;
    same(load(store, key).await.map(|stored| stored.bytes), &value, "load after create");
    let second = replace_wins(store, key, &first, "between", at).await;
    replace_wins(store, key, &second, value.clone(), at).await;
    same(load(store, key).await.map(|stored| stored.bytes), &value, "load after replace");
    match refresh(store, key, &first).await {
        Refreshed::Changed(current) => same(Some(current.bytes), &value, "what `load_if_changed` hands out"),
        other => panic!("load_if_changed of a stale version said {other:?}"),
    }
    match replace(store, key, &first, "late", at).await {
        Replaced::Stale(current) => same(Some(current.bytes), &value, "what `Stale` hands back"),
        other => panic!("replace of a stale version said {other:?}"),
    }
    let removed = store.delete(key).await.expect("delete works");
    same(removed.map(|stored| stored.bytes), &value, "what `delete` hands back");
}

/// Compares without printing a mebibyte.
fn same(found: Option<Bytes>, expected: &Bytes, what: &str) {
    let len = found.as_ref().map(Bytes::len);
    assert!(
        found.as_ref() == Some(expected),
        "{what}: {len:?} bytes came back that are not the {} stored",
        expected.len()
    );
}

fn patterned(size: usize) -> Bytes {
    (0..size).map(|n| (n * 31 % 251) as u8).collect()
}
