//! Promise 8 on Redis servers that stand in for each other: a primary that is killed or stands still, in a cluster and under
//! Sentinel. What its replica has received is served again by it, and nothing has to be restarted.

use std::time::Instant;

use cloakroom::stores::RedisStore;
use tests::Browser;
use tests::faults::{CALL, PATIENCE, app, assert_down, posts, reads, served_again, signed_in, visits};
use tests::servers::{RedisCluster, RedisSentinel, free_port};

fn store(url: &str) -> RedisStore {
    RedisStore::builder(url).connect_limit(CALL / 2).response_limit(CALL / 2).connect().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_that_is_absent_at_the_start() {
    let mut cluster = RedisCluster::start();
    let before = signed_in(&app(store(&cluster.url()))).await;
    cluster.wait_for_replication();
    cluster.nodes[3..].iter_mut().for_each(|node| node.kill());
    // What a primary that is asked to end writes down, it has when it comes back.
    for node in &cluster.nodes[..3] {
        assert_eq!(node.cli(&["SAVE"]).trim(), "OK");
    }
    cluster.nodes[..3].iter_mut().for_each(|node| node.kill());
    let browser = before.at(app(store(&cluster.url())));
    assert_down(&browser).await;
    cluster.nodes.iter_mut().for_each(|node| node.restart());
    let after = served_again(&browser).await;
    assert_eq!(visits(&browser).await, 1);
    println!("a cluster started late: served by it {after:?} after its nodes were up");
}

/// The sentinels are there and name a primary that is not.
#[tokio::test(flavor = "multi_thread")]
async fn a_primary_under_sentinel_that_is_absent_at_the_start() {
    let mut sentinel = RedisSentinel::start();
    let before = signed_in(&app(store(&sentinel.url()))).await;
    sentinel.wait_for_replication();
    sentinel.primary.kill();
    let browser = before.at(app(store(&sentinel.url())));
    assert!(!reads(&browser).await, "nobody is there yet");
    served_again(&browser).await;
    assert_eq!(visits(&browser).await, 1);
}

/// Nor are the sentinels.
#[tokio::test(flavor = "multi_thread")]
async fn sentinels_that_are_absent_at_the_start() {
    let ports = [free_port(), free_port()].map(|port| format!("127.0.0.1:{port}"));
    let store = store(&format!("redis+sentinel://{}/shop", ports.join(",")));
    let mut browser = Browser::new(app(store));
    let reply = browser.post("/in").await;
    assert_eq!((reply.status.as_u16(), reply.set_cookies().len()), (503, 0), "{reply:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_whose_primary_is_killed() {
    let mut cluster = RedisCluster::start();
    let app = app(store(&cluster.url()));
    let mut browsers = Vec::new();
    for _ in 0..30 {
        browsers.push(signed_in(&app).await);
    }
    cluster.wait_for_replication();
    let (began, port) = (Instant::now(), cluster.nodes[0].port);
    cluster.nodes[0].kill();
    let (mut served, mut refused, mut left) = (0, 0, browsers.len());
    while left > 0 {
        assert!(began.elapsed() < PATIENCE, "{left} sessions are never served again");
        left = 0;
        for browser in &browsers {
            let is_served = reads(browser).await;
            (served, refused) = (served + usize::from(is_served), refused + usize::from(!is_served));
            left += usize::from(!is_served);
        }
    }
    let outage = began.elapsed();
    cluster.wait_for_failover_of(port);
    for browser in &browsers {
        assert!(posts(browser, "/update").await);
        assert_eq!(visits(browser).await, 2, "no session is lost");
    }
    println!(
        "cluster's primary killed: served by all after {outage:?}; meanwhile {served} served, {refused} answers of 503"
    );
}

/// Nothing is closed here: a client that waits for the old primary to speak would wait for ever.
#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_whose_primary_stands_still() {
    let cluster = RedisCluster::start();
    let app = app(store(&cluster.url()));
    let mut browsers = Vec::new();
    for _ in 0..12 {
        browsers.push(signed_in(&app).await);
    }
    cluster.wait_for_replication();
    let began = Instant::now();
    cluster.nodes[1].process().signal("STOP");
    for browser in &browsers {
        served_again(browser).await;
    }
    println!("cluster's primary stopped: served by all after {:?}", began.elapsed());
    for browser in &browsers {
        assert!(posts(browser, "/update").await);
        assert_eq!(visits(browser).await, 2, "no session is lost");
    }
    cluster.nodes[1].process().signal("CONT");
    for browser in &browsers {
        served_again(browser).await;
        assert_eq!(visits(browser).await, 2, "no session is lost");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_primary_under_sentinel_that_is_killed() {
    let mut sentinel = RedisSentinel::start();
    let browser = signed_in(&app(store(&sentinel.url()))).await;
    sentinel.wait_for_replication();
    let began = Instant::now();
    sentinel.primary.kill();
    assert!(!reads(&browser).await, "nobody is there yet");
    served_again(&browser).await;
    println!("primary under Sentinel killed: served again after {:?}", began.elapsed());
    sentinel.wait_for_failover();
    assert!(posts(&browser, "/update").await);
    assert_eq!(visits(&browser).await, 2, "no session is lost");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_primary_under_sentinel_that_stands_still_and_comes_back_as_a_replica() {
    let sentinel = RedisSentinel::start();
    let browser = signed_in(&app(store(&sentinel.url()))).await;
    sentinel.wait_for_replication();
    sentinel.primary.process().signal("STOP");
    served_again(&browser).await;
    assert!(posts(&browser, "/update").await);
    sentinel.primary.process().signal("CONT");
    for _ in 0..20 {
        served_again(&browser).await;
        assert!(posts(&browser, "/update").await);
    }
    assert_eq!(visits(&browser).await, 22);
}

/// No fault, but the same care: while a slot moves to another node, its keys are on either, and the old node says where.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_whose_slot_moves_to_another_node() {
    let cluster = RedisCluster::start();
    let browser = signed_in(&app(store(&cluster.url()))).await;
    let here = cluster.nodes[..3].iter().find(|node| node.cli(&["DBSIZE"]).trim() == "1").expect("one primary has it");
    let there = cluster.nodes[..3].iter().find(|node| node.port != here.port).expect("there are two more");
    let key = here.any_key();
    let slot = here.cli_with(&["CLUSTER", "KEYSLOT"], &key);
    let slot = slot.trim();
    let (from, to) = (here.cli(&["CLUSTER", "MYID"]), there.cli(&["CLUSTER", "MYID"]));
    let (from, to) = (from.trim(), to.trim());
    there.cli(&["CLUSTER", "SETSLOT", slot, "IMPORTING", from]);
    here.cli(&["CLUSTER", "SETSLOT", slot, "MIGRATING", to]);
    assert!(posts(&browser, "/update").await, "it is still on the old node");
    let moved = here.cli_with(&["MIGRATE", "127.0.0.1", &there.port.to_string(), "", "0", "1000", "KEYS"], &key);
    assert_eq!(moved.trim(), "OK");
    for path in ["/update", "/set", "/update"] {
        assert!(posts(&browser, path).await, "it is on the new node, and the old one says so");
    }
    for node in &cluster.nodes[..3] {
        node.cli(&["CLUSTER", "SETSLOT", slot, "NODE", to]);
    }
    assert!(posts(&browser, "/update").await, "the slot has moved");
    assert_eq!(visits(&browser).await, 6);
}
