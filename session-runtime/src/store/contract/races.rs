//! What must hold when many tasks do it at once.

use std::collections::{HashMap, HashSet};
use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::task::Poll;

use futures_util::future::join_all;

use super::*;
use crate::store::{Refreshed, Touched};

async fn race<H, T, F>(harness: &H, task: impl Fn(u32) -> F) -> Vec<T>
where
    H: Harness,
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    race_of(harness, TASKS, task).await
}

/// Starts one task for each number and waits for all together, so that they race also where `spawn` starts nothing by itself.
pub(super) async fn race_of<H, T, F>(harness: &H, tasks: u32, task: impl Fn(u32) -> F) -> Vec<T>
where
    H: Harness,
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let gate = Arc::new(AtomicU32::new(0));
    join_all((0..tasks).map(|n| {
        let (gate, task) = (gate.clone(), task(n));
        harness.spawn(async move {
            all_are_at(&gate, tasks).await;
            task.await
        })
    }))
    .await
}

/// Holds the first task back until the last one is there: else it would be done before the others start. Gives up after a
/// while, for a `spawn` that runs one task after the other.
async fn all_are_at(gate: &AtomicU32, tasks: u32) {
    gate.fetch_add(1, SeqCst);
    for _ in 0..10_000 {
        if gate.load(SeqCst) >= tasks {
            return;
        }
        step_back().await;
    }
}

