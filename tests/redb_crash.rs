//! `kill -9` at any moment: the file opens again, and every write that was answered is in it.
//!
//! The tests run this program again as a child: a test function that is nothing unless a variable is set. Each key's writes
//! follow from its step alone, so whatever the child was doing, a key must stand at the last answered step or at the next.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use cloakroom::store::{Created, Replaced, Touched, Version};
use cloakroom::stores::RedbStore;
use cloakroom::{SessionStore, StoreKey};

use tempfile::TempDir;

const FILE: &str = "CLOAKROOM_CRASH_FILE";
const ROUND: &str = "CLOAKROOM_CRASH_ROUND";
const TASKS: u32 = 24;

/// What a key holds after a step: a record's bytes, version and expiry, or nothing.
type Held = Option<(Bytes, u64, SystemTime)>;

fn key(round: u32, task: u32) -> StoreKey {
    let mut bytes = [0xc1; 32];
    bytes[..4].copy_from_slice(&round.to_be_bytes());
    bytes[4..8].copy_from_slice(&task.to_be_bytes());
    StoreKey::from_bytes(bytes)
}

/// From a few bytes to a few pages, so that pages are split, merged and freed.
fn value(step: u32) -> Bytes {
    let mut value = step.to_be_bytes().to_vec();
    value.resize(4 + (step as usize * 7919 % 9000), step as u8);
    value.into()
}

/// Far away, and different for each step.
fn expiry(step: u32) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(4_000_000_000 + u64::from(step))
}

