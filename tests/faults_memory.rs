//! Promise 8, errors are values: 10,000 requests to a server that stands still leave nothing behind, neither tasks nor memory.
//!
//! In a program of its own, since the allocator counts for all of it.

use std::time::Duration;

use peak_alloc::PeakAlloc;
use tests::faults::{app, crowd, served_again, signed_in};
use tests::servers::{MariaDb, Postgres, RedisServer, Server};
use tokio::sync::Mutex;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Requests that come at once.
const CROWD: usize = 1_000;
const LIMIT: Duration = Duration::from_millis(300);
/// A tenth of what a leak of one small allocation per request would come to.
const MOST_BYTES: usize = 64 << 10;
const MOST_TASKS: usize = 5;

fn in_use() -> (usize, usize) {
    (MEMORY.current_usage(), tokio::runtime::Handle::current().metrics().num_alive_tasks())
}

async fn stopped_server<S: Server>() {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());
    let _turn = ONE_AT_A_TIME.lock().await;
    let server = S::begin().await;
    let browser = signed_in(&app(server.store(LIMIT))).await;
    server.stop();
    let mut after_each = Vec::new();
    for _ in 0..10 {
        assert_eq!(crowd(&browser, CROWD).await, 0, "the server stands still");
        after_each.push(in_use());
    }
    println!("bytes and tasks after each {CROWD} requests: {after_each:?}");
    server.go_on();
    served_again(&browser).await;
    let ((bytes, tasks), (first_bytes, first_tasks)) = (after_each[9], after_each[0]);
    assert!(bytes < first_bytes + MOST_BYTES, "memory piles up: {after_each:?}");
    assert!(tasks <= first_tasks + MOST_TASKS, "tasks pile up: {after_each:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_redis() {
    stopped_server::<RedisServer>().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres() {
    stopped_server::<Postgres>().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_mysql() {
    stopped_server::<MariaDb>().await;
}
