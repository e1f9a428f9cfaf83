//! Promise 8, errors are values, for the owner index on servers that fail: while one is away, signing in, listing and revoking are
//! a 503 within the time limit, never a session that nobody entered and never "you have no sessions". What a revocation could not
//! end, the next one finds.

use std::time::{Duration, Instant, SystemTime};

use axum::Router;
use axum::routing::{get, post};
use cloakroom::{Session, SessionError, SessionLayer, SessionStore};
use http::Method;
use tests::faults::{CALL, PATIENCE, ask};
use tests::servers::{MariaDb, Postgres, RedisServer, Server};
use tests::{Browser, Proxy, Reply, Shop, UserId, WatchedStore};

const USER: UserId = UserId(7);
/// All that has to do with owners, but signing in.
const REQUESTS: [(Method, &str); 5] = [
    (Method::GET, "/devices"),
    (Method::POST, "/others"),
    (Method::POST, "/everywhere"),
    (Method::POST, "/switch"),
    (Method::POST, "/out"),
];

/// Signs in, passes the session on, lists, and signs out: here, elsewhere, everywhere.
fn app(store: impl SessionStore) -> Router {
    Router::new()
        .route("/in", post(async |session: Session<Shop>| session.set_user_id(USER).await))
        .route("/switch", post(async |session: Session<Shop>| session.set_user_id(UserId(8)).await))
        .route("/out", post(async |session: Session<Shop>| session.destroy().await))
        .route(
            "/devices",
            get(async |session: Session<Shop>| {
                let list = session.sessions_of(&USER).list(&session).await?;
                let mut ids: Vec<_> = list.iter().map(|one| one.id().to_string()).collect();
                ids.sort();
                Ok::<_, SessionError>(format!("{} {}", ids.len(), ids.join(" ")))
            }),
        )
        .route(
            "/others",
            post(async |session: Session<Shop>| {
                Ok::<_, SessionError>(session.sessions_of(&USER).revoke_others(&session).await?.to_string())
            }),
        )
        .route(
            "/everywhere",
            post(async |session: Session<Shop>| {
                Ok::<_, SessionError>(session.sessions_of(&USER).revoke_all().await?.to_string())
            }),
        )
        .layer(SessionLayer::<Shop>::new(store).with_owner_index())
}

async fn sign_in(app: &Router) -> (Browser, Reply) {
    let mut browser = Browser::new(app.clone());
    let reply = browser.post("/in").await;
    (browser, reply)
}

async fn signed_in(app: &Router) -> Browser {
    let (browser, reply) = sign_in(app).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    browser
}

/// A sign-in that is refused gives no cookie, and one that is not does. Was it refused?
async fn is_refused(app: &Router) -> bool {
    let (_, reply) = sign_in(app).await;
    let refused = reply.status == 503;
    assert!(refused || reply.status == 200, "{reply:?}");
    assert_eq!(refused, reply.set_cookies().is_empty(), "{reply:?}");
    refused
}

async fn devices(browser: &Browser) -> String {
    ask(browser, Method::GET, "/devices").await.expect("it is served")
}

async fn answered(browser: &Browser) {
    let began = Instant::now();
    while ask(browser, Method::GET, "/devices").await.is_none() {
        assert!(began.elapsed() < PATIENCE, "it is never served again");
        tokio::task::yield_now().await;
    }
}

/// Sessions in the store, without those that were regenerated or revoked: those are kept for a minute.
async fn living<S: SessionStore>(store: &WatchedStore<S>) -> usize {
    let soon = SystemTime::now() + Duration::from_secs(120);
    store.left().await.iter().filter(|stored| stored.expires_at > soon).count()
}

/// Nothing is changed by requests to a server that is not there.
async fn a_call_that_fails_is_a_503<S: Server>() {
    let mut server = S::begin().await;
    let app = app(server.store(CALL));
    let (browser, _) = (signed_in(&app).await, signed_in(&app).await);
    let before = devices(&browser).await;
    assert!(before.starts_with("2 "), "{before}");
    server.kill();
    assert!(is_refused(&app).await);
    for (method, path) in REQUESTS {
        assert_eq!(ask(&browser, method, path).await, None, "{path} was served");
    }
    server.restart();
    answered(&browser).await;
    assert_eq!(devices(&browser).await, before);
    assert_eq!(ask(&browser, Method::POST, "/others").await.as_deref(), Some("1"));
    assert!(devices(&browser).await.starts_with("1 "));
}

