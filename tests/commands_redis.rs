//! Promise 4, you pay for what you use: what a request costs on Redis, counted by the server itself; and what it has to be allowed.
//!
//! The last row of the table "Store commands for one request" in `PEERS.md` is the least that is possible. A script is one
//! command to the server, and what it calls inside is no way over the network; the server's statistics list both, so both stand
//! here.

use std::time::{Duration, SystemTime};

use axum::Router;
use axum::routing::{get, post};
use cloakroom::store::{Created, OwnerIndex as _, Refreshed, Replaced, SessionStore as _, Touched};
use cloakroom::stores::RedisStore;
use cloakroom::{Session, SessionLayer, StoreKey};
use http::{Method, header};
use tests::entries::{index_of, owner, use_index};
use tests::servers::{RedisCluster, RedisSentinel, RedisServer};
use tests::{Browser, Shop, UserId};

/// `replace` where nobody was first.
const REPLACE: [(&str, u64); 3] = [("evalsha", 1), ("getrange", 1), ("set", 1)];

fn app(store: RedisStore) -> Router {
    Router::new()
        .route("/none", get(async |_: Session<Shop>| "untouched"))
        .route("/read", get(async |session: Session<Shop>| session.visits().await.map(|visits| visits.to_string())))
        .route(
            "/write",
            post(async |session: Session<Shop>| {
                let visits = session.visits().await?;
                session.set_visits(visits + 1).await
            }),
        )
        .route("/update", post(async |session: Session<Shop>| session.update_visits(|visits| *visits += 1).await))
        .route(
            "/in",
            post(async |session: Session<Shop>| {
                session.set_visits(7).await?;
                session.set_user_id(UserId(7)).await
            }),
        )
        .route("/out", post(async |session: Session<Shop>| session.destroy().await))
        .layer(SessionLayer::<Shop>::new(store))
}

struct Tally(RedisServer);

impl Tally {
    /// The calls since the last time, by name.
    fn take(&self) -> Vec<(String, u64)> {
        let calls = self.0.calls();
        self.0.cli(&["CONFIG", "RESETSTAT"]);
        calls
    }

    /// `commands` came from the client: with scripts that the server knows, this many ways over the network.
    fn assert(&self, what: &str, commands: u64, expected: &[(&str, u64)]) {
        let calls = self.take();
        let expected: Vec<_> = expected.iter().map(|(name, calls)| ((*name).to_owned(), *calls)).collect();
        assert_eq!(calls, expected, "{what}");
        // What a script calls begins by one `GETRANGE`; a replace goes on by one `SET`.
        let called = |name: &str| calls.iter().find(|(called, _)| called == name).map_or(0, |(_, calls)| *calls);
        let inside = called("getrange") * 2;
        assert_eq!(calls.iter().map(|(_, calls)| calls).sum::<u64>() - inside, commands, "{what}");
        println!("{what}: {commands}");
    }
}

/// A visitor who is signed in on a server that has seen the scripts, and what it is asked from now on.
async fn visited() -> (Browser, Tally) {
    let server = RedisServer::start();
    let mut browser = Browser::new(app(RedisStore::connect(&server.url()).unwrap()));
    browser.post("/in").await;
    browser.post("/write").await;
    let tally = Tally(server);
    tally.take();
    (browser, tally)
}

