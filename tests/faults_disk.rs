//! Promise 8 on stores in a file: the disk is full, another process has the file locked, the file is deleted or replaced.
//!
//! The tests run this program again as a child: a test function that is nothing unless a variable is set.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::SystemTime;

use axum::Router;
use cloakroom::SessionStore;
use cloakroom::store::{Created, StoreKey};
use cloakroom::stores::{RedbStore, SqlBuilder, SqliteStore};
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqlitePoolOptions};
use tests::Browser;
use tests::faults::{CALL, PATIENCE, app, crowd, posts, reads, signed_in, update, visits};
use tokio::task::JoinSet;

const FULL: &str = "CLOAKROOM_DISK_FULL";
const LOCKED: &str = "CLOAKROOM_DISK_LOCKED";
/// What a file may grow by.
const ROOM: u64 = 2 << 20;

/// This program as a child that does one of its functions. Its files may not grow beyond a limit that it sets itself: to it, the
/// disk is full then, and no rights are needed for that. The signal that would come as well is ignored.
fn child(function: &str, variable: &str, value: &str) -> (Child, BufReader<ChildStdout>) {
    let mut child = Command::new("sh")
        .args(["-c", "trap '' XFSZ; exec \"$@\"", "sh"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", function, "--nocapture", "--test-threads=1"])
        .env(variable, value)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let said = BufReader::new(child.stdout.take().unwrap());
    (child, said)
}

/// The limit to the size of this process's files.
fn limit_files(to: &str) {
    let pid = std::process::id().to_string();
    let set = Command::new("prlimit").args(["--pid", &pid, &format!("--fsize={to}:unlimited")]).status();
    assert!(set.expect("`prlimit` is missing: apt-get install util-linux").success());
}

fn key(number: u32) -> StoreKey {
    let mut bytes = [0xd1; 32];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    StoreKey::from_bytes(bytes)
}

/// 16 KiB that differ from key to key.
fn value(number: u32) -> Vec<u8> {
    number.to_be_bytes().repeat(4 << 10)
}

async fn is_there(store: &impl SessionStore, number: u32) -> bool {
    store.load(&key(number)).await.unwrap().is_some_and(|stored| stored.bytes == value(number))
}

async fn assert_all_there(store: &impl SessionStore, written: u32) {
    for number in 0..written {
        assert!(is_there(store, number).await, "{number} of {written} was answered");
    }
}

/// Writes until there is no room, and how many writes were answered. A store may find some more once it has noticed.
async fn fill(store: &impl SessionStore, mut number: u32) -> u32 {
    let (at, mut refused) = (SystemTime::now() + PATIENCE * 60, 0);
    while refused < 20 {
        match store.create(&key(number), value(number).into(), at).await {
            Ok(created) => {
                assert!(matches!(created, Created::New(_)), "{number} is free");
                number += 1;
            }
            Err(_) => refused += 1,
        }
        assert!(number < 100_000, "the disk is never full");
    }
    number
}

/// Of the files in a folder.
fn longest(folder: &Path) -> u64 {
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().metadata().unwrap().len());
    files.max().unwrap()
}

async fn full_disk<S: SessionStore + Clone>(path: PathBuf, open: impl AsyncFn() -> S) {
    let store = open().await;
    let browser = signed_in(&app(store.clone())).await;
    let (mut written, mut number) = (0, 1);
    for round in 0..3 {
        limit_files(&(longest(path.parent().unwrap()) + ROOM).to_string());
        written = fill(&store, written).await;
        for _ in 0..20 {
            number = update(&browser).await.unwrap_or(number);
        }
        let mut stranger = Browser::new(app(store.clone()));
        let reply = stranger.post("/in").await;
        assert!(reply.status == 503 && reply.set_cookies().is_empty() || reply.status == 200, "{reply:?}");
        assert_eq!(visits(&browser).await, number, "what is there can be read");
        assert_all_there(&store, written).await;

        limit_files("unlimited");
        number += 1;
        assert_eq!(update(&browser).await, Some(number), "there is room, and nobody started it again");
        assert_all_there(&store, written).await;
        println!("round {round}: {written} written");
    }
    let cookies = browser.at(Router::new());
    drop((browser, store));
    let store = open().await;
    assert_all_there(&store, written).await;
    assert_eq!(visits(&cookies.at(app(store))).await, number);
    println!("\nall {written} there");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk() {
    let Ok(path) = std::env::var(FULL) else { return };
    let path = PathBuf::from(path);
    match path.extension().and_then(|end| end.to_str()) {
        Some("redb") => full_disk(path.clone(), async || RedbStore::open(&path).unwrap()).await,
        _ => full_disk(path.clone(), async || SqliteStore::open(&path).await.unwrap()).await,
    }
}

/// While the disk is full everything can be read; once it has room everything can be written, and all that was answered is there.
fn survives_a_full_disk(file: &str) {
    let folder = tempfile::tempdir().unwrap();
    let (mut child, said) = child("on_a_full_disk", FULL, &folder.path().join(file).display().to_string());
    let said: String = said.lines().map(|line| line.unwrap() + "\n").collect();
    assert!(child.wait().unwrap().success() && said.contains("there\n"), "{said}");
    println!("{file}: {said}");
}

#[test]
fn redb_on_a_full_disk() {
    survives_a_full_disk("shop.redb");
}

#[test]
fn sqlite_on_a_full_disk() {
    survives_a_full_disk("shop.sqlite");
}

/// A file with room for forty pages: once it is full, sessions can still be read and ended, which makes room for others.
#[tokio::test]
async fn sqlite_in_a_file_that_may_not_grow() {
    let folder = tempfile::tempdir().unwrap();
    let options = SqliteConnectOptions::new().filename(folder.path().join("shop.sqlite")).create_if_missing(true);
    let full = SqlitePoolOptions::new().connect_lazy_with(options.pragma("max_page_count", "40"));
    let store = SqlBuilder::new(full).time_limit(PATIENCE).build().unwrap();
    let _: &SqliteStore = &store;
    store.migrate().await.unwrap();
    let app = app(store);
    let first = signed_in(&app).await;
    let mut others = Vec::new();
    loop {
        let mut browser = Browser::new(app.clone());
        let reply = browser.post("/in").await;
        if reply.status == 503 {
            assert!(reply.set_cookies().is_empty(), "{reply:?}");
            break;
        }
        others.push(browser);
        assert!(others.len() < 10_000, "the file is never full");
    }
    assert_eq!(visits(&first).await, 1);
    assert!(posts(&first, "/set").await, "a write of the same size still fits");
    for mut browser in others {
        assert_eq!(visits(&browser).await, 0);
        assert_eq!(browser.post("/out").await.status, 200);
    }
    signed_in(&app).await;
}

#[tokio::test]
async fn holds_the_lock() {
    let Ok(path) = std::env::var(LOCKED) else { return };
    let mut connection = SqliteConnection::connect(&format!("sqlite:{path}")).await.unwrap();
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut connection).await.unwrap();
    println!("\nlocked");
    std::io::stdin().read_line(&mut String::new()).unwrap();
    sqlx::raw_sql("COMMIT").execute(&mut connection).await.unwrap();
}

/// Somebody's long transaction: reads go on, writes are 503s in time, and nothing piles up.
#[tokio::test(flavor = "multi_thread")]
async fn sqlite_that_another_process_has_locked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.sqlite");
    SqliteStore::builder(&path).unwrap().time_limit(PATIENCE).build().unwrap().migrate().await.unwrap();
    let browser = signed_in(&app(SqliteStore::builder(&path).unwrap().time_limit(CALL).build().unwrap())).await;
    let tasks = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    let before = tasks();
    let (mut other, mut said) = child("holds_the_lock", LOCKED, &path.display().to_string());
    said.by_ref().lines().find(|line| line.as_ref().unwrap() == "locked").expect("it has the lock").unwrap();
    // They give up one after the other, and each in turn is the next to write for a moment.
    let mut writers = JoinSet::new();
    for _ in 0..30 {
        let writer = browser.clone();
        writers.spawn(async move { update(&writer).await });
        assert!(reads(&browser).await, "nobody has to wait to read");
    }
    while !writers.is_empty() {
        assert!(reads(&browser).await, "nobody has to wait to read");
        while let Some(written) = writers.try_join_next() {
            assert_eq!(written.unwrap(), None);
        }
    }
    assert_eq!(crowd(&browser, 100).await, 50, "all that read are served, and none that write");
    assert!(tasks() < before + 25, "{} tasks are left over, {before} were there", tasks());
    other.stdin.take().unwrap().write_all(b"end\n").unwrap();
    std::io::copy(&mut said, &mut std::io::sink()).unwrap();
    assert!(other.wait().unwrap().success());
    let began = std::time::Instant::now();
    while update(&browser).await.is_none() {
        assert!(began.elapsed() < PATIENCE, "it can never be written again");
    }
    println!("locked: served again after {:?}, the number is {}", began.elapsed(), visits(&browser).await);
}

/// On Unix a file is there for as long as somebody has it open. Nothing is noticed until the program starts again.
#[tokio::test(flavor = "multi_thread")]
async fn redb_whose_file_is_deleted_or_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sessions.redb");
    for replace in [false, true] {
        let browser = signed_in(&app(RedbStore::open(&path).unwrap())).await;
        std::fs::rename(&path, folder.path().join("away.redb")).unwrap();
        if replace {
            drop(RedbStore::open(&path).unwrap());
        } else {
            std::fs::remove_file(folder.path().join("away.redb")).unwrap();
        }
        assert_eq!(crowd(&browser, 40).await, 40);
        assert_eq!(visits(&browser).await, 21);
    }
}

/// Connections that are open go on; a new one finds no file, and its request is a 503.
#[tokio::test(flavor = "multi_thread")]
async fn sqlite_whose_file_is_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sessions.sqlite");
    let browser = signed_in(&app(SqliteStore::open(&path).await.unwrap())).await;
    std::fs::remove_file(&path).unwrap();
    let served = crowd(&browser, 40).await;
    reads(&browser).await;
    println!("deleted: {served} of 40 served");
}
