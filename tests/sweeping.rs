//! Expired sessions are removed, on every store, by a task that no error and no other node disturbs, until it is told to end.

use std::future::{Future, poll_fn, ready};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use cloakroom::store::{SessionStore, StoreError, StoreKey, Swept};
use cloakroom::{ManualClock, MemoryStore, Sweeper};
use futures_util::future::{BoxFuture, FutureExt as _};
use tests::{Around, FlakyStore, Log, Place, Wrapped, on_every_store};
use tokio::sync::{Semaphore, oneshot};

/// What a wrapper says of a sweep: `None` has the store inside do it.
type Sweep = Option<Result<Swept, StoreError>>;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);

fn key(n: u8) -> StoreKey {
    StoreKey::from_bytes([n; 32])
}

/// Five sessions that end in an hour, and one that lives for a day. An object store that only adds keeps each for an hour more.
async fn fill(store: &impl SessionStore, now: std::time::SystemTime) {
    for n in 1..=5 {
        store.create(&key(n), Bytes::from_static(b"soon over"), now + HOUR).await.unwrap();
    }
    store.create(&key(6), Bytes::from_static(b"alive"), now + 24 * HOUR).await.unwrap();
}

async fn what_has_expired_is_swept<S: SessionStore + Clone>(place: Place<S>) {
    let clock = ManualClock::default();
    let place = place.with_clock(clock.clone());
    let store = place.store().await;
    fill(&store, place.now()).await;
    let early = SessionStore::sweep(&store).await.unwrap();
    assert!(matches!(early, Swept::ByItself | Swept::Removed(0)), "{early:?}");
    if early == Swept::ByItself {
        assert!(!place.takes_a_clock, "only a store whose server tells the time can drop what is over by itself");
        return;
    }
    clock.advance(3 * HOUR);
    assert_eq!(SessionStore::sweep(&store).await.unwrap(), Swept::Removed(5));
    assert_eq!(SessionStore::sweep(&store).await.unwrap(), Swept::Removed(0));
    let alive = store.load(&key(6)).await.unwrap().expect("a session that has not ended");
    assert_eq!(alive.bytes, Bytes::from_static(b"alive"));
    assert_eq!(store.load(&key(1)).await.unwrap(), None);
}

on_every_store!(what_has_expired_is_swept);

/// A timer that its test owns: it notes how long it was to wait, and waits until the test lets it go on.
#[derive(Clone)]
struct Timer {
    waits: Arc<Mutex<Vec<Duration>>>,
    asked: Arc<Semaphore>,
    go: Arc<Semaphore>,
}

impl Timer {
    fn new() -> Self {
        let closed = || Arc::new(Semaphore::new(0));
        Self { waits: Arc::default(), asked: closed(), go: closed() }
    }

    fn function(&self) -> impl Fn(Duration) -> BoxFuture<'static, ()> + Send + Sync + 'static {
        let timer = self.clone();
        move |time| {
            let timer = timer.clone();
            timer.waits.lock().unwrap().push(time);
            timer.asked.add_permits(1);
            async move { pass(&timer.go).await }.boxed()
        }
    }

    /// Lets the sweeper go on, once it waits.
    async fn tick(&self) {
        pass(&self.asked).await;
        self.go.add_permits(1);
    }

    /// Waits until the sweeper waits again, and says for how long.
    async fn next_wait(&self) -> Duration {
        pass(&self.asked).await;
        self.asked.add_permits(1);
        *self.waits.lock().unwrap().last().expect("a wait")
    }
}

/// Waits for one permit, and uses it up.
async fn pass(gate: &Semaphore) {
    gate.acquire().await.expect("it is never closed").forget();
}

struct Running {
    memory: MemoryStore,
    store: FlakyStore<MemoryStore>,
    clock: ManualClock,
    timer: Timer,
    stop: Option<oneshot::Sender<()>>,
    task: tokio::task::JoinHandle<()>,
}

impl Running {
    fn start(period: Duration) -> Self {
        let (clock, timer) = (ManualClock::default(), Timer::new());
        let memory = MemoryStore::new().with_clock(clock.clone());
        let store = FlakyStore::new(memory.clone());
        let (stop, stopped) = oneshot::channel::<()>();
        let sweeper = Sweeper::new(store.clone(), timer.function()).with_period(period);
        let task = tokio::spawn(sweeper.run(async { drop(stopped.await) }));
        Self { memory, store, clock, timer, stop: Some(stop), task }
    }

    async fn shut_down(mut self) {
        drop(self.stop.take());
        self.task.await.expect("the task ends by itself");
    }
}

