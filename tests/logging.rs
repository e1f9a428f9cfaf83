//! What is logged, and what never is. Every test here begins with `Log::start()`.

use axum::Router;
use axum::routing::{get, post};
use cloakroom::store::SessionStore;
use cloakroom::{MemoryStore, SealKeys, Session, SessionLayer, Sessions};
use http::{Method, header};
use tests::secret::{assert_secret, key};
use tests::{Browser, Deed, FlakyStore, Log, Shop, UserId};

const COOKIE: &str = "__Host-shop";

/// A day at the shop, at the most talkative level: whatever happens, no token and no storage key is logged.
#[tokio::test]
async fn the_log_never_shows_a_token() {
    let log = Log::start();
    let store = FlakyStore::new(MemoryStore::new().with_max_sessions(3));
    let app = Router::new()
        .route("/in", post(async |session: Session<Shop>| session.set_user_id(UserId(7)).await))
        .route("/write", post(async |session: Session<Shop>| session.update_visits(|visits| *visits += 1).await))
        .route("/read", get(async |session: Session<Shop>| session.visits().await.map(|visits| visits.to_string())))
        .route("/out", post(async |session: Session<Shop>| session.destroy().await))
        .layer(SessionLayer::<Shop>::new(store.clone()));
    let mut tokens = Vec::new();
    let mut browser = Browser::new(app);
    for path in ["/write", "/in", "/in", "/write", "/out", "/in"] {
        browser.post(path).await;
        tokens.extend(browser.cookie(COOKIE).map(str::to_owned));
    }
    let old = tokens[0].clone();
    store.fail_all();
    for path in ["/in", "/write", "/out"] {
        assert_eq!(browser.post(path).await.status, 503);
    }
    assert_eq!(browser.get("/read").await.status, 503);
    store.fail(&[Deed::Touch, Deed::Replace, Deed::Create]);
    assert_eq!(browser.post("/in").await.status, 503);
    store.recover();

    let mut thief = browser.clone();
    thief.set_cookie(COOKIE, &old);
    assert_eq!(thief.get("/read").await.body, "0");
    thief.post("/write").await;
    let both = format!("{COOKIE}={old}; {}", browser.cookie_header());
    let mut request = browser.request(Method::GET, "/read");
    request.headers_mut().insert(header::COOKIE, both.parse().unwrap());
    assert_eq!(browser.fetch(request).await.body, "0");
    let mut foreign = browser.request(Method::POST, "/out");
    foreign.headers_mut().insert(header::ORIGIN, "https://evil.test".parse().unwrap());
    assert_eq!(browser.fetch(foreign).await.status, 403);

    // A record that no program can read, and a store so full that sessions have to go.
    let token = browser.cookie(COOKIE).unwrap().to_owned();
    let stored = store.load(&key("shop", &token)).await.unwrap().expect("the session");
    store.replace(&key("shop", &token), &stored.version, "garbage".into(), stored.expires_at).await.unwrap();
    assert_eq!(browser.get("/read").await.status, 500);
    for _ in 0..5 {
        let mut other = browser.clone();
        other.set_cookie(COOKIE, "none");
        other.post("/write").await;
        tokens.extend(other.cookie(COOKIE).map(str::to_owned));
    }

    let text = log.text();
    for event in
        ["cannot load", "cannot commit", "cannot destroy", "cannot read", "cross-site", "two different", "is full"]
    {
        assert!(text.contains(event), "no `{event}` event was logged, so nothing was proved:\n{text}");
    }
    tokens.sort();
    tokens.dedup();
    assert!(tokens.len() >= 9, "{}", tokens.len());
    assert_secret(&text, &tokens);
}

/// The Cookie header of a live session.
async fn begin(sessions: &Sessions<Shop>) -> String {
    let session = sessions.open([]);
    session.set_visits(1).await.unwrap();
    let set_cookie = sessions.close(&session, true).await.set_cookie.expect("a session begins");
    set_cookie.split(';').next().unwrap_or_default().to_owned()
}

/// An adapter may print what a response has to carry: whether there is a cookie, and never which one.
#[tokio::test]
async fn what_a_response_carries_shows_no_token() {
    for sessions in [Sessions::<Shop>::new(MemoryStore::new()), Sessions::sealed(SealKeys::ephemeral())] {
        let session = sessions.open([]);
        session.set_visits(1).await.unwrap();
        let closed = sessions.close(&session, true).await;
        let shown = format!("{closed:?} {closed:#?}");
        let set_cookie = closed.set_cookie.expect("a session begins");
        let (name, value) = set_cookie.split(';').next().and_then(|pair| pair.split_once('=')).expect("a cookie");
        assert!(name == COOKIE && shown.contains("has_cookie: true"), "{shown}");
        assert!(!shown.contains(value) && !shown.contains(&value[..20]), "{shown}");
    }
}

/// Changes that nobody saved after the head had left are lost; a log line says so.
#[tokio::test]
async fn dropping_what_a_stream_never_saved_logs_an_event() {
    let log = Log::start();
    let sessions = Sessions::<Shop>::new(MemoryStore::new());
    let cookie = begin(&sessions).await;
    let session = sessions.open([cookie.as_bytes()]);
    sessions.close(&session, true).await;
    session.set_visits(99).await.unwrap();
    assert!(!log.text().contains("never saved"), "{}", log.text());
    drop(session);
    assert!(log.text().contains("WARN") && log.text().contains("session changes were never saved"), "{}", log.text());
}

#[tokio::test]
async fn a_destroy_that_a_stream_never_awaited_logs_an_event() {
    let log = Log::start();
    let sessions = Sessions::<Shop>::new(MemoryStore::new());
    let cookie = begin(&sessions).await;
    let session = sessions.open([cookie.as_bytes()]);
    sessions.close(&session, true).await;
    drop(session.destroy());
    drop(session);
    assert!(log.text().contains("ERROR") && log.text().contains("`destroy()` was not awaited"), "{}", log.text());
}

/// A late write to a session that has ended is dropped without an error; a log line says so, and shows no token.
#[tokio::test]
async fn a_late_write_that_is_dropped_logs_an_event() {
    let log = Log::start();
    let sessions = Sessions::<Shop>::new(MemoryStore::new());
    let first = sessions.open([]);
    first.set_visits(1).await.unwrap();
    let set_cookie = sessions.close(&first, true).await.set_cookie.unwrap();
    let cookie = set_cookie.split(';').next().unwrap();

    let late = sessions.open([cookie.as_bytes()]);
    late.visits().await.unwrap();
    late.set_visits(9).await.unwrap();
    let rival = sessions.open([cookie.as_bytes()]);
    rival.destroy().await.unwrap();
    sessions.close(&rival, true).await;
    let closed = sessions.close(&late, true).await;
    assert!(closed.error.is_none() && closed.set_cookie.is_none(), "{closed:?}");
    assert!(log.text().contains("what it set is dropped"), "{}", log.text());
    assert!(!log.text().contains(cookie.split_once('=').unwrap().1));
}
