//! Reads that may be old, by choice: never older than was chosen, and never where something is decided or written.

use std::pin::Pin;
use std::time::Duration;

use cloakroom::store::SessionStore as _;
use cloakroom::stores::{Layered, StaleUpTo};
use cloakroom::{Clock as _, ManualClock, MemoryStore, Session, SessionError, Sessions};
use tests::Deed::{Create, Delete, Load, LoadCurrent, LoadIfChanged, Replace};
use tests::{Calls, CartItem, CountingStore, FlakyStore, LateStore, Shop, UserId, Visitor, poll_step};

use super::{HOUR, SignedIn, create, key, load, replace};

/// Less than what a visit must be away from the last one to move the session's expiry.
const MAX_AGE: Duration = Duration::from_secs(60);
const MILLISECOND: Duration = Duration::from_millis(1);

/// A visitor before two nodes: one asks the store whatever it does, and one reads from memory.
struct World {
    clock: ManualClock,
    calls: Calls,
    memory: MemoryStore,
    current: Visitor<Shop>,
    stale: Visitor<Shop>,
}

impl World {
    /// User 7 is signed in with one visit, and the second node has just read it.
    async fn new() -> Self {
        let clock = ManualClock::default();
        let memory = MemoryStore::new().with_clock(clock.clone());
        let (back, calls) = CountingStore::new(memory.clone());
        let node: Layered<_, StaleUpTo> = Layered::new(back).with_clock(clock.clone()).with_stale_reads(MAX_AGE);
        let sessions = Sessions::new(memory.clone()).with_clock(clock.clone());
        let mut current = Visitor::<Shop>::new(sessions);
        current.visit(async |session| session.set_user_id(UserId(7)).await).await.unwrap();
        current.visit(async |session| session.set_visits(1).await).await.unwrap();
        let mut stale = current.at(Sessions::new(node).with_clock(clock.clone()));
        assert_eq!(who(&mut stale).await, Some(UserId(7)));
        calls.take();
        Self { clock, calls, memory, current, stale }
    }

    async fn sign_out_elsewhere(&mut self) {
        self.current.visit(async |session| session.destroy().await).await.unwrap();
    }

    async fn visit_elsewhere(&mut self) {
        self.current.visit(async |session| session.update_visits(|visits| *visits += 1).await).await.unwrap();
    }
}

async fn who(visitor: &mut Visitor<Shop>) -> Option<UserId> {
    visitor.visit(async |session| session.user_id().await).await.unwrap()
}

async fn visits(visitor: &mut Visitor<Shop>) -> u64 {
    visitor.visit(async |session| session.visits().await).await.unwrap()
}

/// By the clock that this test owns.
#[tokio::test]
async fn a_getter_may_be_as_old_as_was_chosen_and_not_a_millisecond_older() {
    let mut world = World::new().await;
    world.sign_out_elsewhere().await;
    world.clock.advance(MAX_AGE - MILLISECOND);
    assert_eq!(who(&mut world.stale).await, Some(UserId(7)));
    assert_eq!(world.calls.take(), [], "the store was asked");
    world.clock.advance(MILLISECOND);
    assert_eq!(who(&mut world.stale).await, None);
    assert_eq!(world.calls.take(), [LoadIfChanged]);
}

/// A copy is as young as the question that found it current, however late the answer comes.
#[tokio::test]
async fn the_age_counts_from_when_the_store_was_asked() {
    let clock = ManualClock::default();
    let (back, calls) = CountingStore::new(MemoryStore::new().with_clock(clock.clone()));
    let late = LateStore::new(back);
    let store = Layered::new(late.clone()).with_clock(clock.clone()).with_stale_reads(MAX_AGE);
    let (key, at) = (&key(1), clock.now() + HOUR);
    let create = async || store.create(key, "data".into(), at).await.map(drop);
    let load = async || store.load(key).await.map(drop);
    let questions: [Pin<Box<dyn Future<Output = _> + Send>>; 3] =
        [Box::pin(create()), Box::pin(load()), Box::pin(load())];
    for mut question in questions {
        late.hold(&[Create, LoadIfChanged]);
        assert!(poll_step(&mut question).is_none(), "nobody was asked");
        clock.advance(MAX_AGE - MILLISECOND);
        late.hold(&[]);
        assert!(poll_step(&mut question).is_some_and(|answer| answer.is_ok()));
        calls.take();
        load().await.unwrap();
        assert_eq!(calls.take(), [], "it is a millisecond younger than it may be");
        clock.advance(MILLISECOND);
    }
}

