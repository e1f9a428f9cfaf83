//! What Redis loses of what it has answered: a measure of the server more than a test of the store. What is left is the session
//! as it once was, never an empty one. The figures stand in `src/stores/redis/deploying.md`.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use cloakroom::stores::RedisStore;
use tests::Proxy;
use tests::faults::{CALL, app, posts, served_again, signed_in, visits, written_until};
use tests::servers::{RedisSentinel, RedisServer, Server as _};

/// Writers at once, each of which may have had one write on its way that nobody was told of.
const WRITERS: usize = 8;

/// With the settings it comes with: all since the last snapshot.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_default_persistence_loses() {
    let mut server = RedisServer::with(&[]);
    let app = app(server.store(CALL));
    let mut browsers = Vec::new();
    for _ in 0..100 {
        browsers.push(signed_in(&app).await);
    }
    server.cli(&["SAVE"]);
    for browser in &browsers {
        assert!(posts(browser, "/update").await);
    }
    server.restart();
    let mut lost = 0;
    for browser in &browsers {
        lost += 2 - visits(browser).await;
    }
    println!("default persistence, kill -9: {lost} of 100 answered writes since the snapshot are lost");
    assert_eq!(lost, 100, "snapshots alone have become durable: say so in the documents");
}

/// With `appendfsync everysec` an answer waits for the system's cache and not for the disk: the end of the process loses nothing,
/// unless the disk was so slow that the server put even that off; the end of the machine loses about a second.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_log_that_is_synced_each_second_loses() {
    let mut server = RedisServer::with(&["--save", "", "--appendonly", "yes", "--appendfsync", "everysec"]);
    let browser = signed_in(&app(server.store(CALL))).await;
    let answered = written_until(&browser, WRITERS, 200, || server.kill()).await;
    server.restart();
    served_again(&browser).await;
    let kept = visits(&browser).await - 1;
    assert!(kept <= answered + WRITERS as u64, "{answered} writes were answered, and {kept} are there");
    println!("appendfsync everysec, kill -9 under load: {kept} kept of {answered} answered");
}

/// Replication comes after the answer, so how much is lost depends on the moment.
#[tokio::test(flavor = "multi_thread")]
async fn what_asynchronous_replication_loses() {
    let mut sentinel = RedisSentinel::start();
    let store = RedisStore::builder(&sentinel.url()).connect_limit(CALL / 2).response_limit(CALL / 2);
    let browser = signed_in(&app(store.connect().unwrap())).await;
    sentinel.wait_for_replication();
    let answered = written_until(&browser, WRITERS, 200, || sentinel.primary.kill()).await;
    served_again(&browser).await;
    let kept = visits(&browser).await - 1;
    assert!(kept <= answered + WRITERS as u64, "{answered} writes were answered, and {kept} are there");
    println!("primary killed under load, replica promoted: {kept} kept of {answered} answered");
}

/// A replica that the network keeps from its primary: all that was answered meanwhile. `WAIT` says so, and answers all the same.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_replica_that_is_cut_off_loses() {
    let mut primary = RedisServer::with(&["--save", "", "--repl-diskless-sync-delay", "0"]);
    let proxy = Proxy::before(primary.port).await;
    let replica = tokio::task::block_in_place(|| RedisServer::replica_of(proxy.port));
    let browser = signed_in(&app(primary.store(CALL))).await;
    replica.wait_for_all_of(&primary);
    proxy.silence(true);
    let mut client = Waiting::at(&primary);
    let (mut answered, mut confirmed) = (0, 0);
    for _ in 0..100 {
        answered += u64::from(posts(&browser, "/update").await);
        confirmed += u64::from(client.incr() == Some(true));
    }
    primary.kill();
    replica.cli(&["REPLICAOF", "NO", "ONE"]);
    let kept = visits(&browser.at(app(replica.store(CALL)))).await - 1;
    println!("replica cut off, primary killed: {kept} kept of {answered} answered; `WAIT` confirmed {confirmed}");
    assert_eq!((kept, confirmed), (0, 0), "replication has become synchronous: say so in the documents");
}

/// A write that `WAIT` confirmed is on the replica. This store does not call it; plain commands show what it would be worth.
#[tokio::test(flavor = "multi_thread")]
async fn what_waiting_for_the_replica_keeps() {
    let mut sentinel = RedisSentinel::start();
    let mut client = Waiting::at(&sentinel.primary);
    let (mut confirmed, mut written) = (0, 0);
    let killer = std::thread::scope(|scope| {
        let mut primary = Some(&mut sentinel.primary);
        let mut killer = None;
        while let Some(on_replica) = client.incr() {
            written += 1;
            confirmed = if on_replica { written } else { confirmed };
            if written == 200
                && let Some(primary) = primary.take()
            {
                killer = Some(scope.spawn(|| primary.kill()));
            }
        }
        killer.is_some()
    });
    assert!(killer, "it ended before it was killed");
    sentinel.wait_for_failover();
    let kept: u64 = sentinel.replica.cli(&["GET", "number"]).trim().parse().unwrap();
    println!(
        "primary killed under load, `WAIT 1` after each write: {kept} kept, {confirmed} confirmed of {written} answered"
    );
    assert!(kept >= confirmed, "{confirmed} were confirmed, and {kept} are there");
}

/// A client that asks after each write whether the replica has it.
struct Waiting {
    client: std::process::Child,
    said: BufReader<std::process::ChildStdout>,
}

impl Waiting {
    fn at(server: &RedisServer) -> Self {
        let mut client = Command::new("sh")
            .args(["-c", "exec redis-cli -p $0 2>&1", &server.port.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(client.stdout.take().unwrap());
        Self { client, said }
    }

    /// Whether the replica has what was just written; `None` once nobody answers.
    fn incr(&mut self) -> Option<bool> {
        self.client.stdin.as_mut().unwrap().write_all(b"INCR number\nWAIT 1 10\n").ok()?;
        self.number()?;
        Some(self.number()? > 0)
    }

    fn number(&mut self) -> Option<u64> {
        let mut line = String::new();
        self.said.read_line(&mut line).unwrap();
        line.trim().parse().ok()
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        drop(self.client.stdin.take());
        self.client.wait().unwrap();
    }
}
