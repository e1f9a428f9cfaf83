//! What is counted with the feature `metrics`, as a recorder of the application sees it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use cloakroom::{MemoryStore, RequestHead, SessionData, Sessions, Sweeper, session_guard};
use metrics::{
    Counter, CounterFn, Gauge, Histogram, HistogramFn, Key, KeyName, LocalRecorderGuard, Metadata, Recorder,
    SharedString, Unit,
};
use tests::{Deed, FlakyStore, Visitor};

#[derive(SessionData)]
#[session(cookie = "shop")]
struct Shop {
    #[session(owner)]
    user_id: Option<u64>,
    is_admin: bool,
    visits: u64,
}

#[session_guard(Shop, user_id, is_admin = true)]
struct Admin;

/// Adds up what is counted, under `name{label=value,…}`, and counts what is measured.
#[derive(Clone, Default)]
struct Tally {
    counted: Arc<Mutex<BTreeMap<String, u64>>>,
    described: Arc<Mutex<Vec<String>>>,
}

struct Entry(Tally, String);

impl Tally {
    /// Records what this thread counts.
    fn start(&self) -> LocalRecorderGuard<'_> {
        metrics::set_default_local_recorder(self)
    }

    fn entry(&self, key: &Key) -> Arc<Entry> {
        let labels: Vec<_> = key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
        Arc::new(Entry(self.clone(), format!("{}{{{}}}", key.name(), labels.join(","))))
    }

    fn of(&self, name: &str) -> u64 {
        self.counted.lock().unwrap().get(name).copied().unwrap_or(0)
    }

    fn describe(&self, name: &KeyName) {
        self.described.lock().unwrap().push(name.as_str().to_owned());
    }
}

impl CounterFn for Entry {
    fn increment(&self, by: u64) {
        *self.0.counted.lock().unwrap().entry(self.1.clone()).or_default() += by;
    }

    fn absolute(&self, _: u64) {
        unreachable!("nothing sets a counter")
    }
}

impl HistogramFn for Entry {
    fn record(&self, seconds: f64) {
        assert!((0.0..10.0).contains(&seconds), "{seconds}");
        self.increment(1);
    }
}

impl Recorder for Tally {
    fn describe_counter(&self, name: KeyName, _: Option<Unit>, _: SharedString) {
        self.describe(&name);
    }

    fn describe_gauge(&self, name: KeyName, _: Option<Unit>, _: SharedString) {
        self.describe(&name);
    }

    fn describe_histogram(&self, name: KeyName, _: Option<Unit>, _: SharedString) {
        self.describe(&name);
    }

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.entry(key))
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        unreachable!("there is no gauge")
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.entry(key))
    }
}

#[tokio::test]
async fn loads_commits_and_ends_are_counted() {
    let tally = Tally::default();
    let _recording = tally.start();
    let mut visitor = Visitor::new(Sessions::<Shop>::new(MemoryStore::new()));
    visitor.visit(async |session| session.visits().await).await.unwrap();
    assert!(tally.counted.lock().unwrap().is_empty(), "a visitor without a cookie costs nothing");

    visitor.visit(async |session| session.set_visits(1).await).await.unwrap();
    visitor.visit(async |session| session.set_user_id(7).await).await.unwrap();
    visitor.visit(async |session| session.update_visits(|visits| *visits += 1).await).await.unwrap();
    visitor
        .clone()
        .with_cookie(format!("__Host-shop={}", "A".repeat(43)))
        .visit(async |session| session.visits().await)
        .await
        .unwrap();
    visitor.visit(async |session| session.destroy().await).await.unwrap();

    assert_eq!(tally.of("cloakroom_loads_total{session=shop,found=live}"), 2);
    assert_eq!(tally.of("cloakroom_loads_total{session=shop,found=absent}"), 1);
    assert_eq!(tally.of("cloakroom_load_seconds{session=shop}"), 3);
    for (how, times) in [("created", 1), ("rotated", 1), ("replaced", 1)] {
        assert_eq!(tally.of(&format!("cloakroom_commits_total{{session=shop,how={how}}}")), times, "{how}");
    }
    assert_eq!(tally.of("cloakroom_commit_seconds{session=shop}"), 3);
    assert_eq!(tally.of("cloakroom_sign_ins_total{session=shop}"), 1);
    assert_eq!(tally.of("cloakroom_ends_total{session=shop,reason=destroyed}"), 1);
}

