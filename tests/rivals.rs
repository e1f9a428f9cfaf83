//! What requests that write to one session at the same moment cost: those of one node take turns, those of several back off, and
//! nobody waits for ever. Counted, in a time that passes only while all wait.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use cloakroom::store::{SessionStore as _, StoreKey};
use cloakroom::{Clock, MemoryStore, Session, SessionError, Sessions, StoreError};
use futures_util::future::{BoxFuture, join_all};
use tests::{Around, CartItem, Deed, Shop, Wrapped, poll_step};
use tokio::time::{Instant, sleep, timeout};

/// How long the store takes for a call, which is done at the end of that time.
const CALL: Duration = Duration::from_millis(10);

/// A store far away, with a timer.
#[derive(Clone, Default)]
struct Far {
    calls: Arc<AtomicUsize>,
    replaces: Arc<AtomicUsize>,
    pauses: Arc<AtomicUsize>,
    /// Its calls take between half as long and half as long again.
    uneven: bool,
    /// Somebody else writes before every write, however often it is tried.
    rival: Option<MemoryStore>,
}

impl Far {
    fn uneven() -> Self {
        Self { uneven: true, ..Self::default() }
    }

    fn next_time(&self) -> Duration {
        let call = self.calls.fetch_add(1, Ordering::SeqCst);
        CALL * (50 + call as u32 * 37 % 101) / 100
    }
}

impl Around for Far {
    async fn before(&self, deed: Deed, key: &StoreKey) -> Result<(), StoreError> {
        sleep(if self.uneven { self.next_time() } else { CALL }).await;
        if deed != Deed::Replace {
            return Ok(());
        }
        self.replaces.fetch_add(1, Ordering::SeqCst);
        if let Some(rival) = &self.rival {
            let there = rival.load(key).await?.unwrap();
            rival.replace(key, &there.version, there.bytes, there.expires_at).await?;
        }
        Ok(())
    }

    fn pause(&self, time: Duration) -> Option<BoxFuture<'static, ()>> {
        self.pauses.fetch_add(1, Ordering::SeqCst);
        Some(Box::pin(sleep(time)))
    }
}

/// Follows the test's time.
struct Virtual(SystemTime, Instant);

impl Clock for Virtual {
    fn now(&self) -> SystemTime {
        self.0 + self.1.elapsed()
    }
}

/// One session, and the nodes that it is sent to.
struct World {
    far: Far,
    memory: MemoryStore,
    nodes: Vec<Sessions<Shop>>,
    cookie: String,
}

impl World {
    async fn of(nodes: usize) -> Self {
        Self::with(nodes, MemoryStore::new(), Far::default()).await
    }

    async fn with(nodes: usize, memory: MemoryStore, far: Far) -> Self {
        let clock = Arc::new(Virtual(SystemTime::now(), Instant::now()));
        let node = |_| Sessions::new(Wrapped { inner: memory.clone(), around: far.clone() }).with_clock(clock.clone());
        let nodes: Vec<Sessions<Shop>> = (0..nodes).map(node).collect();
        let first = nodes[0].open([]);
        first.set_visits(0).await.unwrap();
        let cookie = nodes[0].close(&first, true).await.set_cookie.unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        Self { far, memory, nodes, cookie }
    }

    /// Requests that have all read the session, one node after the other.
    async fn requests(&self, number: usize) -> Vec<Session<Shop>> {
        let open = |n: usize| self.nodes[n % self.nodes.len()].open([self.cookie.as_bytes()]);
        let sessions: Vec<_> = (0..number).map(open).collect();
        for session in &sessions {
            session.visits().await.unwrap();
        }
        sessions
    }

    async fn visits(&self) -> u64 {
        self.nodes[0].open([self.cookie.as_bytes()]).visits().await.unwrap()
    }

    fn replaces(&self) -> usize {
        self.far.replaces.load(Ordering::SeqCst)
    }
}

async fn add_one(session: &Session<Shop>) -> Result<(), SessionError> {
    session.update_visits(|visits| *visits += 1).await
}

/// All at once: how long it took.
async fn all_add_one(sessions: &[Session<Shop>]) -> Duration {
    let began = Instant::now();
    for done in join_all(sessions.iter().map(add_one)).await {
        done.unwrap();
    }
    began.elapsed()
}