#[tokio::test]
async fn a_request_costs_the_least_that_is_possible() {
    let (mut browser, tally) = visited().await;

    let stranger = Browser::new(app(RedisStore::connect(&tally.0.url()).unwrap()));
    stranger.clone().get("/none").await;
    stranger.clone().get("/read").await;
    tally.assert("no cookie", 0, &[]);

    browser.get("/none").await;
    tally.assert("cookie, untouched", 0, &[]);

    assert_eq!(browser.get("/read").await.body, "8");
    tally.assert("read", 1, &[("get", 1)]);

    assert!(browser.post("/write").await.status.is_success());
    tally.assert("write after read", 2, &[&[REPLACE[0], ("get", 1)][..], &REPLACE[1..]].concat());

    assert!(browser.post("/update").await.status.is_success());
    tally.assert("update", 2, &[&[REPLACE[0], ("get", 1)][..], &REPLACE[1..]].concat());

    assert!(browser.post("/in").await.status.is_success());
    tally.assert("regenerate and write", 3, &[("evalsha", 1), ("get", 1), ("getrange", 1), ("set", 2)]);

    let signed_in = browser.clone();
    assert!(browser.post("/out").await.status.is_success());
    tally.assert("destroy", 1, &[("getdel", 1)]);

    for forged in
        ["__Host-shop=forged", "__Host-shop=", "__Host-shop=AAAA%00", &format!("__Host-shop={}", "!".repeat(43))]
    {
        let mut request = stranger.request(Method::GET, "/read");
        request.headers_mut().insert(header::COOKIE, forged.parse().unwrap());
        assert_eq!(stranger.fetch(request).await.body, "0");
    }
    tally.assert("forged cookie", 0, &[]);

    assert_eq!(signed_in.clone().get("/read").await.body, "0");
    tally.assert("well-formed cookie of no session, read", 1, &[("get", 1)]);
    assert_eq!(tally.0.cli(&["DBSIZE"]).trim(), "1", "the tombstone of the regenerated session, and nothing else");
}

/// A server that restarted has forgotten the scripts: they are sent in full, once.
#[tokio::test]
async fn a_script_is_sent_in_full_once() {
    let server = RedisServer::start();
    let mut browser = Browser::new(app(RedisStore::connect(&server.url()).unwrap()));
    browser.post("/in").await;
    let tally = Tally(server);
    tally.take();
    browser.post("/write").await;
    let in_full =
        [("eval", 1), ("evalsha", 1), ("get", 1), ("getrange", 1), ("set", 1)].map(|(n, c)| (n.to_owned(), c));
    assert_eq!(tally.take(), in_full);
    browser.post("/write").await;
    tally.assert("write after read", 2, &[&[REPLACE[0], ("get", 1)][..], &REPLACE[1..]].concat());
}

/// Requests that all change one field at once: each refusal hands the record back, so a conflict costs one command.
#[tokio::test]
async fn a_conflict_costs_one_command() {
    for rivals in [2, 10, 50] {
        let (mut browser, tally) = visited().await;
        let updates = (0..rivals).map(|_| {
            let browser = browser.clone();
            tokio::spawn(async move { browser.fetch(browser.request(Method::POST, "/update")).await })
        });
        for update in updates.collect::<Vec<_>>() {
            assert!(update.await.unwrap().status.is_success());
        }
        let calls = tally.take();
        let called = |name: &str| calls.iter().find(|(called, _)| called == name).map_or(0, |(_, calls)| *calls);
        assert_eq!(called("set"), rivals, "each update is written once: {calls:?}");
        let refused = called("evalsha") - rivals;
        assert_eq!(called("get"), rivals + refused, "nobody asks for what a refusal hands back: {calls:?}");
        assert_eq!(browser.get("/read").await.body, (8 + rivals).to_string());
        println!("{rivals} rivals: {} replaces, {refused} of them refused", rivals + refused);
    }
}

/// What the documents tell an operator to allow.
const RIGHTS: [&str; 8] = ["+get", "+set", "+getdel", "+getrange", "+setrange", "+pexpireat", "+eval", "+evalsha"];
const RIGHTS_TO_LIST_BY_OWNER: [&str; 7] = ["+time", "+hset", "+hget", "+hgetall", "+hdel", "+hrandfield", "+pttl"];
const RIGHTS_IN_A_CLUSTER: [&str; 3] = ["+ping", "+asking", "+cluster|slots"];
const RIGHTS_UNDER_SENTINEL: [&str; 1] = ["+role"];

fn allow(server: &RedisServer, more: &[&str]) {
    let rights = [&["ACL", "SETUSER", "shop", "on", ">se%ret", "~cloakroom:*"][..], &RIGHTS, more].concat();
    assert_eq!(server.cli(&rights).trim(), "OK");
}