#[tokio::test]
async fn conflicts_rejections_and_errors_are_counted() {
    let tally = Tally::default();
    let _recording = tally.start();
    let store = FlakyStore::new(MemoryStore::new());
    let sessions = Sessions::<Shop>::new(store.clone());
    let mut visitor = Visitor::new(sessions.clone());
    visitor.visit(async |session| session.set_visits(1).await).await.unwrap();
    let mut rival = visitor.clone();

    visitor
        .visit(async |session| {
            session.visits().await.unwrap();
            rival.visit(async |session| session.update_visits(|visits| *visits += 1).await).await.unwrap();
            session.set_is_admin(true).await.unwrap();
        })
        .await;
    assert_eq!(tally.of("cloakroom_conflicts_total{session=shop}"), 1);

    visitor.visit(async |session| Admin::check(&session).await.map(drop)).await.unwrap_err();
    visitor.visit(async |session| session.set_is_admin(false).await).await.unwrap();
    visitor.visit(async |session| session.set_user_id(7).await).await.unwrap();
    visitor.visit(async |session| Admin::check(&session).await.map(drop)).await.unwrap_err();
    let foreign = RequestHead { method: "POST", path: "/", sec_fetch_site: Some(b"cross-site"), ..Default::default() };
    sessions.admit(&foreign, []).unwrap_err();
    for reason in ["missing", "mismatch", "cross_site"] {
        assert_eq!(tally.of(&format!("cloakroom_rejections_total{{session=shop,reason={reason}}}")), 1, "{reason}");
    }

    store.fail(&[Deed::Load, Deed::LoadCurrent]);
    visitor.request(async |session| session.visits().await.unwrap_err()).await;
    store.fail(&[Deed::Replace]);
    visitor.request(async |session| session.set_visits(9).await.unwrap()).await;
    store.fail(&[Deed::Delete]);
    visitor.request(async |session| session.destroy().await.unwrap()).await;
    for call in ["load", "commit", "destroy"] {
        assert_eq!(tally.of(&format!("cloakroom_store_errors_total{{session=shop,call={call}}}")), 1, "{call}");
    }
}

#[tokio::test]
async fn sweeps_are_counted() {
    let tally = Tally::default();
    let _recording = tally.start();
    let clock = cloakroom::ManualClock::default();
    let store = MemoryStore::new().with_clock(clock.clone());
    let sessions = Sessions::<Shop>::new(store.clone()).with_clock(clock.clone());
    for _ in 0..3 {
        Visitor::new(sessions.clone()).visit(async |session| session.set_visits(1).await).await.unwrap();
    }
    clock.advance(std::time::Duration::from_secs(3 * 60 * 60));
    let rounds = std::sync::atomic::AtomicUsize::new(0);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let stop = Mutex::new(Some(stop));
    // The third wait ends it: two sweeps are done by then.
    let timer = move |_| {
        if rounds.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 2 {
            drop(stop.lock().unwrap().take());
        }
        tokio::task::yield_now()
    };
    Sweeper::new(store, timer).run(async { drop(stopped.await) }).await;
    assert_eq!(tally.of("cloakroom_swept_total{}"), 3);
}

/// Those on SQL databases sweep by themselves.
#[cfg(feature = "stores")]
#[tokio::test]
async fn sweeps_of_a_store_on_sql_are_counted() {
    use std::time::Duration;
    let tally = Tally::default();
    let _recording = tally.start();
    let (folder, clock) = (tempfile::tempdir().unwrap(), cloakroom::ManualClock::default());
    let builder = cloakroom::stores::SqliteStore::builder(folder.path().join("shop.sqlite")).unwrap();
    let store = builder.clock(clock.clone()).sweep_every(Duration::from_millis(20)).build().unwrap();
    store.migrate().await.unwrap();
    let sessions = Sessions::<Shop>::new(store).with_clock(clock.clone());
    for _ in 0..3 {
        Visitor::new(sessions.clone()).visit(async |session| session.set_visits(1).await).await.unwrap();
    }
    clock.advance(Duration::from_secs(3 * 60 * 60));
    let swept = async {
        while tally.of("cloakroom_swept_total{}") == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), swept).await.expect("it sweeps");
    assert_eq!(tally.of("cloakroom_swept_total{}"), 3);
}

/// Each metric of the documentation has its description, and no other has.
#[test]
fn every_metric_is_described() {
    let tally = Tally::default();
    let _recording = tally.start();
    cloakroom::observe::describe_metrics();
    let documentation = include_str!("../session-runtime/src/observe.rs");
    let documented: Vec<&str> =
        documentation.split('`').filter(|word| word.starts_with("cloakroom_") && !word.contains(' ')).collect();
    assert_eq!(*tally.described.lock().unwrap(), documented);
}
