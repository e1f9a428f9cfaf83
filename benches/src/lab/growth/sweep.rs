//! While half of the stored sessions are swept away.

use std::time::{Duration, Instant};

use benches::record::Shop;
use benches::{Work as _, prepare};
use bytes::Bytes;
use cloakroom::store::SessionStore;
use cloakroom::stores::RedbStore;
use cloakroom::{ManualClock, MemoryStore, Sessions};

use super::curve::{Curve, Law};
use super::filler::{fill, later};
use super::timed::times;

/// Sessions that are asked during it, in turns.
const ASKED: usize = 100;
/// Longer than this, a request was held up, and did not only lose its turn at a processor.
const HELD_UP: f64 = 50_000.0;
const HOUR: Duration = Duration::from_secs(3_600);

pub(super) async fn measure(most: usize) {
    let clock = ManualClock::at(std::time::SystemTime::now());
    let store = MemoryStore::new().with_max_sessions(2 * most).with_max_bytes(usize::MAX).with_clock(clock.clone());
    on("memory", store, clock, most).await;
    let clock = ManualClock::at(std::time::SystemTime::now());
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = RedbStore::builder(folder.path().join("shop.redb")).clock(clock.clone()).open().expect("a file");
    on("redb", store, clock, most).await;
}

async fn on(name: &str, store: impl SessionStore + Clone, clock: ManualClock, most: usize) {
    let bytes = Bytes::from(vec![0; 547]);
    fill(store.clone(), 0..most / 2, &bytes, later()).await.expect("it fits");
    fill(store.clone(), most / 2..most, &bytes, later() + 6 * HOUR).await.expect("it fits");
    clock.advance(4 * HOUR);
    let sessions = Sessions::<Shop>::new(store.clone()).with_clock(clock);
    let cookies = prepare(&sessions, ASKED).await;
    let read = async |session: &cloakroom::Session<Shop>| {
        std::hint::black_box(session.clone().read().await.expect("it reads"));
    };
    let quiet = *times(&sessions, &cookies, read).await.last().expect("some");
    let mut asked = Vec::new();
    let began = Instant::now();
    let sweep = tokio::spawn(async move { store.sweep().await.map(|swept| (swept, began.elapsed())) });
    while !sweep.is_finished() {
        asked.extend(times(&sessions, &cookies, read).await);
        tokio::task::yield_now().await;
    }
    asked.sort_unstable();
    let (worst, of_ten_thousand) = (asked[asked.len() - 1], asked[asked.len() - 1 - asked.len() / 10_000]);
    let (swept, took) = sweep.await.expect("the task ends").expect("it sweeps");
    let of = format!(
        "{name}, sessions of which half are swept ({swept:?} in {took:.1?}); worst before and during, and of all but one of \
         10,000 {of_ten_thousand:.1?}"
    );
    let micros = |time: Duration| time.as_secs_f64() * 1e6;
    Curve { what: "read", of: &of, law: Law::Below(HELD_UP), points: vec![(0, micros(quiet)), (most, micros(worst))] }
        .print();
}