/// First sessions alone, then with an index of their owners.
async fn works(url: &str, servers: &[&RedisServer], more: &[&str]) {
    let store = RedisStore::connect(&url.replace("://", "://shop:se%25ret@")).unwrap();
    servers.iter().for_each(|server| allow(server, more));
    let (key, at) = (StoreKey::from_bytes([7; 32]), SystemTime::now() + Duration::from_secs(3600));
    let Created::New(version) = store.create(&key, "1".into(), at).await.unwrap() else { panic!("the key is free") };
    assert_eq!(store.touch(&key, &version, at).await.unwrap(), Touched::Done);
    assert!(matches!(store.replace(&key, &version, "2".into(), at).await.unwrap(), Replaced::Done(_)));
    assert!(matches!(store.replace(&key, &version, "3".into(), at).await.unwrap(), Replaced::Stale(_)));
    assert!(matches!(store.load_if_changed(&key, &version).await.unwrap(), Refreshed::Changed(_)));
    assert_eq!(store.delete(&key).await.unwrap().unwrap().bytes, "2");

    index_of(&store).entries(&owner(1)).await.unwrap_err();
    servers.iter().for_each(|server| allow(server, &RIGHTS_TO_LIST_BY_OWNER));
    use_index(&store, &owner(1), at).await;
}

#[tokio::test]
async fn a_user_needs_no_more_rights_than_the_documents_say() {
    let server = RedisServer::start();
    works(&server.url(), &[&server], &[]).await;
    let cluster = RedisCluster::start();
    works(&cluster.url(), &cluster.nodes.iter().collect::<Vec<_>>(), &RIGHTS_IN_A_CLUSTER).await;
    let sentinel = RedisSentinel::start();
    works(&sentinel.url(), &[&sentinel.primary, &sentinel.replica], &RIGHTS_UNDER_SENTINEL).await;
}

#[tokio::test]
async fn a_wrong_password_is_said_and_not_shown() {
    let server = RedisServer::start();
    allow(&server, &[]);
    let store = RedisStore::connect(&server.url().replace("://", "://shop:hunter2@")).unwrap();
    let (error, shown) = (store.ping().await.unwrap_err(), format!("{store:?}"));
    assert_eq!(shown, format!("RedisStore(\"{}\")", server.url()));
    assert!(error.to_string().contains(&server.url()), "{error}");
    for text in [shown, error.to_string(), format!("{error:?}")] {
        assert!(!text.contains("hunter2"), "{text}");
    }
    assert!(error.to_string().contains("uthentication") || error.to_string().contains("WRONGPASS"), "{error}");
}

#[tokio::test]
async fn sentinels_have_a_password_of_their_own() {
    let sentinel = RedisSentinel::guarded("se%ret");
    let url = sentinel.url();
    let error = RedisStore::connect(&url).unwrap().ping().await.unwrap_err();
    assert!(error.to_string().contains(&url), "{error}");
    for login in ["sentinel-password=se%25ret", "sentinel-user=default&sentinel-password=se%25ret"] {
        let store = RedisStore::connect(&format!("{url}?{login}")).unwrap();
        store.ping().await.unwrap();
        assert_eq!(format!("{store:?}"), format!("RedisStore(\"{url}\")"));
    }
    let wrong = RedisStore::connect(&format!("{url}?sentinel-password=hunter2")).unwrap();
    let error = wrong.ping().await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_socket_does_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("redis.sock").display().to_string();
    let server = RedisServer::with(&["--save", "", "--unixsocket", &socket]);
    let store = RedisStore::connect(&format!("unix://{socket}")).unwrap();
    let at = SystemTime::now() + Duration::from_secs(60);
    store.create(&StoreKey::from_bytes([1; 32]), "data".into(), at).await.unwrap();
    assert_eq!(server.cli(&["DBSIZE"]).trim(), "1");
}