/// Lets other tasks run, on any runtime.
async fn step_back() {
    let mut stepped = false;
    poll_fn(|context| {
        if stepped {
            return Poll::Ready(());
        }
        stepped = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// 50 tasks count up one record, each trying until it wins: the sum is exact, and no version was won twice.
pub async fn each_version_is_replaced_once<H: Harness>(harness: &H) {
    let (store, at) = (Arc::new(harness.store().await), in_an_hour(harness));
    create(&store, &key(1), "0", at).await;
    let won = race(harness, |_| increment(store.clone(), at)).await;
    let replaced: HashSet<Version> = won.iter().map(|(replaced, _)| *replaced).collect();
    let written: HashSet<Version> = won.iter().map(|(_, written)| written.version).collect();
    assert_eq!(replaced.len(), won.len(), "two tasks replaced the same version");
    assert_eq!(written.len(), won.len(), "two writes got the same version");
    assert_eq!(load(&store, &key(1)).await.map(|stored| number(&stored)), Some(TASKS));
}

/// Adds one, however often it takes. Says which version it replaced, and by what.
async fn increment<S: SessionStore>(store: Arc<S>, at: SystemTime) -> (Version, Stored) {
    let mut current = store.load_current(&key(1)).await.expect("load_current works").expect("the record is there");
    loop {
        let bytes = Bytes::from((number(&current) + 1).to_string());
        match replace(&store, &key(1), &current.version, bytes.clone(), at).await {
            Replaced::Done(version) => return (current.version, Stored { version, bytes, expires_at: at }),
            Replaced::Stale(newer) => current = newer,
            Replaced::Gone => panic!("the record went away"),
        }
    }
}

fn number(stored: &Stored) -> u32 {
    std::str::from_utf8(&stored.bytes).ok().and_then(|text| text.parse().ok()).expect("the record holds a number")
}

/// Of 50 tasks that create one key, exactly one is told `New`, and its bytes are stored.
pub async fn one_of_many_creates_wins<H: Harness>(harness: &H) {
    let (store, at) = (Arc::new(harness.store().await), in_an_hour(harness));
    let created = race(harness, |n| {
        let store = store.clone();
        async move { (n, store.create(&key(1), n.to_string().into(), at).await.expect("create works")) }
    });
    let mut winners = created.await.into_iter().filter(|(_, created)| *created != Created::Taken);
    let (winner, _) = winners.next().expect("one create wins");
    assert_eq!(winners.next(), None, "two creates won");
    assert_eq!(load(&store, &key(1)).await.map(|stored| number(&stored)), Some(winner));
}

/// Of 50 tasks that delete one record, exactly one is handed the record.
pub async fn one_of_many_deletes_gets_the_record<H: Harness>(harness: &H) {
    let (store, at) = (Arc::new(harness.store().await), in_an_hour(harness));
    create(&store, &key(1), "data", at).await;
    let removed = race(harness, |_| {
        let store = store.clone();
        async move { store.delete(&key(1)).await.expect("delete works") }
    });
    assert_eq!(removed.await.into_iter().flatten().count(), 1, "one delete gets the record, the others nothing");
}

/// While some tasks write, others touch: a touch that carried old bytes or an old version along would undo a write.
pub async fn touch_never_undoes_a_replace<H: Harness>(harness: &H) {
    let (store, at) = (Arc::new(harness.store().await), in_an_hour(harness));
    create(&store, &key(1), "0", at).await;
    let race = race(harness, |n| {
        let store = store.clone();
        async move {
            if n % 2 == 0 {
                increment(store, at).await;
            } else {
                touch_often(store, at).await;
            }
        }
    });
    race.await;
    assert_eq!(load(&store, &key(1)).await.map(|stored| number(&stored)), Some(TASKS / 2));
}

async fn touch_often<S: SessionStore>(store: Arc<S>, at: SystemTime) {
    for _ in 0..4 {
        let current = load(&store, &key(1)).await.expect("the record is there");
        let touched = store.touch(&key(1), &current.version, at).await.expect("touch works");
        assert_ne!(touched, Touched::Gone, "the record went away");
    }
}

/// While some tasks write, others ask what has changed: each answer is one write's version with that write's bytes.
pub async fn load_if_changed_never_mixes_two_writes<H: Harness>(harness: &H) {
    let (store, at) = (Arc::new(harness.store().await), in_an_hour(harness));
    create(&store, &key(1), "0", at).await;
    let race = race(harness, |n| {
        let store = store.clone();
        async move { if n % 2 == 0 { vec![increment(store, at).await.1] } else { look_often(store).await } }
    });
    let mut seen = HashMap::new();
    for stored in race.await.into_iter().flatten() {
        let bytes = seen.entry(stored.version).or_insert_with(|| stored.bytes.clone());
        assert_eq!(*bytes, stored.bytes, "two records were handed out as one version");
    }
}

async fn look_often<S: SessionStore>(store: Arc<S>) -> Vec<Stored> {
    let (mut seen, mut known) = (Vec::new(), Version::from(0));
    for _ in 0..8 {
        match refresh(&store, &key(1), &known).await {
            Refreshed::Unchanged { .. } => step_back().await,
            Refreshed::Changed(stored) => {
                known = stored.version;
                seen.push(stored);
            }
            Refreshed::Gone => panic!("the record went away"),
        }
    }
    seen
}

/// While many tasks write, one deletes: whatever the order, the record is gone in the end. In a few rounds, since the delete
/// must fall into somebody's write to tell.
pub async fn replace_never_outlives_a_delete<H: Harness>(harness: &H) {
    let (store, at) = (Arc::new(harness.store().await), in_an_hour(harness));
    for key in [key(1), key(2), key(3), key(4), key(5)] {
        create(&store, &key, "new", at).await;
        let race = race(harness, |n| {
            let store = store.clone();
            async move {
                if n == TASKS / 2 {
                    delete_once_written(store, key).await;
                } else {
                    write_often(store, key, at).await;
                }
            }
        });
        race.await;
        assert_eq!(load(&store, &key).await, None, "a write brought a deleted record back");
    }
}

async fn delete_once_written<S: SessionStore>(store: Arc<S>, key: StoreKey) {
    for _ in 0..100 {
        if load(&store, &key).await.is_some_and(|stored| stored.bytes != "new") {
            break;
        }
        step_back().await;
    }
    store.delete(&key).await.expect("delete works").expect("nobody else deletes");
}

async fn write_often<S: SessionStore>(store: Arc<S>, key: StoreKey, at: SystemTime) {
    for n in 0..4 {
        let Some(current) = load(&store, &key).await else { return };
        replace(&store, &key, &current.version, n.to_string(), at).await;
    }
}
