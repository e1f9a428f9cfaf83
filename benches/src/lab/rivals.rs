//! What it costs when several requests update one session at once: `rivals [ROUNDS]` prints a table for every store.
//!
//! Each rival has loaded the session before any updates it. On one node the rivals share a `Sessions`; on many, each has a store
//! and a `Sessions` of its own, as in another process. The servers are the tests' own and do not wait for the disk.
//!
//! `cargo run --release -p benches --features lab --bin rivals`

use std::sync::Arc;
use std::time::{Duration, Instant};

use cloakroom::store::SessionStore;
use cloakroom::{Session, SessionData, Sessions};
use tests::{Calls, Deed, Place, Wrapped};
use tokio::sync::Barrier;

#[derive(SessionData)]
#[session(cookie = "shop")]
struct Shop {
    visits: u64,
}

struct Race {
    replaces: f64,
    per_update: Duration,
    slowest: Duration,
}

async fn race(nodes: &[Sessions<Shop>], rivals: usize, rounds: u32, calls: &Calls) -> Race {
    let (mut replaces, mut whole, mut slowest) = (0, Duration::ZERO, Duration::ZERO);
    for _ in 0..rounds {
        let first = nodes[0].open([]);
        first.set_visits(0).await.expect("a number fits");
        let cookie = nodes[0].close(&first, true).await.set_cookie.expect("a session begins");
        let cookie = cookie.split(';').next().unwrap_or_default();
        let sessions = (0..rivals).map(|rival| nodes[rival % nodes.len()].open([cookie.as_bytes()]));
        let start = Arc::new(Barrier::new(rivals + 1));
        let racing: Vec<_> = sessions.map(|session| tokio::spawn(update(session, Arc::clone(&start)))).collect();
        start.wait().await;
        calls.take();
        let began = Instant::now();
        start.wait().await;
        for racing in racing {
            slowest = slowest.max(racing.await.expect("the task ends"));
        }
        whole += began.elapsed();
        replaces += calls.take().iter().filter(|deed| **deed == Deed::Replace).count();
        assert_eq!(nodes[0].open([cookie.as_bytes()]).visits().await.expect("a number"), rivals as u64);
    }
    let updates = rivals as u32 * rounds;
    Race { replaces: replaces as f64 / f64::from(updates), per_update: whole / updates, slowest }
}

async fn update(session: Session<Shop>, start: Arc<Barrier>) -> Duration {
    session.visits().await.expect("a number");
    start.wait().await;
    start.wait().await;
    let began = Instant::now();
    session.update_visits(|visits| *visits += 1).await.expect("it has its turn");
    began.elapsed()
}

async fn on<S: SessionStore + Clone>(name: &str, place: Place<S>, rounds: u32) {
    let calls = Calls::default();
    let mut nodes = Vec::new();
    for _ in 0..50 {
        let store = Wrapped { inner: place.store().await, around: calls.clone() };
        nodes.push(Sessions::<Shop>::new(store));
    }
    for (what, nodes, rivals) in [
        ("one node", &nodes[..1], 1),
        ("one node", &nodes[..1], 2),
        ("one node", &nodes[..1], 10),
        ("one node", &nodes[..1], 50),
        ("2 nodes", &nodes[..2], 2),
        ("10 nodes", &nodes[..10], 10),
        ("10 nodes", &nodes[..10], 50),
        ("50 nodes", &nodes[..], 50),
    ] {
        let Race { replaces, per_update, slowest } = race(nodes, rivals, rounds, &calls).await;
        let [per_update, slowest] = [per_update, slowest].map(|time| time.as_secs_f64() * 1_000.0);
        println!("{name:<40} {what:>8} {rivals:>6} {replaces:>10.2} {per_update:>10.3} {slowest:>10.2}");
    }
}

#[tokio::main]
async fn main() {
    let rounds = std::env::args().nth(1).map_or(20, |rounds| rounds.parse().expect("a number of rounds"));
    println!("{:<40} {:>8} {:>6} {:>10} {:>10} {:>10}", "store", "", "rivals", "replaces", "ms", "slowest");
    macro_rules! on_each {
        ($($store:ident)+) => {
            $(on(stringify!($store), tests::places::$store(), rounds).await;)+
        };
    }
    tests::every_store! { [on_each] }
}
