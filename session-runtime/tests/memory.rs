//! What the memory store promises beyond the contract: bounds, eviction in the right order, sweeping, and no runtime.

#![allow(clippy::unwrap_used)]

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures_util::FutureExt as _;
use session_runtime::store::{Created, Replaced, Stored, Touched, Version};
use session_runtime::{Clock, ManualClock, MemoryStore, SessionStore, StoreKey};

/// Ends at once: the memory store waits for nothing, so it needs no runtime.
fn now<T>(future: impl Future<Output = T>) -> T {
    future.now_or_never().expect("the memory store answers at once")
}

fn key(n: u64) -> StoreKey {
    let mut bytes = [0; 32];
    for (chunk, salt) in bytes.chunks_mut(8).zip(1..) {
        chunk.copy_from_slice(&(n.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(salt * 13)).to_be_bytes());
    }
    StoreKey::from_bytes(bytes)
}

fn create(store: &MemoryStore, n: u64, expires_at: SystemTime) -> Version {
    match now(store.create(&key(n), Bytes::from_static(b"data"), expires_at)).unwrap() {
        Created::New(version) => version,
        Created::Taken => panic!("session {n} was there"),
    }
}

fn load(store: &MemoryStore, n: u64) -> Option<Stored> {
    now(store.load(&key(n))).unwrap()
}

fn minutes(clock: &ManualClock, n: u64) -> SystemTime {
    clock.now() + Duration::from_secs(60 * n)
}

#[test]
fn a_full_store_ends_the_session_that_was_idle_for_longest() {
    let clock = ManualClock::default();
    let store = MemoryStore::new().with_max_sessions(100).with_clock(clock.clone());
    let versions: Vec<_> = (0..100).map(|n| create(&store, n, minutes(&clock, 60))).collect();
    load(&store, 0);
    now(store.touch(&key(1), &versions[1], minutes(&clock, 90))).unwrap();
    now(store.replace(&key(2), &versions[2], "new".into(), minutes(&clock, 60))).unwrap();
    for n in 100..197 {
        create(&store, n, minutes(&clock, 60));
    }
    let left: Vec<_> = (0..100).filter(|n| load(&store, *n).is_some()).collect();
    assert_eq!(left, [0, 1, 2], "used last, though created first");
    assert_eq!((store.len(), store.evicted()), (100, 97));
}

#[test]
fn what_has_expired_makes_room_first() {
    let clock = ManualClock::default();
    let store = MemoryStore::new().with_max_sessions(100).with_clock(clock.clone());
    for n in 0..100 {
        create(&store, n, minutes(&clock, if n < 50 { 60 } else { 1 }));
    }
    clock.advance(Duration::from_secs(60));
    for n in 100..150 {
        create(&store, n, minutes(&clock, 60));
    }
    assert_eq!((store.len(), store.evicted()), (100, 0));
    assert!((0..50).all(|n| load(&store, n).is_some()), "none of the living had to go");
}

/// Random calls on a small store, and the same on a model that does it the slow and obvious way.
#[test]
fn eviction_is_exact_over_all_shards() {
    for seed in 1..=20 {
        let clock = ManualClock::default();
        let store = MemoryStore::new().with_max_sessions(40).with_clock(clock.clone());
        let mut model = Model { most: 40, ..Model::default() };
        let mut random = Random(seed);
        for step in 0..5_000 {
            let (n, life) = (random.below(100), Duration::from_millis(random.below(400)));
            let expires_at = clock.now() + life;
            let call = random.below(10);
            let (found, expected) = one_call(&store, &mut model, call, n, expires_at, clock.now());
            assert_eq!(found, expected, "seed {seed}, step {step}: call {call} on session {n}");
            clock.advance(Duration::from_millis(random.below(4)));
        }
        assert_eq!(store.evicted(), model.evicted, "seed {seed}");
        assert!(model.evicted > 100, "seed {seed} evicted only {}", model.evicted);
        clock.advance(Duration::from_secs(1));
        store.sweep();
        assert_eq!((store.len(), store.bytes()), (0, 0), "seed {seed}");
    }
}

