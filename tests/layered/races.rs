//! What a node has done itself, it sees at once, also where its calls overtake each other, are cut short, or lose their answers.
//!
//! Copies are read unasked here (for up to an hour), so that each one that should not be there shows.

use std::future::Future;
use std::pin::Pin;

use cloakroom::store::{Replaced, SessionStore as _, Stored, Touched, Version};
use cloakroom::stores::{Layered, StaleUpTo};
use cloakroom::{Clock as _, ManualClock, MemoryStore, StoreError, StoreKey};
use tests::{Deed, LateStore, poll_step};

use super::{HOUR, create, load, replace};

const KEY: StoreKey = StoreKey::from_bytes([1; 32]);

struct World {
    clock: ManualClock,
    /// As another node has it.
    memory: MemoryStore,
    late: LateStore<MemoryStore>,
    node: Layered<LateStore<MemoryStore>, StaleUpTo>,
}

impl World {
    fn new() -> Self {
        let clock = ManualClock::default();
        let memory = MemoryStore::new().with_clock(clock.clone());
        let late = LateStore::new(memory.clone());
        let node = Layered::new(late.clone()).with_clock(clock.clone()).with_stale_reads(HOUR);
        Self { clock, memory, late, node }
    }

    /// With a record, of which the node has a copy or not.
    async fn with_record(has_copy: bool) -> (Self, Version) {
        let world = Self::new();
        let version = create(&world.memory, &KEY, "first", world.at()).await;
        if has_copy {
            load(&world.node, &KEY).await;
        }
        (world, version)
    }

    fn at(&self) -> std::time::SystemTime {
        self.clock.now() + HOUR * 2
    }

    /// What the node reads, which is what stands behind.
    async fn reads(&self) -> Option<Stored> {
        let read = load(&self.node, &KEY).await;
        assert_eq!(read, load(&self.memory, &KEY).await, "the node reads something else than it has done");
        read
    }
}

type Running<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Makes a call up to its answer, which is held back.
fn start<'a, T>(call: impl Future<Output = Result<T, StoreError>> + Send + 'a) -> Running<'a, T> {
    let mut call: Running<'a, T> = Box::pin(call);
    assert!(poll_step(&mut call).is_none(), "it was answered");
    call
}

fn finish<T>(mut call: Running<'_, T>) -> T {
    poll_step(&mut call).expect("it is answered").unwrap()
}

const LOADS: [Deed; 2] = [Deed::LoadCurrent, Deed::LoadIfChanged];

#[tokio::test]
async fn a_slow_load_does_not_bring_a_deleted_record_back() {
    for has_copy in [false, true] {
        let (world, _) = World::with_record(has_copy).await;
        world.late.hold(&LOADS);
        let slow = start(world.node.load_current(&KEY));
        world.node.delete(&KEY).await.unwrap();
        world.late.hold(&[]);
        assert!(finish(slow).is_some(), "it began before the logout");
        assert_eq!(world.reads().await, None);
    }
}

#[tokio::test]
async fn a_slow_load_does_not_undo_a_write() {
    for has_copy in [false, true] {
        let (world, first) = World::with_record(has_copy).await;
        world.late.hold(&LOADS);
        let slow = start(world.node.load_current(&KEY));
        replace(&world.node, &KEY, &first, "second", world.at()).await;
        world.late.hold(&[]);
        finish(slow);
        assert_eq!(world.reads().await.unwrap().bytes, "second");
    }
}

/// The slow load saw the expiry that a touch has moved since.
#[tokio::test]
async fn a_slow_load_does_not_undo_a_touch() {
    for has_copy in [false, true] {
        let (world, version) = World::with_record(has_copy).await;
        world.late.hold(&LOADS);
        let slow = start(world.node.load_current(&KEY));
        let soon = world.clock.now() + HOUR / 4;
        assert_eq!(world.node.touch(&KEY, &version, soon).await.unwrap(), Touched::Done);
        world.late.hold(&[]);
        finish(slow);
        assert_eq!(world.reads().await.unwrap().expires_at, soon);
        world.clock.advance(HOUR / 4);
        assert_eq!(world.reads().await, None, "it has expired");
    }
}

/// The touch began first and was carried out last: its copy is older than the load's question, and yet right.
#[tokio::test]
async fn a_slow_load_does_not_undo_a_touch_that_was_slower_still() {
    let world = World::new();
    let version = create(&world.node, &KEY, "data", world.at()).await;
    let soon = world.clock.now() + HOUR / 4;
    world.late.delay(&[Deed::Touch]);
    let touch = start(world.node.touch(&KEY, &version, soon));
    world.late.hold(&LOADS);
    let slow = start(world.node.load_current(&KEY));
    world.late.delay(&[]);
    assert_eq!(finish(touch), Touched::Done);
    world.late.hold(&[]);
    assert_eq!(finish(slow).unwrap().expires_at, world.at(), "it was asked before the touch was carried out");
    assert_eq!(world.reads().await.unwrap().expires_at, soon);
}

/// Of two loads that find the copy current, the later one knows the expiry, whichever is answered first.
#[tokio::test]
async fn a_slow_load_does_not_undo_another_nodes_touch() {
    let world = World::new();
    let version = create(&world.node, &KEY, "data", world.at()).await;
    world.late.hold(&LOADS);
    let slow = start(world.node.load_current(&KEY));
    world.late.hold(&[]);
    let soon = world.clock.now() + HOUR / 4;
    assert_eq!(world.memory.touch(&KEY, &version, soon).await.unwrap(), Touched::Done);
    assert_eq!(world.node.load_current(&KEY).await.unwrap().unwrap().expires_at, soon);
    finish(slow);
    assert_eq!(world.reads().await.unwrap().expires_at, soon);
}