#[tokio::test(start_paused = true)]
async fn a_lone_conflict_costs_a_second_try_and_no_time() {
    for nodes in [1, 2] {
        let world = World::of(nodes).await;
        let took = all_add_one(&world.requests(2).await).await;
        assert_eq!((world.replaces(), world.visits().await), (3, 2));
        assert!(took < 3 * CALL, "{took:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn fifty_rivals_of_one_node_cost_two_tries_each() {
    let world = World::of(1).await;
    let took = all_add_one(&world.requests(50).await).await;
    assert_eq!(world.visits().await, 50);
    assert!(world.replaces() <= 2 * 50, "{} tries: without turns it is 1,275", world.replaces());
    assert!(took < 52 * CALL, "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn who_comes_later_goes_to_the_end_of_the_line() {
    let world = World::of(1).await;
    let sessions = world.requests(10).await;
    let writers = sessions.iter().map(async |session| {
        for _ in 0..20 {
            add_one(session).await.unwrap();
        }
    });
    join_all(writers).await;
    assert_eq!(world.visits().await, 200);
    assert!(world.replaces() <= 200 + 2 * 10, "{} tries for 200 updates", world.replaces());
}

/// Without pauses it is about a thousand tries in half a second.
#[tokio::test(start_paused = true)]
async fn fifty_rivals_of_fifty_nodes_back_off() {
    let world = World::with(50, MemoryStore::new(), Far::uneven()).await;
    let took = all_add_one(&world.requests(50).await).await;
    assert_eq!(world.visits().await, 50);
    assert!(world.replaces() < 600, "{} tries: they did not back off", world.replaces());
    assert!(took < Duration::from_secs(2), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn fifty_rivals_of_five_nodes_take_turns_on_each() {
    let world = World::of(5).await;
    all_add_one(&world.requests(50).await).await;
    assert_eq!(world.visits().await, 50);
    assert!(world.replaces() < 300, "{} tries", world.replaces());
}

#[tokio::test(start_paused = true)]
async fn turns_come_in_the_order_of_arrival() {
    let world = World::of(1).await;
    let sessions = world.requests(10).await;
    let order = std::sync::Mutex::new(Vec::new());
    let finish = async |n: usize, session: &Session<Shop>| {
        add_one(session).await.unwrap();
        order.lock().unwrap().push(n);
    };
    join_all(sessions.iter().enumerate().map(|(n, session)| finish(n, session))).await;
    assert_eq!(*order.lock().unwrap(), (0..10).collect::<Vec<_>>());
}

/// Nobody who has lost often stands back behind those who have just come.
#[tokio::test(start_paused = true)]
async fn nodes_that_write_all_the_time_let_each_other_through() {
    let world = World::with(8, MemoryStore::new(), Far::uneven()).await;
    let sessions = world.requests(8).await;
    let writers = sessions.iter().map(async |session| {
        let mut slowest = Duration::ZERO;
        for _ in 0..100 {
            let began = Instant::now();
            add_one(session).await.unwrap();
            slowest = slowest.max(began.elapsed());
        }
        slowest
    });
    let slowest = join_all(writers).await.into_iter().max();
    assert_eq!(world.visits().await, 800);
    assert!(slowest < Some(Duration::from_secs(4)), "{slowest:?}");
    assert!(world.replaces() < 3_500, "{} tries: they did not back off", world.replaces());
}

type Running<'a> = Pin<Box<dyn Future<Output = Result<(), SessionError>> + Send + 'a>>;

/// The first has written; the second has its turn and is at the store; the others wait.
async fn in_line<'a>(sessions: &'a [Session<Shop>]) -> Vec<Running<'a>> {
    let mut running: Vec<Running<'a>> =
        sessions.iter().map(|session| Box::pin(add_one(session)) as Running<'a>).collect();
    let all = poll_fn(|cx| {
        running.retain_mut(|running| running.as_mut().poll(cx).is_pending());
        std::task::Poll::<()>::Pending
    });
    timeout(CALL + CALL / 2, all).await.unwrap_err();
    assert_eq!(running.len(), sessions.len() - 1);
    running
}

/// A task that is polled no more keeps the others waiting for a second, and then they go on.
#[tokio::test(start_paused = true)]
async fn nobody_waits_for_ever_for_a_turn_that_is_not_used() {
    let world = World::of(1).await;
    let sessions = world.requests(5).await;
    let mut running = in_line(&sessions).await;
    let mut stuck = running.remove(0);
    let began = Instant::now();
    for done in join_all(running).await {
        done.unwrap();
    }
    let took = began.elapsed();
    assert!(took > Duration::from_millis(900) && took < Duration::from_millis(1_200), "{took:?}");
    // It is late, but not lost.
    assert!(poll_step(&mut stuck).is_none());
    stuck.await.unwrap();
    assert_eq!(world.visits().await, 5);
}

#[tokio::test(start_paused = true)]
async fn whoever_goes_away_lets_the_next_one_in() {
    for leaves in [0, 1, 3] {
        let world = World::of(1).await;
        let sessions = world.requests(5).await;
        let mut running = in_line(&sessions).await;
        drop(running.remove(leaves));
        let began = Instant::now();
        for done in join_all(running).await {
            done.unwrap();
        }
        assert!(began.elapsed() < 6 * CALL, "{:?}", began.elapsed());
        assert_eq!(world.visits().await, 4);
    }
}

#[tokio::test(start_paused = true)]
async fn a_logout_sends_the_whole_line_home() {
    let world = World::of(1).await;
    let sessions = world.requests(20).await;
    let running = in_line(&sessions).await;
    let other = world.nodes[0].open([world.cookie.as_bytes()]);
    other.destroy().await.unwrap();
    assert!(world.nodes[0].close(&other, true).await.error.is_none());
    for done in join_all(running).await {
        assert!(matches!(done, Err(SessionError::Ended)), "{done:?}");
    }
    assert!(world.memory.is_empty());
}

/// One in line has nothing to write to the old record that it knows. That record is no news to the next one, who has met a newer.
#[tokio::test(start_paused = true)]
async fn nobody_is_handed_a_record_that_the_line_has_not_written() {
    let world = World::of(2).await;
    let set = async |visits| {
        let session = world.nodes[1].open([world.cookie.as_bytes()]);
        session.set_visits(visits).await.unwrap();
        session.save().await.unwrap();
    };
    let load = async || {
        let session = world.nodes[0].open([world.cookie.as_bytes()]);
        session.visits().await.unwrap();
        session
    };
    let stale = load().await;
    set(7).await;
    let late = load().await;
    set(5).await;
    let (first, second) = (load().await, load().await);
    stale.set_visits(0).await.unwrap();
    late.set_visits(0).await.unwrap();

    let at = |share: u32| sleep(CALL * share / 10);
    let push =
        |session: Session<Shop>| async move { session.update_cart(|cart| cart.push(CartItem::one("hook"))).await };
    let (first, second, late, stale) = tokio::join!(
        push(first),
        // Loses, has its turn, and goes away.
        timeout(CALL * 17 / 10, push(second)),
        // Loses after the next one below has come, and stands in line behind it.
        async { (at(5).await, late.save().await).1 },
        async { (at(12).await, stale.save().await).1 },
    );
    first.unwrap();
    second.unwrap_err();
    late.unwrap();
    stale.unwrap();
    assert_eq!(world.visits().await, 0, "a change was reported as saved, and was not");
}

/// Rivals that are first each time: after ten seconds it is an error, and nothing was written.
#[tokio::test(start_paused = true)]
async fn whoever_never_wins_is_told_so_in_time() {
    let memory = MemoryStore::new();
    let far = Far { rival: Some(memory.clone()), ..Far::default() };
    let world = World::with(1, memory, far).await;
    let session = world.requests(1).await.remove(0);
    let began = Instant::now();
    let error = add_one(&session).await.unwrap_err();
    assert!(matches!(error, SessionError::Contended), "{error}");
    let took = began.elapsed();
    assert!(took > Duration::from_secs(9) && took < Duration::from_secs(11), "{took:?}");
    assert!(world.replaces() < 500, "{} tries", world.replaces());
    assert_eq!(world.visits().await, 0);
}

#[tokio::test(start_paused = true)]
async fn without_rivals_nobody_asks_for_the_timer() {
    let world = World::of(1).await;
    for session in world.requests(3).await {
        session.reload().await.unwrap();
        add_one(&session).await.unwrap();
    }
    assert_eq!((world.replaces(), world.far.pauses.load(Ordering::SeqCst)), (3, 0));
}