/// Whether the store found the session, and whether it should have.
fn one_call(
    store: &MemoryStore,
    model: &mut Model,
    call: u64,
    n: u64,
    expires_at: SystemTime,
    time: SystemTime,
) -> (bool, bool) {
    match call {
        0..3 => (load(store, n).is_some(), model.used(n, time).is_some()),
        3..8 => match now(store.create(&key(n), "data".into(), expires_at)).unwrap() {
            Created::Taken => (true, model.used(n, time).is_some()),
            Created::New(version) => (false, model.create(n, version, expires_at, time)),
        },
        8 => {
            let version = model.sessions.get(&n).map_or(Version::from(0), |session| session.version);
            let touched = now(store.touch(&key(n), &version, expires_at)).unwrap() == Touched::Done;
            let expected = model.used(n, time).map(|session| session.expires_at = expires_at).is_some();
            (touched, expected)
        }
        _ => (now(store.delete(&key(n))).unwrap().is_some(), model.delete(n, time)),
    }
}

#[derive(Default)]
struct Model {
    sessions: HashMap<u64, Session>,
    most: usize,
    calls: u64,
    evicted: u64,
}

struct Session {
    version: Version,
    expires_at: SystemTime,
    used: u64,
}

impl Model {
    fn used(&mut self, n: u64, time: SystemTime) -> Option<&mut Session> {
        self.calls += 1;
        let session = self.sessions.get_mut(&n).filter(|session| session.expires_at > time)?;
        session.used = self.calls;
        Some(session)
    }

    /// Whether it was there already.
    fn create(&mut self, n: u64, version: Version, expires_at: SystemTime, time: SystemTime) -> bool {
        let there = self.used(n, time).is_some();
        self.sessions.insert(n, Session { version, expires_at, used: self.calls });
        self.sessions.retain(|_, session| session.expires_at > time);
        while self.sessions.len() > self.most {
            let idlest = self.sessions.iter().min_by_key(|(_, session)| session.used).map(|(n, _)| *n).unwrap();
            self.sessions.remove(&idlest);
            self.evicted += 1;
        }
        there
    }

    fn delete(&mut self, n: u64, time: SystemTime) -> bool {
        self.sessions.remove(&n).is_some_and(|session| session.expires_at > time)
    }
}

struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

#[test]
fn bytes_are_bounded_and_counted() {
    let clock = ManualClock::default();
    let store = MemoryStore::new().with_max_bytes(100_000).with_clock(clock.clone());
    let at = minutes(&clock, 60);
    for n in 0..50 {
        now(store.create(&key(n), vec![1; 10_000].into(), at)).unwrap();
        assert!(store.bytes() <= 100_000, "{} bytes", store.bytes());
    }
    assert_eq!(store.len(), 9);
    let version = load(&store, 49).unwrap().version;
    now(store.replace(&key(49), &version, vec![1; 50_000].into(), at)).unwrap();
    assert!(store.bytes() <= 100_000, "a record that grows makes room as well: {} bytes", store.bytes());
    assert_eq!(load(&store, 49).unwrap().bytes.len(), 50_000);
    for n in 0..50 {
        now(store.delete(&key(n))).unwrap();
    }
    assert_eq!((store.len(), store.bytes()), (0, 0));
}

#[test]
fn a_record_that_can_never_fit_is_refused() {
    let clock = ManualClock::default();
    let store = MemoryStore::new().with_max_bytes(10_000).with_clock(clock.clone());
    let at = minutes(&clock, 60);
    let version = create(&store, 1, at);
    let error = now(store.create(&key(2), vec![0; 10_000].into(), at)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the session store failed: a record of 10000 bytes does not fit into a memory store of 10000: \
         raise it with `MemoryStore::with_max_bytes`"
    );
    now(store.replace(&key(1), &version, vec![0; 10_000].into(), at)).unwrap_err();
    assert_eq!(load(&store, 1).unwrap().version, version, "nothing was changed, and nobody evicted");
}