#[tokio::test]
async fn sweeps_again_and_again_and_says_how_much() {
    let log = Log::start();
    let running = Running::start(MINUTE);
    fill(&running.memory, cloakroom::Clock::now(&running.clock)).await;
    running.timer.tick().await;
    running.timer.next_wait().await;
    assert_eq!(running.memory.len(), 6);
    running.clock.advance(2 * HOUR);
    running.timer.tick().await;
    running.timer.next_wait().await;
    assert_eq!(running.memory.len(), 1, "the five that have expired are gone");
    for swept in ["swept expired sessions removed=0", "swept expired sessions removed=5"] {
        assert!(log.text().contains(swept), "{}", log.text());
    }
    running.shut_down().await;
}

/// After an error the next try comes soon, then later and later, and never later than about the period; then all is as before.
#[tokio::test]
async fn an_error_ends_nothing_and_backs_off() {
    let log = Log::start();
    let running = Running::start(MINUTE);
    fill(&running.memory, cloakroom::Clock::now(&running.clock)).await;
    running.store.fail_all();
    running.clock.advance(2 * HOUR);
    for wait in [1, 2, 4, 8, 16, 32, 60, 60, 60] {
        running.timer.tick().await;
        let (next, about) = (running.timer.next_wait().await, Duration::from_secs(wait));
        assert!(next >= about / 2 && next <= about * 3 / 2, "{next:?} after an error, and not about {about:?}");
    }
    assert_eq!(running.memory.len(), 6);
    assert!(log.text().contains("WARN") && log.text().contains("connection refused"), "{}", log.text());
    running.store.recover();
    running.timer.tick().await;
    let next = running.timer.next_wait().await;
    assert!(next >= MINUTE / 2 && running.memory.len() == 1, "{next:?}, {} left", running.memory.len());
    running.shut_down().await;
}

/// Nodes that start at the same moment spread over the period, and do not drift together again.
#[tokio::test]
async fn nodes_do_not_sweep_together() {
    let mut firsts = Vec::new();
    for _ in 0..40 {
        let running = Running::start(HOUR);
        let first = running.timer.next_wait().await;
        running.timer.tick().await;
        let next = running.timer.next_wait().await;
        assert!(first <= HOUR && next >= HOUR / 2 && next <= HOUR * 3 / 2, "{first:?}, {next:?}");
        firsts.push(first);
        running.shut_down().await;
    }
    let (soonest, latest) = (firsts.iter().min().unwrap(), firsts.iter().max().unwrap());
    assert!(*latest - *soonest > HOUR / 2, "forty nodes begin between {soonest:?} and {latest:?}");
}

/// It ends where it stands: while it waits, and while a sweep is under way.
#[tokio::test]
async fn ends_when_it_is_told_to() {
    let running = Running::start(HOUR);
    running.timer.next_wait().await;
    running.shut_down().await;

    #[derive(Clone)]
    struct Stuck;
    impl Around for Stuck {
        fn sweep(&self) -> impl Future<Output = Sweep> + Send {
            std::future::pending()
        }
    }
    let stuck = Wrapped { inner: MemoryStore::new(), around: Stuck };
    let (run, stop) = begun(stuck).await;
    drop(stop);
    run.await;
}

/// A sweeper that never has to wait, polled once, and what ends it.
async fn begun(store: impl SessionStore) -> (BoxFuture<'static, ()>, oneshot::Sender<()>) {
    let (stop, stopped) = oneshot::channel::<()>();
    let mut run = Sweeper::new(store, |_| ready(())).run(async { drop(stopped.await) }).boxed();
    let is_done = poll_fn(|cx| Poll::Ready(run.as_mut().poll(cx).is_ready())).await;
    assert!(!is_done, "nobody has told it to end");
    (run, stop)
}

/// A store that has nothing to sweep is not asked again; the task still waits for its shutdown, as its program may for the task.
#[tokio::test]
async fn a_store_that_drops_by_itself_is_asked_once() {
    #[derive(Clone)]
    struct ByItself(Arc<AtomicUsize>);
    impl Around for ByItself {
        fn sweep(&self) -> impl Future<Output = Sweep> + Send {
            self.0.fetch_add(1, Ordering::SeqCst);
            ready(Some(Ok(Swept::ByItself)))
        }
    }
    let asked = Arc::new(AtomicUsize::new(0));
    let store = Wrapped { inner: MemoryStore::new(), around: ByItself(Arc::clone(&asked)) };
    let (run, stop) = begun(store).await;
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    drop(stop);
    run.await;
}

/// Half a second of sweeping without a pause would be no better than an endless loop.
#[test]
#[should_panic(expected = "a sweeper that never waits")]
fn a_period_of_zero_is_refused() {
    let _ = Sweeper::new(MemoryStore::new(), |_| ready(())).with_period(Duration::ZERO);
}