/// Of two loads at once the later one knows better, whichever is answered first.
#[tokio::test]
async fn a_slow_load_does_not_undo_what_a_later_one_found() {
    for has_copy in [false, true] {
        let (world, first) = World::with_record(has_copy).await;
        world.late.hold(&LOADS);
        let slow = start(world.node.load_current(&KEY));
        world.late.hold(&[]);
        replace(&world.memory, &KEY, &first, "second", world.at()).await;
        assert_eq!(world.node.load_current(&KEY).await.unwrap().unwrap().bytes, "second");
        finish(slow);
        assert_eq!(world.reads().await.unwrap().bytes, "second");
    }
}

/// Two writes of one node, of which the first is answered last.
#[tokio::test]
async fn a_slow_write_does_not_undo_a_later_one() {
    let world = World::new();
    let first = create(&world.node, &KEY, "first", world.at()).await;
    world.late.hold(&[Deed::Replace]);
    let slow = start(world.node.replace(&KEY, &first, "second".into(), world.at()));
    world.late.hold(&[]);
    let second = load(&world.memory, &KEY).await.unwrap().version;
    replace(&world.node, &KEY, &second, "third", world.at()).await;
    assert!(matches!(finish(slow), Replaced::Done(_)));
    assert_eq!(world.reads().await.unwrap().bytes, "third");

    world.late.hold(&[Deed::Replace]);
    let third = world.reads().await.unwrap().version;
    let slow = start(world.node.replace(&KEY, &third, "fourth".into(), world.at()));
    world.node.delete(&KEY).await.unwrap();
    world.late.hold(&[]);
    assert!(matches!(finish(slow), Replaced::Done(_)));
    assert_eq!(world.reads().await, None, "a slow write brought it back");
}

/// A refusal hands the record out as it stood when the refusal was written.
#[tokio::test]
async fn a_slow_refusal_does_not_bring_a_deleted_record_back() {
    let world = World::new();
    let first = create(&world.node, &KEY, "first", world.at()).await;
    replace(&world.memory, &KEY, &first, "second", world.at()).await;
    world.late.hold(&[Deed::Replace]);
    let slow = start(world.node.replace(&KEY, &first, "late".into(), world.at()));
    world.node.delete(&KEY).await.unwrap();
    world.late.hold(&[]);
    assert!(matches!(finish(slow), Replaced::Stale(_)));
    assert_eq!(world.reads().await, None);
}

/// Every kind of write whose answer never comes: the connection broke, or who asked went away. The store has done it all the same.
#[tokio::test]
async fn a_write_without_an_answer_leaves_no_copy() {
    for deed in [Deed::Create, Deed::Replace, Deed::Touch, Deed::Delete] {
        for goes_away in [false, true] {
            let world = World::new();
            let (node, at) = (&world.node, world.at());
            let version = create(node, &KEY, "first", at).await;
            if deed == Deed::Create {
                world.memory.delete(&KEY).await.unwrap();
                assert!(load(node, &KEY).await.is_some(), "an old copy, which the create finds out");
            }
            let call = async {
                match deed {
                    Deed::Create => node.create(&KEY, "new".into(), at).await.map(drop),
                    Deed::Replace => node.replace(&KEY, &version, "second".into(), at).await.map(drop),
                    Deed::Touch => node.touch(&KEY, &version, at + HOUR).await.map(drop),
                    _ => node.delete(&KEY).await.map(drop),
                }
            };
            if goes_away {
                world.late.hold(&[deed]);
                drop(start(call));
            } else {
                world.late.lose(&[deed]);
                assert!(call.await.is_err());
            }
            world.late.hold(&[]);
            world.late.lose(&[]);
            world.reads().await;
        }
    }
}

/// A touch that another node's version was needed for says nothing of the copy here.
#[tokio::test]
async fn a_touch_makes_no_older_copy_current() {
    let world = World::new();
    let first = create(&world.node, &KEY, "first", world.at()).await;
    let second = replace(&world.memory, &KEY, &first, "second", world.at()).await;
    assert_eq!(world.node.touch(&KEY, &second, world.at()).await.unwrap(), Touched::Done);
    assert_eq!(world.reads().await.unwrap().version, second);
}

/// What another node did is found out by the first write that meets it.
#[tokio::test]
async fn a_write_that_meets_another_nodes_write_learns_of_it() {
    let world = World::new();
    let first = create(&world.node, &KEY, "first", world.at()).await;
    let second = replace(&world.memory, &KEY, &first, "second", world.at()).await;
    assert_eq!(load(&world.node, &KEY).await.unwrap().bytes, "first", "that much was chosen");
    assert_eq!(world.node.touch(&KEY, &first, world.at()).await.unwrap(), Touched::Stale);
    assert_eq!(world.reads().await.unwrap().version, second);

    world.memory.delete(&KEY).await.unwrap();
    assert_eq!(world.node.touch(&KEY, &second, world.at()).await.unwrap(), Touched::Gone);
    assert_eq!(world.reads().await, None);
}
