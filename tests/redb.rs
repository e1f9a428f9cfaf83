//! What the store in a file promises beyond the contract: it opens again at once, loses nothing that was queued, sweeps, and says
//! clearly why a file cannot be opened.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use cloakroom::store::{Created, Version};
use cloakroom::stores::RedbStore;
use cloakroom::{Clock, ManualClock, SessionStore, StoreKey};
use tempfile::TempDir;

/// One file, and the clock that its stores follow.
struct Redb {
    clock: ManualClock,
    folder: TempDir,
}

impl Redb {
    fn new() -> Self {
        Self { clock: ManualClock::default(), folder: TempDir::new().unwrap() }
    }

    fn open(&self) -> RedbStore {
        RedbStore::builder(self.folder.path().join("shop.redb")).clock(self.clock.clone()).open().unwrap()
    }
}

fn key(n: u32) -> StoreKey {
    let mut bytes = [0; 32];
    bytes[..4].copy_from_slice(&n.to_be_bytes());
    StoreKey::from_bytes(bytes)
}

async fn create(store: &RedbStore, n: u32, expires_at: SystemTime) -> Version {
    match store.create(&key(n), n.to_string().into(), expires_at).await.unwrap() {
        Created::New(version) => version,
        Created::Taken => panic!("session {n} was there"),
    }
}

#[tokio::test]
async fn redb_closes_with_its_last_handle_and_opens_again_at_once() {
    let redb = Redb::new();
    let at = redb.clock.now() + Duration::from_secs(3600);
    for n in 0..20 {
        let store = redb.open();
        let clone = store.clone();
        drop(store);
        create(&clone, n, at).await;
        for earlier in 0..=n {
            let stored = clone.load(&key(earlier)).await.unwrap().unwrap();
            assert_eq!(stored.bytes, earlier.to_string());
        }
    }
}

#[tokio::test]
async fn redb_finishes_what_is_queued_before_it_closes() {
    let redb = Redb::new();
    let at = redb.clock.now() + Duration::from_secs(3600);
    let store = redb.open();
    for n in 0..200 {
        let write = async { create(&store, n, at).await };
        let mut write = std::pin::pin!(write);
        let _ = std::future::poll_fn(|context| std::task::Poll::Ready(write.as_mut().poll(context))).await;
    }
    drop(store);
    let store = redb.open();
    for n in 0..200 {
        assert!(store.load(&key(n)).await.unwrap().is_some(), "session {n} was queued");
    }
}

#[tokio::test]
async fn redb_accepts_no_old_version_after_reopening() {
    let redb = Redb::new();
    let at = redb.clock.now() + Duration::from_secs(3600);
    let store = redb.open();
    let old = create(&store, 1, at).await;
    store.delete(&key(1)).await.unwrap();
    drop(store);
    let store = redb.open();
    assert_ne!(create(&store, 1, at).await, old);
}

#[tokio::test]
async fn redb_sweeps_what_has_expired_and_nothing_else() {
    let redb = Redb::new();
    let (store, now) = (redb.open(), redb.clock.now());
    let mut versions = Vec::new();
    for n in 0..60 {
        versions.push(create(&store, n, now + Duration::from_secs(60)).await);
    }
    for n in 0..20 {
        store.touch(&key(n), &versions[n as usize], now + Duration::from_secs(120)).await.unwrap();
    }
    for n in 20..40 {
        store.replace(&key(n), &versions[n as usize], "new".into(), now + Duration::from_secs(30)).await.unwrap();
    }
    for (after, swept) in [(29_999, 0), (1, 20), (29_999, 0), (1, 20), (59_999, 0), (1, 20), (0, 0)] {
        redb.clock.advance(Duration::from_millis(after));
        assert_eq!(store.sweep().await.unwrap(), swept);
    }
}

fn refusal(path: impl AsRef<std::path::Path>) -> String {
    RedbStore::open(path).unwrap_err().to_string()
}

