//! With how many sessions are stored.

use benches::record::Shop;
use benches::{Work as _, prepare};
use bytes::Bytes;
use cloakroom::store::SessionStore;
use cloakroom::stores::{PostgresStore, RedbStore, RedisStore};
use cloakroom::{MemoryStore, Sessions};
use tests::servers::{Postgres, RedisServer};

use super::curve::{Curve, Law};
use super::filler::{fill, later};
use super::timed::median;

/// Sessions that are asked, each once.
const ASKED: usize = 500;
/// What the others hold: as many bytes as the record of the comparison.
const BYTES: usize = 547;

pub(super) async fn measure(most: usize) {
    let memory = MemoryStore::new().with_max_sessions(2 * most).with_max_bytes(usize::MAX);
    on("memory", memory, most, Law::Flat).await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let redb = RedbStore::open(folder.path().join("shop.redb")).expect("a file");
    on("redb", redb, most, Law::Logarithmic).await;
    let redis = RedisServer::start();
    on("Redis", RedisStore::connect(&redis.url()).expect("an address"), most, Law::Flat).await;
    let postgres = Postgres::start();
    let store = PostgresStore::builder(&postgres.url()).expect("an address");
    let store = store.time_limit(tests::faults::PATIENCE).build().expect("settings");
    store.migrate().await.expect("the table is made");
    on("PostgreSQL", store, most, Law::Logarithmic).await;
}

async fn on(name: &str, store: impl SessionStore + Clone, most: usize, law: Law) {
    let sessions = Sessions::<Shop>::new(store.clone());
    let cookies = prepare(&sessions, ASKED).await;
    let [mut reads, mut writes] = [Vec::new(), Vec::new()];
    let (mut stored, mut next) = (0, 1_000);
    while next <= most {
        fill(store.clone(), stored..next, &Bytes::from(vec![0; BYTES]), later()).await.expect("it fits");
        reads.push((next, median(&sessions, &cookies, read).await));
        writes.push((next, median(&sessions, &cookies, write).await));
        (stored, next) = (next, next * 10);
    }
    for (what, points) in [("read", reads), ("write", writes)] {
        let of = format!("{name}, sessions stored");
        Curve { what, of: &of, law, points }.print();
    }
}

async fn read(session: &cloakroom::Session<Shop>) {
    std::hint::black_box(session.clone().read().await.expect("it reads"));
}

async fn write(session: &cloakroom::Session<Shop>) {
    session.clone().write().await.expect("it writes");
}