/// A session that its owner could not be told of would be one that no revocation finds.
async fn a_sign_in_that_is_cut_is_revoked_or_there<S: Server>() {
    let server = S::begin().await;
    let proxy = Proxy::before(server.port).await;
    let store = WatchedStore::new(server.store_at(proxy.port, PATIENCE));
    let (app, direct) = (app(store.clone()), app(server.store(PATIENCE)));
    let watcher = signed_in(&direct).await;
    let (mut refused, mut bytes) = (0, 0);
    loop {
        signed_in(&app).await;
        proxy.cut_after(bytes);
        refused += usize::from(is_refused(&app).await);
        if !proxy.has_cut() {
            break;
        }
        let [living, listed] = [living(&store).await, devices(&watcher).await[..2].trim().parse().unwrap()];
        assert_eq!(living + 1, listed, "cut after {bytes}: one that lives is not listed, or the other way round");
        assert!(ask(&watcher, Method::POST, "/others").await.is_some());
        assert_eq!(self::living(&store).await, 0, "cut after {bytes}: one is left");
        store.forget();
        bytes += 1;
    }
    assert!(refused > 5, "only {refused} sign-ins were cut: the test has become weak");
    println!("{refused} sign-ins refused, cut in {bytes} bytes of answers");
}

/// What it did not end is still listed, so that it can be asked again.
async fn a_revocation_that_is_cut_is_asked_again<S: Server>() {
    let server = S::begin().await;
    let proxy = Proxy::before(server.port).await;
    let store = WatchedStore::new(server.store_at(proxy.port, PATIENCE));
    let app = app(store.clone());
    let (mut refused, mut bytes) = (0, 0);
    loop {
        let browser = signed_in(&app).await;
        signed_in(&app).await;
        let somebody = Browser::new(app.clone());
        proxy.cut_after(bytes);
        let told = ask(&somebody, Method::POST, "/everywhere").await;
        let has_cut = proxy.has_cut();
        proxy.cut_after(u64::MAX);
        if told.is_none() {
            refused += 1;
            assert!(ask(&somebody, Method::POST, "/everywhere").await.is_some(), "cut after {bytes}");
        }
        assert_eq!(living(&store).await, 0, "cut after {bytes}: one is left");
        assert_eq!(devices(&somebody).await, "0 ");
        assert_eq!(devices(&browser).await, "0 ");
        store.forget();
        if !has_cut {
            break;
        }
        bytes += 7;
    }
    assert!(refused > 10, "only {refused} revocations were cut: the test has become weak");
    println!("{refused} revocations refused, cut in {bytes} bytes of answers");
}

/// Slower than the limit is a 503 in time; slower than usual is no fault.
async fn takes_half_a_second<S: Server>() {
    const DELAY: Duration = Duration::from_millis(500);
    let server = S::begin().await;
    let proxy = Proxy::before(server.port).await;
    let patient = app(server.store_at(proxy.port, PATIENCE));
    let hasty = app(server.store_at(proxy.port, DELAY / 2));
    let browser = signed_in(&patient).await.at(hasty.clone());
    answered(&browser).await;
    proxy.delay(DELAY);
    assert!(!is_refused(&patient).await);
    assert!(is_refused(&hasty).await);
    for (method, path) in REQUESTS {
        let began = Instant::now();
        assert_eq!(ask(&browser, method, path).await, None, "{path}: the limit is a quarter of a second");
        println!("{path}: 503 after {:?}", began.elapsed());
    }
}

/// A module for each server, with a test of each name.
macro_rules! on {
    ($server:ident in $module:ident: $($test:ident)*) => {
        mod $module {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                super::$test::<super::$server>().await;
            })*
        }
    };
    ($($server:ident in $module:ident;)*) => {
        $(on! { $server in $module: a_call_that_fails_is_a_503 a_sign_in_that_is_cut_is_revoked_or_there
            a_revocation_that_is_cut_is_asked_again takes_half_a_second })*
    };
}

on! {
    RedisServer in redis;
    Postgres in postgres;
    MariaDb in mysql;
}
