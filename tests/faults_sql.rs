//! Promise 8 on SQL databases that fail: a 503 within the time limit, never an empty session and never a removed cookie; service
//! again without a restart, and no answered write lost.

use std::ops::DerefMut;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::{get, post};
use cloakroom::stores::{MySqlStore, PostgresStore, SqlBuilder, SqliteStore};
use cloakroom::{Session, SessionError, SessionLayer, SessionStore};
use http::{Method, StatusCode};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use tests::{Browser, Reply, Shop, UserId, servers};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// What a call may take.
const LIMIT: Duration = Duration::from_millis(700);
/// What a busy machine may add to it.
const GRACE: Duration = Duration::from_secs(3);

/// A server that can be ended and started again, and its store.
trait Server: DerefMut<Target = servers::Database> + Send + 'static {
    type Store: SessionStore + Clone;
    fn start() -> Self;
    /// A store on this server, or on whatever listens at another port.
    fn store(&self, port: u16) -> Self::Store;
    fn migrated(&self) -> impl Future<Output = Self::Store> + Send;
}

macro_rules! server {
    ($server:ty, $store:ty) => {
        impl Server for $server {
            type Store = $store;
            fn start() -> Self {
                Self::durable()
            }
            fn store(&self, port: u16) -> $store {
                let url = self.url().replace(&self.port.to_string(), &port.to_string());
                <$store>::builder(&url).unwrap().time_limit(LIMIT).build().unwrap()
            }
            async fn migrated(&self) -> $store {
                let store = <$store>::builder(&self.url()).unwrap().build().unwrap();
                store.migrate().await.unwrap();
                self.store(self.port)
            }
        }
    };
}

server!(servers::Postgres, PostgresStore);
server!(servers::MariaDb, MySqlStore);

fn app(store: impl SessionStore) -> Router {
    Router::new()
        .route("/in", post(async |session: Session<Shop>| session.set_user_id(UserId(7)).await))
        .route("/out", post(async |session: Session<Shop>| session.destroy().await))
        .route(
            "/who",
            get(async |session: Session<Shop>| Ok::<_, SessionError>(format!("{:?}", session.user_id().await?))),
        )
        .route(
            "/count",
            post(async |session: Session<Shop>| {
                let visits = session.update_visits(|visits| {
                    *visits += 1;
                    *visits
                });
                Ok::<_, SessionError>(visits.await?.to_string())
            }),
        )
        .layer(SessionLayer::<Shop>::new(store))
}

const WHO: &str = "Some(UserId(7))";

async fn signed_in(app: Router) -> Browser {
    let mut browser = Browser::new(app);
    browser.post("/in").await;
    assert_eq!(browser.get("/who").await.body, WHO);
    browser
}

/// A request and how long it took.
async fn timed(browser: &Browser, method: Method, path: &str) -> (Reply, Duration) {
    let begun = Instant::now();
    (browser.fetch(browser.request(method, path)).await, begun.elapsed())
}

/// The answer of a store that is down, or `None` if it is up.
fn is_down((reply, took): &(Reply, Duration)) -> bool {
    assert!(*took < LIMIT + GRACE, "it took {took:?}: {reply:?}");
    assert!(reply.set_cookies().is_empty(), "{reply:?}");
    if reply.status == StatusCode::SERVICE_UNAVAILABLE {
        return true;
    }
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    false
}

/// Nobody is up yet: everything is refused in time. Then the server comes up, and all is as it was.
async fn absent_at_the_start<S: Server>() {
    let mut server = S::start();
    let before = signed_in(app(server.migrated().await)).await;
    server.kill();
    let browser = before.at(app(server.store(server.port)));
    for (method, path) in [(Method::GET, "/who"), (Method::POST, "/count"), (Method::POST, "/in")] {
        assert!(is_down(&timed(&browser, method, path).await), "{path}");
    }
    server.restart();
    let (reply, _) = timed(&browser, Method::GET, "/who").await;
    assert_eq!(reply.body, WHO);
}

#[tokio::test]
async fn postgres_absent_at_the_start() {
    absent_at_the_start::<servers::Postgres>().await;
}

#[tokio::test]
async fn mysql_absent_at_the_start() {
    absent_at_the_start::<servers::MariaDb>().await;
}