/// An operator or NTP sets the clock back: a copy that seems to come from the future is not trusted.
#[tokio::test]
async fn a_clock_that_is_set_back_makes_nothing_younger() {
    let mut world = World::new().await;
    world.clock.step_back(HOUR);
    world.sign_out_elsewhere().await;
    assert_eq!(who(&mut world.stale).await, None);
}

#[tokio::test]
async fn a_copy_ends_when_its_record_does() {
    let clock = ManualClock::default();
    let store =
        Layered::new(MemoryStore::new().with_clock(clock.clone())).with_clock(clock.clone()).with_stale_reads(HOUR);
    create(&store, &key(1), "data", clock.now() + MAX_AGE).await;
    clock.advance(MAX_AGE - MILLISECOND);
    assert!(load(&store, &key(1)).await.is_some());
    clock.advance(MILLISECOND);
    assert_eq!(load(&store, &key(1)).await, None);
}

#[tokio::test]
async fn a_guard_is_never_stale() {
    for reads_first in [false, true] {
        let mut world = World::new().await;
        world.sign_out_elsewhere().await;
        let guarded = async |session: Session<Shop>| {
            if reads_first {
                assert_eq!(session.user_id().await.unwrap(), Some(UserId(7)), "a getter may be");
            }
            let guarded = SignedIn::check(&session).await.map(|SignedIn { user_id }| user_id);
            (guarded.ok(), session.user_id().await.unwrap())
        };
        assert_eq!(world.stale.visit(guarded).await, (None, None));
        assert_eq!(world.calls.take(), [LoadIfChanged]);
        assert_eq!(who(&mut world.stale).await, None, "the copy is dropped");
    }
}

/// And where the session stands, a guard hands the handler what stands in the store.
#[tokio::test]
async fn what_a_guard_proved_is_current() {
    let mut world = World::new().await;
    world.current.visit(async |session| session.set_cart(vec![CartItem::one("hat")]).await).await.unwrap();
    let cart = async |session: Session<Shop>| {
        assert_eq!(session.cart().await.unwrap(), []);
        SignedIn::check(&session).await.unwrap();
        session.cart().await.unwrap()
    };
    assert_eq!(world.stale.visit(cart).await, [CartItem::one("hat")]);
}

#[tokio::test]
async fn an_update_is_never_stale() {
    for reads_first in [false, true] {
        let mut world = World::new().await;
        world.visit_elsewhere().await;
        let mut seen = Vec::new();
        let update = async |session: Session<Shop>| {
            if reads_first {
                assert_eq!(session.visits().await.unwrap(), 1, "a getter may be");
            }
            let count = |visits: &mut u64| {
                seen.push(*visits);
                *visits += 1;
            };
            session.update_visits(count).await
        };
        world.stale.visit(update).await.unwrap();
        assert_eq!(seen, [2], "it ran once, on what stood in the store");
        assert_eq!(world.calls.take(), [LoadIfChanged, Replace]);
        assert_eq!(visits(&mut world.current).await, 3);
    }
}

#[tokio::test]
async fn an_update_that_changes_nothing_asks_once() {
    let mut world = World::new().await;
    let update = async |session: Session<Shop>| {
        session.visits().await?;
        session.update_visits(|visits| *visits).await
    };
    assert_eq!(world.stale.visit(update).await.unwrap(), 1);
    assert_eq!(world.calls.take(), [LoadIfChanged]);
}

/// To set what a stale copy says anyway is a change, where the store says something else.
#[tokio::test]
async fn a_commit_is_never_stale() {
    for saves in [false, true] {
        let mut world = World::new().await;
        world.visit_elsewhere().await;
        let set = async |session: Session<Shop>| {
            let read = session.visits().await?;
            session.set_visits(read).await?;
            if saves { session.save().await } else { Ok(()) }
        };
        world.stale.visit(set).await.unwrap();
        assert_eq!(world.calls.take(), [LoadIfChanged, Replace]);
        assert_eq!(visits(&mut world.current).await, 1, "the last one to set it");
    }
}