#[test]
fn creates_sweep_what_has_expired() {
    let clock = ManualClock::default();
    let store = MemoryStore::new().with_clock(clock.clone());
    for n in 0..10_000 {
        create(&store, n, minutes(&clock, 1));
    }
    clock.advance(Duration::from_secs(60));
    for n in 10_000..13_000 {
        create(&store, n, minutes(&clock, 60));
    }
    assert_eq!(store.len(), 3_000, "3,000 creates swept 10,000 expired sessions");
}

#[test]
fn sweep_removes_what_has_expired_and_nothing_else() {
    let clock = ManualClock::default();
    let store = MemoryStore::new().with_clock(clock.clone());
    let versions: Vec<_> = (0..1_000).map(|n| create(&store, n, minutes(&clock, 10))).collect();
    for n in 0..300 {
        now(store.touch(&key(n), &versions[n as usize], minutes(&clock, 20))).unwrap();
    }
    for n in 300..600 {
        now(store.replace(&key(n), &versions[n as usize], "new".into(), minutes(&clock, 5))).unwrap();
    }
    clock.advance(Duration::from_secs(300));
    assert_eq!((store.sweep(), store.len()), (300, 700));
    clock.advance(Duration::from_secs(300));
    assert_eq!((store.sweep(), store.len()), (400, 300));
    clock.advance(Duration::from_secs(600));
    assert_eq!((store.sweep(), store.len(), store.bytes()), (300, 0, 0));
}

#[test]
fn clones_share_their_sessions() {
    let clock = ManualClock::default();
    let store = MemoryStore::new().with_clock(clock.clone());
    let version = create(&store.clone(), 1, minutes(&clock, 1));
    let replaced = now(store.replace(&key(1), &version, "new".into(), minutes(&clock, 1))).unwrap();
    assert!(matches!(replaced, Replaced::Done(_)));
}

#[test]
fn the_bounds_hold_under_many_threads() {
    let store = MemoryStore::new().with_max_sessions(500);
    let at = SystemTime::now() + Duration::from_secs(3600);
    for n in 0..500 {
        create(&store, n, at);
    }
    std::thread::scope(|scope| {
        for thread in 1..=8 {
            let store = &store;
            scope.spawn(move || {
                for n in 0..2_000 {
                    create(store, thread * 10_000 + n, at);
                    let len = store.len();
                    assert!(
                        (500..=508).contains(&len),
                        "{len}: one over for each thread at most, and never one too few"
                    );
                }
            });
        }
    });
    assert_eq!((store.len() as u64, store.evicted()), (500, 8 * 2_000));
}

#[test]
fn evictions_are_reported_by_public_id() {
    let log = Log::default();
    tracing::subscriber::set_global_default(log.clone()).unwrap();
    let clock = ManualClock::default();
    let store = MemoryStore::new().with_max_sessions(1).with_clock(clock.clone());
    create(&store, 987_654, minutes(&clock, 60));
    create(&store, 987_655, minutes(&clock, 60));
    let id = format!("id={}", key(987_654).id());
    let lines = log.0.lock().unwrap();
    let line = lines.iter().find(|line| line.contains(&id)).expect("a line that names the session");
    assert!(line.starts_with("WARN "), "{line}");
    let secret: String = key(987_654).as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(!line.contains(&secret) && !line.contains(&format!("{:?}", key(987_654).as_bytes())), "{line}");
}

/// Set for the whole process, since `tracing` forgets a level that no subscriber of the first thread asked for.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl tracing::Subscriber for Log {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        let mut line = event.metadata().level().to_string();
        event.record(&mut |field: &tracing::field::Field, value: &dyn std::fmt::Debug| {
            write!(line, " {field}={value:?}").unwrap();
        });
        self.0.lock().unwrap().push(line);
    }

    fn enter(&self, _: &tracing::span::Id) {}

    fn exit(&self, _: &tracing::span::Id) {}
}
