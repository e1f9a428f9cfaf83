//! A thief has a copy of all that the store keeps.

use std::path::Path;

use cloakroom::stores::{Encrypted, RedbStore, RedisStore, SqliteStore};
use cloakroom::{MemoryStore, SealKeys, SessionStore, Sessions};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use tests::servers::RedisServer;
use tests::{Visitor, secret};

use super::{ADDRESS, Archive, WISH, fill, in_an_hour, key};

/// What must not be found: values, in the shapes that a record has them in, and the names of the fields.
const TELLTALES: [&[u8]; 8] = [
    ADDRESS.as_bytes(),
    WISH.as_bytes(),
    &0x5eed_f00d_dead_beef_u64.to_be_bytes(),
    &0x5eed_f00d_dead_beef_u64.to_le_bytes(),
    b"customer_number",
    b"delivery_address",
    b"wishListItems",
    b"Stradivari",
];

fn finds(dump: &[u8], needle: &[u8]) -> bool {
    dump.windows(needle.len()).any(|window| window == needle)
}

/// Fills a session in the store, and hands out its token.
async fn filled(store: impl SessionStore) -> String {
    let mut visitor = Visitor::<Archive>::new(Sessions::new(store));
    visitor.visit(fill).await.unwrap();
    visitor.visit(async |session| session.update_wishes(|wishes| wishes.push(WISH.into())).await).await.unwrap();
    assert_eq!(visitor.visit(async |session| session.wishes().await).await.unwrap().len(), 4);
    visitor.token().unwrap().to_owned()
}

/// Looks through the dump of a store without encryption first: what is not found there would prove nothing.
fn assert_tells_nothing(plain: &[u8], encrypted: &[u8], token: &str) {
    let found = |dump| TELLTALES.iter().filter(|needle| finds(dump, needle)).count();
    assert!(found(plain) >= 6, "the search is blind: {} of {}", found(plain), TELLTALES.len());
    for needle in TELLTALES {
        assert!(!finds(encrypted, needle), "the dump shows `{}`", needle.escape_ascii());
    }
    let bytes = secret::decode(token.as_bytes()).unwrap();
    for secret in [token.as_bytes(), &bytes[..], &token.as_bytes()[..12], &bytes[..12]] {
        assert!(!finds(encrypted, secret), "the dump shows the token");
    }
    // What stands there is a hash that takes the whole token to compute: no part of it can be tried alone.
    assert!(finds(encrypted, secret::key("archive", token).as_bytes()), "this is the dump of another store");
    for part in [Sha256::digest(token), Sha256::digest(bytes), Sha256::digest(&bytes[..16])] {
        assert!(!finds(encrypted, &part), "the dump tells whether a token is in it");
    }
}

/// All that is in a folder.
fn all_of(folder: &Path) -> Vec<u8> {
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files.flat_map(|file| std::fs::read(file).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redb_file_tells_nothing() {
    let (plain, encrypted) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    filled(RedbStore::open(plain.path().join("s.redb")).unwrap()).await;
    let store = RedbStore::open(encrypted.path().join("s.redb")).unwrap();
    let token = filled(Encrypted::new(store, SealKeys::ephemeral())).await;
    assert_tells_nothing(&all_of(plain.path()), &all_of(encrypted.path()), &token);
}

/// With its write-ahead log, where what was overwritten still stands.
#[tokio::test(flavor = "multi_thread")]
async fn a_sqlite_file_tells_nothing() {
    let (plain, encrypted) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let open = async |folder: &TempDir| SqliteStore::open(folder.path().join("s.sqlite")).await.unwrap();
    filled(open(&plain).await).await;
    let token = filled(Encrypted::new(open(&encrypted).await, SealKeys::ephemeral())).await;
    assert_tells_nothing(&all_of(plain.path()), &all_of(encrypted.path()), &token);
}

/// The file that Redis writes for backups and replicas. Uncompressed, so that the search sees what a thief would unpack.
#[tokio::test]
async fn a_redis_snapshot_tells_nothing() {
    let (plain, encrypted) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let start = |folder: &TempDir| {
        RedisServer::with(&["--save", "", "--rdbcompression", "no", "--dir", &folder.path().display().to_string()])
    };
    let (plain_server, encrypted_server) = (start(&plain), start(&encrypted));
    filled(RedisStore::connect(&plain_server.url()).unwrap()).await;
    let store = RedisStore::connect(&encrypted_server.url()).unwrap();
    let token = filled(Encrypted::new(store, SealKeys::ephemeral())).await;
    for server in [plain_server, encrypted_server] {
        assert_eq!(server.cli(&["SAVE"]).trim(), "OK");
    }
    assert_tells_nothing(&all_of(plain.path()), &all_of(encrypted.path()), &token);
}

/// The same data under one key, and again under the same storage key: no two records show that they are alike.
#[tokio::test]
async fn equal_records_do_not_look_alike() {
    let store = Encrypted::new(MemoryStore::new(), SealKeys::ephemeral());
    let data = "the same in each record, and long enough to be compared";
    for n in [1, 2] {
        store.create(&key(n), data.into(), in_an_hour()).await.unwrap();
    }
    let mut kept = Vec::new();
    for n in [1, 2] {
        kept.push(store.back().load(&key(n)).await.unwrap().unwrap());
    }
    store.replace(&key(1), &kept[0].version, data.into(), in_an_hour()).await.unwrap();
    kept.push(store.back().load(&key(1)).await.unwrap().unwrap());
    // The mark and the key's id are alike.
    const HEAD: usize = 3;
    for (one, other) in [(0, 1), (0, 2), (1, 2)] {
        let (one, other) = (&kept[one].bytes[HEAD..], &kept[other].bytes[HEAD..]);
        assert!(!one.windows(6).any(|bytes| finds(other, bytes)), "two records have six bytes in common");
    }
}

/// What a thief sees is the length: the record's, and this much more.
#[tokio::test]
async fn a_record_is_as_much_longer_as_is_said() {
    let store = Encrypted::new(MemoryStore::new(), SealKeys::ephemeral());
    for (n, length) in [0, 1, 300, 10_000].into_iter().enumerate() {
        store.create(&key(n as u8), vec![7; length].into(), in_an_hour()).await.unwrap();
        let kept = store.back().load(&key(n as u8)).await.unwrap().unwrap();
        assert_eq!(kept.bytes.len() - length, Encrypted::<MemoryStore>::OVERHEAD);
    }
    println!("{} bytes more for each record", Encrypted::<MemoryStore>::OVERHEAD);
}

/// `Debug` goes into logs.
#[test]
fn nothing_is_shown_of_the_keys() {
    let keys = SealKeys::from_text("correct-horse-battery-staple-0123456789").unwrap();
    let shown = format!("{:?}", Encrypted::new(MemoryStore::new(), keys));
    assert!(!shown.contains("horse") && shown.contains("MemoryStore"), "{shown}");
}