#[tokio::test]
async fn nothing_is_written_to_a_session_that_ended_elsewhere() {
    let mut world = World::new().await;
    world.sign_out_elsewhere().await;
    let late = async |session: Session<Shop>| {
        assert_eq!(session.user_id().await.unwrap(), Some(UserId(7)), "a getter may be stale");
        session.set_visits(9).await.unwrap();
        session.save().await
    };
    let (saved, closed) = world.stale.request(late).await;
    assert!(matches!(saved, Err(SessionError::Ended)), "{saved:?}");
    assert!(closed.set_cookie.is_none() && world.memory.is_empty(), "{closed:?}");
}

#[tokio::test]
async fn what_this_node_did_is_seen_at_once() {
    let mut world = World::new().await;
    world.stale.visit(async |session| session.set_visits(5).await).await.unwrap();
    world.calls.take();
    assert_eq!(visits(&mut world.stale).await, 5);
    assert_eq!(world.calls.take(), [], "what it wrote is in memory");
    world.stale.visit(async |session| session.destroy().await).await.unwrap();
    assert_eq!(world.calls.take(), [Delete]);
    let mut stolen = world.current.at(Sessions::<Shop>::new(world.memory.clone()));
    assert_eq!(who(&mut stolen).await, None);
    assert_eq!(who(&mut world.stale).await, None);
}

/// Without a choice, each read asks: two calls for a write after a read, and one for a read, as without the layer.
#[tokio::test]
async fn without_the_choice_each_read_asks_once() {
    let clock = ManualClock::default();
    let (back, calls) = CountingStore::new(MemoryStore::new().with_clock(clock.clone()));
    let store = Layered::new(back).with_clock(clock.clone());
    assert!(!store.load_may_be_behind());
    let mut visitor = Visitor::new(Sessions::<Shop>::new(store).with_clock(clock));
    visitor.visit(async |session| session.set_user_id(UserId(7)).await).await.unwrap();
    calls.take();
    visitor.visit(async |session| session.visits().await).await.unwrap();
    assert_eq!(calls.take(), [LoadIfChanged]);
    let guarded = async |session: Session<Shop>| {
        session.visits().await.unwrap();
        SignedIn::check(&session).await.is_ok()
    };
    assert!(visitor.visit(guarded).await);
    assert_eq!(calls.take(), [LoadIfChanged], "a guard relies on what was just loaded");
    let write = async |session: Session<Shop>| session.set_visits(session.visits().await? + 1).await;
    visitor.visit(write).await.unwrap();
    assert_eq!(calls.take(), [LoadIfChanged, Replace]);
    let same = async |session: Session<Shop>| session.set_visits(session.visits().await?).await;
    visitor.visit(same).await.unwrap();
    assert_eq!(calls.take(), [LoadIfChanged], "equal bytes are no change");
}

/// That is what the choice is for, too. Whatever has to ask says that it cannot.
#[tokio::test]
async fn while_the_store_is_down_getters_read_and_nothing_is_decided() {
    let clock = ManualClock::default();
    let flaky = FlakyStore::new(MemoryStore::new().with_clock(clock.clone()));
    let store = Layered::new(flaky.clone()).with_clock(clock.clone()).with_stale_reads(MAX_AGE);
    let at = clock.now() + HOUR;
    let version = create(&store, &key(1), "data", at).await;
    flaky.fail_all();
    assert!(load(&store, &key(1)).await.is_some());
    assert!(store.load_current(&key(1)).await.is_err());
    assert!(store.load_if_changed(&key(1), &version).await.is_err());
    clock.advance(MAX_AGE);
    assert!(store.load(&key(1)).await.is_err(), "an old copy was read in place of an error");
    flaky.recover();
    replace(&store, &key(1), &version, "new", at).await;
    assert_eq!(load(&store, &key(1)).await.unwrap().bytes, "new");
    flaky.fail(&[Load, LoadCurrent]);
    assert!(store.load(&key(2)).await.is_err());
}