#[test]
fn redb_says_why_a_file_cannot_be_opened() {
    let folder = TempDir::new().unwrap();
    let (path, there) = (folder.path().join("shop.redb"), folder.path().display());

    let store = RedbStore::open(&path).unwrap();
    assert_eq!(
        refusal(&path),
        format!(
            "the session store failed: `{there}/shop.redb` is open already, in another process or in this one: is the \
             server still running? `fuser {there}/shop.redb` names it; within one process, clone the store instead of \
             opening it again"
        )
    );
    drop(store);
    RedbStore::open(&path).unwrap();

    assert_eq!(
        refusal(folder.path()),
        format!(
            "the session store failed: `{there}` cannot be opened, it is a folder: name a file in it (Is a directory (os error 21))"
        )
    );
    assert_eq!(
        refusal(folder.path().join("no/shop.redb")),
        format!(
            "the session store failed: `{there}/no/shop.redb` cannot be opened, its folder does not exist: make it first \
             (No such file or directory (os error 2))"
        )
    );
    for junk in ["a", "not a database\n", &"x".repeat(100_000)] {
        std::fs::write(folder.path().join("junk"), junk).unwrap();
        assert_eq!(
            refusal(folder.path().join("junk")),
            format!("the session store failed: `{there}/junk` is no redb file: move it away, or open another path")
        );
        assert_eq!(std::fs::read_to_string(folder.path().join("junk")).unwrap(), junk, "it is left alone");
    }
}

#[test]
fn redb_refuses_a_newer_format_and_another_programs_file() {
    const META: redb::TableDefinition<'_, &str, u64> = redb::TableDefinition::new("cloakroom_meta");
    const OTHER: redb::TableDefinition<'_, &str, u64> = redb::TableDefinition::new("accounts");
    let folder = TempDir::new().unwrap();
    let there = folder.path().display();

    RedbStore::open(folder.path().join("shop.redb")).unwrap();
    write(&folder.path().join("shop.redb"), META, "format");
    assert_eq!(
        refusal(folder.path().join("shop.redb")),
        format!(
            "the session store failed: `{there}/shop.redb` has format 2, and this program reads formats up to 1: \
             update the program, or open another path"
        )
    );

    write(&folder.path().join("accounts.redb"), OTHER, "alice");
    assert_eq!(
        refusal(folder.path().join("accounts.redb")),
        format!(
            "the session store failed: `{there}/accounts.redb` holds another program's tables: \
             give the sessions a file of their own"
        )
    );
}

fn write(path: &std::path::Path, table: redb::TableDefinition<'_, &str, u64>, key: &str) {
    let database = redb::Database::create(path).unwrap();
    let transaction = database.begin_write().unwrap();
    transaction.open_table(table).unwrap().insert(key, 2).unwrap();
    transaction.commit().unwrap();
}

#[cfg(unix)]
#[test]
fn a_new_redb_file_is_readable_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().unwrap();
    RedbStore::open(folder.path().join("shop.redb")).unwrap();
    let mode = std::fs::metadata(folder.path().join("shop.redb")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

/// A process that is killed while it makes the file leaves it without the bytes that redb writes last.
#[tokio::test]
async fn redb_makes_a_file_anew_whose_making_was_cut_short() {
    const MAGIC: std::ops::Range<usize> = 0..9;
    const HEADER: usize = 320;
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("shop.redb");
    RedbStore::open(&path).unwrap();
    let finished = std::fs::read(&path).unwrap();

    let mut without_magic = vec![0; finished.len()];
    without_magic[MAGIC.end..HEADER].copy_from_slice(&finished[MAGIC.end..HEADER]);
    for left in [vec![0; finished.len()], without_magic.clone()] {
        std::fs::write(&path, left).unwrap();
        let store = RedbStore::open(&path).expect("nothing was ever stored in it");
        let key = StoreKey::from_bytes([1; 32]);
        store.create(&key, Bytes::from_static(b"kept"), SystemTime::now() + Duration::from_secs(60)).await.unwrap();
        drop(store);
        let stored = RedbStore::open(&path).unwrap().load(&key).await.unwrap();
        assert_eq!(stored.unwrap().bytes, "kept");
    }

    let mut somebodys = without_magic;
    somebodys[5_000] = 1;
    std::fs::write(&path, &somebodys).unwrap();
    assert!(RedbStore::open(&path).unwrap_err().to_string().contains("is no redb file"));
    assert_eq!(std::fs::read(&path).unwrap(), somebodys, "it is left alone");
}
