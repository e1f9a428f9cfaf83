//! What a read costs with the layer and without it: commands counted by the server, bytes by a relay in between.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::time::SystemTime;

use cloakroom::stores::{Layered, PostgresStore, RedisStore};
use cloakroom::{SessionStore, Sessions};
use tests::servers::{Postgres, RedisServer};
use tests::{CartItem, Shop, Visitor};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

use super::{HOUR, create, key, load};

const RECORD: usize = 10_000;
const READS: u64 = 100;

/// Passes everything on to a server, and counts it.
struct Relay {
    port: u16,
    asked: Arc<AtomicU64>,
    answered: Arc<AtomicU64>,
}

impl Relay {
    async fn before(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let relay = Self { port, asked: Arc::default(), answered: Arc::default() };
        let (asked, answered) = (relay.asked.clone(), relay.answered.clone());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(("127.0.0.1", server)).await.unwrap();
                let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
                tokio::spawn(pass(from_client, to_server, asked.clone()));
                tokio::spawn(pass(from_server, to_client, answered.clone()));
            }
        });
        relay
    }

    /// Bytes of one read, asked and answered.
    async fn of_a_read(&self, store: impl SessionStore) -> (u64, u64) {
        load(&store, &key(1)).await.unwrap();
        load(&store, &key(1)).await.unwrap();
        self.asked.store(0, SeqCst);
        self.answered.store(0, SeqCst);
        for _ in 0..READS {
            assert_eq!(load(&store, &key(1)).await.unwrap().bytes.len(), RECORD);
        }
        (self.asked.load(SeqCst) / READS, self.answered.load(SeqCst) / READS)
    }
}

async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, count: Arc<AtomicU64>) {
    let mut buffer = vec![0; 64 << 10];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        count.fetch_add(read as u64, SeqCst);
        if to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}

#[tokio::test]
async fn an_unchanged_record_is_not_sent_by_redis() {
    let server = RedisServer::start();
    let relay = Relay::before(server.port).await;
    let store = RedisStore::connect(&format!("redis://127.0.0.1:{}", relay.port)).unwrap();
    create(&store, &key(1), &"x".repeat(RECORD), SystemTime::now() + HOUR).await;
    let plain = relay.of_a_read(store.clone()).await;
    let layered = relay.of_a_read(Layered::new(store)).await;
    println!("redis: {plain:?} bytes without the layer, {layered:?} with it");
    assert!(plain.1 > RECORD as u64 && layered.1 < 40, "{plain:?} {layered:?}");
    assert!(layered.0 < 200, "{layered:?}");
}

#[tokio::test]
async fn an_unchanged_record_is_not_sent_by_postgres() {
    let server = Postgres::start();
    let relay = Relay::before(server.port).await;
    let url = server.url().replace(&server.port.to_string(), &relay.port.to_string());
    let store = PostgresStore::connect(&url).await.unwrap();
    create(&store, &key(1), &"x".repeat(RECORD), SystemTime::now() + HOUR).await;
    let plain = relay.of_a_read(store.clone()).await;
    let layered = relay.of_a_read(Layered::new(store)).await;
    println!("postgres: {plain:?} bytes without the layer, {layered:?} with it");
    assert!(plain.1 > RECORD as u64 && layered.1 < 200, "{plain:?} {layered:?}");
}

/// As many commands as without the layer (`commands_redis.rs`): a script is one to the server, which lists what it calls as well.
#[tokio::test]
async fn a_request_costs_no_more_commands_than_without_the_layer() {
    let server = RedisServer::start();
    let store = Layered::new(RedisStore::connect(&server.url()).unwrap());
    let mut visitor = Visitor::new(Sessions::<Shop>::new(store.clone()));
    let other = Sessions::<Shop>::new(Layered::new(store.back().clone()));
    let commands = |what: &str, expected: &[(&str, u64)]| {
        let expected: Vec<_> = expected.iter().map(|(name, calls)| ((*name).to_owned(), *calls)).collect();
        assert_eq!(server.calls(), expected, "{what}");
        server.cli(&["CONFIG", "RESETSTAT"]);
    };
    visitor.visit(async |session| session.set_cart(vec![CartItem::one("hat")]).await).await.unwrap();
    commands("a new session", &[("set", 1)]);
    visitor.visit(async |session| session.visits().await).await.unwrap();
    commands("the first script is sent in full", &[("eval", 1), ("evalsha", 1), ("getrange", 1)]);
    visitor.visit(async |session| session.visits().await).await.unwrap();
    commands("read", &[("evalsha", 1), ("getrange", 1)]);
    visitor.visit(async |session| session.update_visits(|visits| *visits += 1).await).await.unwrap();
    commands("the other script is", &[("eval", 1), ("evalsha", 2), ("getrange", 2), ("set", 1)]);
    visitor.visit(async |session| session.update_visits(|visits| *visits += 1).await).await.unwrap();
    commands("update", &[("evalsha", 2), ("getrange", 2), ("set", 1)]);
    visitor.visit(async |session| session.visits().await).await.unwrap();
    commands("read what it wrote", &[("evalsha", 1), ("getrange", 1)]);

    let mut elsewhere = visitor.at(other);
    elsewhere.visit(async |session| session.visits().await).await.unwrap();
    commands("read where there is no copy", &[("get", 1)]);
    visitor.visit(async |session| session.update_visits(|visits| *visits += 1).await).await.unwrap();
    commands("update", &[("evalsha", 2), ("getrange", 2), ("set", 1)]);
    elsewhere.visit(async |session| session.visits().await).await.unwrap();
    commands("read what another node wrote", &[("evalsha", 1), ("get", 1), ("getrange", 1)]);
    visitor.visit(async |session| session.destroy().await).await.unwrap();
    commands("destroy", &[("getdel", 1)]);
    elsewhere.visit(async |session| session.visits().await).await.unwrap();
    commands("read what another node destroyed", &[("evalsha", 1), ("getrange", 1)]);
}