/// The server stands still while 100 requests come, four times. All are answered in time, and nothing piles up.
async fn stands_still<S: Server>() {
    let server = S::start();
    let browser = signed_in(app(server.migrated().await)).await;
    let alive = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    for _ in 0..4 {
        server.process().signal_with_children("STOP");
        let mut requests = JoinSet::new();
        for n in 0..100 {
            let browser = browser.clone();
            let (method, path) = if n % 2 == 0 { (Method::GET, "/who") } else { (Method::POST, "/count") };
            requests.spawn(async move { timed(&browser, method, path).await });
        }
        while let Some(answered) = requests.join_next().await {
            assert!(is_down(&answered.unwrap()));
        }
        assert!(alive() < 50, "{} tasks are left over", alive());
        server.process().signal_with_children("CONT");
        let (reply, _) = timed(&browser, Method::GET, "/who").await;
        assert_eq!(reply.body, WHO, "{reply:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_stands_still() {
    stands_still::<servers::Postgres>().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_stands_still() {
    stands_still::<servers::MariaDb>().await;
}

/// `kill -9` and a restart, three times, while eight visitors count up as fast as they can.
async fn restarted_under_load<S: Server>() {
    let mut server = S::start();
    let (done, stop) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let app = app(server.migrated().await);
    let mut visitors = JoinSet::new();
    for _ in 0..8 {
        let (browser, done, stop) = (signed_in(app.clone()).await, done.clone(), stop.clone());
        visitors.spawn(async move {
            let (mut answered, mut asked, mut refused) = (0, 0, 0);
            while !stop.load(SeqCst) {
                asked += 1;
                let reply = timed(&browser, Method::POST, "/count").await;
                if is_down(&reply) {
                    refused += 1;
                    continue;
                }
                let count: usize = reply.0.body.parse().unwrap();
                assert!(count > answered && count <= asked, "{answered} were answered of {asked}, now it is {count}");
                answered = count;
                done.fetch_add(1, SeqCst);
            }
            (browser, answered, asked, refused)
        });
    }
    for _ in 0..3 {
        let goal = done.load(SeqCst) + 200;
        while done.load(SeqCst) < goal {
            tokio::task::yield_now().await;
        }
        tokio::task::block_in_place(|| server.restart());
    }
    let goal = done.load(SeqCst) + 200;
    while done.load(SeqCst) < goal {
        tokio::task::yield_now().await;
    }
    stop.store(true, SeqCst);
    let mut all_refused = 0;
    while let Some(visitor) = visitors.join_next().await {
        let (browser, answered, asked, refused) = visitor.unwrap();
        let (reply, _) = timed(&browser, Method::POST, "/count").await;
        let count: usize = reply.body.parse().unwrap();
        assert!(
            count > answered && count <= asked + 1,
            "{answered} were answered of {asked}, in the end it is {count}"
        );
        all_refused += refused;
    }
    assert!(all_refused > 0, "the restart went unnoticed: the test has become weak");
    println!("{} counted, {all_refused} refused", done.load(SeqCst));
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_restarted_under_load() {
    restarted_under_load::<servers::Postgres>().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_restarted_under_load() {
    restarted_under_load::<servers::MariaDb>().await;
}

/// Passes bytes on between a client and a server; of what the server says, only as much as is allowed. Then it hangs up, or is
/// silent on this connection for ever.
struct Proxy {
    port: u16,
    allowed: Arc<AtomicUsize>,
}

impl Proxy {
    async fn before(port: u16, hangs_up: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let proxy = Self { port: listener.local_addr().unwrap().port(), allowed: Arc::new(usize::MAX.into()) };
        let allowed = proxy.allowed.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if let Ok(server) = TcpStream::connect(("127.0.0.1", port)).await {
                    tokio::spawn(pass_on(client, server, allowed.clone(), hangs_up));
                }
            }
        });
        proxy
    }

    /// From now on this many bytes, then never again.
    fn cut_after(&self, bytes: usize) {
        self.allowed.store(bytes, SeqCst);
    }

    fn mend(&self) {
        self.cut_after(usize::MAX);
    }
}

async fn pass_on(client: TcpStream, server: TcpStream, allowed: Arc<AtomicUsize>, hangs_up: bool) {
    let ((mut from_client, mut to_client), (mut from_server, mut to_server)) =
        (client.into_split(), server.into_split());
    let requests = async { drop(tokio::io::copy(&mut from_client, &mut to_server).await) };
    let replies = async {
        let mut buffer = [0; 4096];
        while let Ok(read @ 1..) = from_server.read(&mut buffer).await {
            let left = allowed.load(SeqCst);
            let passed = read.min(left);
            if left != usize::MAX {
                allowed.store(left - passed, SeqCst);
            }
            if to_client.write_all(&buffer[..passed]).await.is_err() || passed < read && hangs_up {
                return;
            }
            if passed < read {
                std::future::pending::<()>().await;
            }
        }
    };
    tokio::select! { () = requests => {}, () = replies => {} }
}

/// The connection ends after each possible part of the reply. Then it is mended: the session is there, with every write that was
/// answered, and at most those besides whose answer was lost.
async fn cut_in_a_reply<S: Server>() {
    let server = S::start();
    drop(server.migrated().await);
    let proxy = Proxy::before(server.port, true).await;
    let browser = signed_in(app(server.store(proxy.port))).await;
    let (mut answered, mut asked, mut refused) = (0, 0, 0);
    for bytes in 0..120 {
        proxy.cut_after(bytes);
        let path = if bytes % 3 == 0 { (Method::GET, "/who") } else { (Method::POST, "/count") };
        let writes = path.0 == Method::POST;
        asked += usize::from(writes);
        let reply = timed(&browser, path.0, path.1).await;
        if is_down(&reply) {
            refused += 1;
        } else if writes {
            answered = reply.0.body.parse().unwrap();
        } else {
            assert_eq!(reply.0.body, WHO);
        }
        proxy.mend();
        // What lies in the pool may have been cut as well.
        while is_down(&timed(&browser, Method::GET, "/who").await) {}
        asked += 1;
        let count: usize = timed(&browser, Method::POST, "/count").await.0.body.parse().unwrap();
        assert!(count > answered && count <= asked, "{answered} were answered of {asked}, now it is {count}");
        answered = count;
    }
    assert!(refused > 50, "only {refused} of 120 requests noticed the cut: the test has become weak");
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_cut_in_a_reply() {
    cut_in_a_reply::<servers::Postgres>().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_cut_in_a_reply() {
    cut_in_a_reply::<servers::MariaDb>().await;
}

/// Every connection of the pool falls silent, and stays so. The store gives them up, and goes on with new ones.
async fn connections_fall_silent<S: Server>() {
    let server = S::start();
    drop(server.migrated().await);
    let proxy = Proxy::before(server.port, false).await;
    let browser = signed_in(app(server.store(proxy.port))).await;
    // The first round fills the pool, the second finds it silent.
    for silent in [false, true] {
        if silent {
            proxy.cut_after(0);
        }
        let mut requests = JoinSet::new();
        for _ in 0..40 {
            let browser = browser.clone();
            requests.spawn(async move { timed(&browser, Method::GET, "/who").await });
        }
        while let Some(answered) = requests.join_next().await {
            assert_eq!(is_down(&answered.unwrap()), silent);
        }
    }
    proxy.mend();
    let again = async { while is_down(&timed(&browser, Method::GET, "/who").await) {} };
    tokio::time::timeout(Duration::from_secs(15), again).await.expect("silent connections are given up");
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_connections_fall_silent() {
    connections_fall_silent::<servers::Postgres>().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_connections_fall_silent() {
    connections_fall_silent::<servers::MariaDb>().await;
}

/// A disk with room for forty pages: once it is full, sessions can still be read and ended, which makes room for others.
#[tokio::test]
async fn sqlite_on_a_full_disk() {
    let folder = tempfile::tempdir().unwrap();
    let options = SqliteConnectOptions::new().filename(folder.path().join("shop.sqlite")).create_if_missing(true);
    let full = SqlitePoolOptions::new().connect_lazy_with(options.pragma("max_page_count", "40"));
    let store = SqlBuilder::new(full).build().unwrap();
    let _: &SqliteStore = &store;
    store.migrate().await.unwrap();
    let router = app(store);
    let mut first = signed_in(router.clone()).await;
    let mut others = Vec::new();
    loop {
        let mut browser = Browser::new(router.clone());
        let reply = browser.post("/in").await;
        if reply.status == StatusCode::SERVICE_UNAVAILABLE {
            assert!(reply.set_cookies().is_empty(), "{reply:?}");
            break;
        }
        others.push(browser);
        assert!(others.len() < 10_000, "the disk is never full");
    }
    assert_eq!(first.get("/who").await.body, WHO);
    assert_eq!(first.post("/count").await.status, StatusCode::OK, "a write of the same size still fits");
    for mut browser in others {
        assert_eq!(browser.get("/who").await.body, WHO);
        assert_eq!(browser.post("/out").await.status, StatusCode::OK);
    }
    signed_in(router).await;
}