fn number(version: &Version) -> u64 {
    u64::from_be_bytes(version.as_bytes().try_into().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn child() {
    let Ok(file) = std::env::var(FILE) else { return };
    let round: u32 = std::env::var(ROUND).unwrap().parse().unwrap();
    let store = RedbStore::open(file).unwrap();
    println!("open");
    let tasks: Vec<_> = (0..TASKS).map(|task| tokio::spawn(write_for_ever(store.clone(), round, task))).collect();
    for task in tasks {
        task.await.unwrap();
    }
}

/// Says `done TASK STEP VERSION` once a step is answered.
async fn write_for_ever(store: RedbStore, round: u32, task: u32) {
    let (key, mut version) = (key(round, task), Version::from(0));
    for step in 0.. {
        version = one_step(&store, &key, step, version).await;
        println!("done {task} {step} {}", number(&version));
    }
}

/// Create, replace, touch, replace, delete, and so on.
async fn one_step(store: &RedbStore, key: &StoreKey, step: u32, version: Version) -> Version {
    match step % 5 {
        0 => match store.create(key, value(step), expiry(step)).await.unwrap() {
            Created::New(version) => version,
            Created::Taken => panic!("step {step}: taken"),
        },
        2 => {
            assert_eq!(store.touch(key, &version, expiry(step)).await.unwrap(), Touched::Done);
            version
        }
        4 => {
            let removed = store.delete(key).await.unwrap().expect("it was there");
            assert_eq!(removed.version, version);
            version
        }
        _ => match store.replace(key, &version, value(step), expiry(step)).await.unwrap() {
            Replaced::Done(version) => version,
            other => panic!("step {step}: {other:?}"),
        },
    }
}

/// Whether `held` is what a key holds after `step`. `version` is the step's own, where it is known.
fn is_after(step: Option<u32>, version: Option<u64>, held: &Held) -> bool {
    let (Some(step), Some((bytes, found, expires_at))) = (step, held) else {
        return held.is_none() && step.is_none_or(|step| step % 5 == 4);
    };
    let written = if step % 5 == 2 { step - 1 } else { step };
    step % 5 != 4
        && *bytes == value(written)
        && *expires_at == expiry(step)
        && version.is_none_or(|version| version == *found)
}

async fn held(store: &RedbStore, key: &StoreKey) -> Held {
    let stored = store.load(key).await.unwrap()?;
    Some((stored.bytes, number(&stored.version), stored.expires_at))
}

struct Victim {
    child: Child,
    output: BufReader<ChildStdout>,
}

impl Victim {
    fn start(file: &Path, round: u32) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child", "--nocapture", "--test-threads=1"])
            .env(FILE, file)
            .env(ROUND, round.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { child, output }
    }

    /// Reads until the child has the file open.
    fn wait_until_open(&mut self) {
        let mut line = String::new();
        while !line.ends_with("open\n") {
            line.clear();
            assert_ne!(self.output.read_line(&mut line).unwrap(), 0, "the child ended early");
        }
    }

    /// Kills it once it has said `count` lines, and hands back all that it said before it was dead.
    fn kill_after(mut self, count: u32) -> String {
        let mut said = String::new();
        for _ in 0..count {
            assert_ne!(self.output.read_line(&mut said).unwrap(), 0, "the child ended early: {said}");
        }
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.output.read_to_string(&mut said).unwrap();
        said
    }
}

/// The last answered step of each task with its version, and every version that was given out.
fn answered(said: &str) -> (HashMap<u32, (u32, u64)>, HashSet<u64>) {
    let (mut last, mut versions) = (HashMap::new(), HashSet::new());
    for line in said.split_inclusive('\n').filter(|line| line.ends_with('\n')) {
        let Some(done) = line.trim_end().strip_prefix("done ") else { continue };
        let numbers: Vec<u64> = done.split(' ').map(|number| number.parse().unwrap()).collect();
        let (task, step, version) = (numbers[0] as u32, numbers[1] as u32, numbers[2]);
        last.insert(task, (step, version));
        if matches!(step % 5, 0 | 1 | 3) {
            assert!(versions.insert(version), "version {version} was given out twice");
        }
    }
    (last, versions)
}

/// One file over its rounds: what each key was found to hold, and the versions that were ever given out.
#[derive(Default)]
struct History {
    held: HashMap<StoreKey, Held>,
    versions: HashSet<u64>,
    answers: usize,
}

impl History {
    async fn check(&mut self, file: &Path, round: u32, said: &str) {
        let (last, versions) = answered(said);
        assert!(self.versions.is_disjoint(&versions), "a version was given out again after a crash");
        self.versions.extend(versions);
        self.answers += said.matches("done").count();
        let store = RedbStore::open(file).unwrap();
        for (key, before) in &self.held {
            assert_eq!(held(&store, key).await, *before, "a record of an earlier round changed");
        }
        for task in 0..TASKS {
            let key = key(round, task);
            let found = held(&store, &key).await;
            let (step, version) = last.get(&task).map_or((None, None), |(step, version)| (Some(*step), Some(*version)));
            let next = step.map_or(0, |step| step + 1);
            let fits = is_after(step, version, &found) || is_after(Some(next), None, &found);
            assert!(
                fits,
                "round {round}, task {task}: answered {step:?}, found {:?}",
                found.map(|held| (held.1, held.2))
            );
            self.held.insert(key, found);
        }
    }
}

/// Kill points from the first line to well into the work; the same ones on each run.
fn kill_point(round: u32) -> u32 {
    let random = (u64::from(round) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
    random as u32 % [4, 40, 400][round as usize % 3]
}

#[tokio::test]
async fn every_answered_write_survives_kill_nine() {
    let folder = TempDir::new().unwrap();
    let (file, mut history) = (folder.path().join("shop.redb"), History::default());
    for round in 0..50 {
        let said = Victim::start(&file, round).kill_after(kill_point(round));
        history.check(&file, round, &said).await;
    }
    assert!(history.answers > 2_000, "only {} answers: the test has become weak", history.answers);
}

#[tokio::test]
async fn a_new_file_survives_kill_nine() {
    let folder = TempDir::new().unwrap();
    for round in 0..30 {
        let file = folder.path().join(format!("{round}.redb"));
        let said = Victim::start(&file, round).kill_after(kill_point(round) % 12);
        History::default().check(&file, round, &said).await;
    }
}

#[tokio::test]
async fn two_processes_cannot_open_one_file() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("shop.redb");
    let mut other = Victim::start(&file, 0);
    other.wait_until_open();
    let error = RedbStore::open(&file).unwrap_err().to_string();
    assert!(error.contains(&format!("`{}` is open already, in another process", file.display())), "{error}");
    assert!(error.contains(&format!("`fuser {}` names it", file.display())), "{error}");
    other.kill_after(0);
    RedbStore::open(&file).expect("a dead process holds nothing open");
}
