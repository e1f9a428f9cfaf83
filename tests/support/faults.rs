//! What the tests of faults share: an application, a visitor who is signed in, and what a reply may be while a store is away.

use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::{get, post};
use cloakroom::{Session, SessionError, SessionLayer, SessionStore};
use http::Method;
use tokio::task::JoinSet;

use crate::{Browser, Shop, UserId};

/// What a call of a store may take in these tests.
pub const CALL: Duration = Duration::from_secs(2);
/// What a machine with much else to do may add.
const SLACK: Duration = Duration::from_secs(4);
/// When a test gives up waiting.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Signs in and out, reads, sets and updates. What is read is who it is and a number; an update says the new number.
pub fn app(store: impl SessionStore) -> Router {
    Router::new()
        .route("/in", post(async |session: Session<Shop>| session.set_user_id(UserId(7)).await))
        .route("/out", post(async |session: Session<Shop>| session.destroy().await))
        .route(
            "/read",
            get(async |session: Session<Shop>| {
                Ok::<_, SessionError>(format!("{:?} {}", session.user_id().await?, session.visits().await?))
            }),
        )
        .route("/set", post(async |session: Session<Shop>| session.set_visits(session.visits().await? + 1).await))
        .route(
            "/update",
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

/// A visitor whose number is 1.
pub async fn signed_in(app: &Router) -> Browser {
    let mut browser = Browser::new(app.clone());
    assert_eq!(browser.post("/in").await.status, 200);
    assert_eq!(browser.post("/update").await.body, "1");
    browser
}

/// What is answered is the session as it is, or `None`: a 503 in time. There is nothing between, and no cookie in either.
pub async fn ask(browser: &Browser, method: Method, path: &str) -> Option<String> {
    let began = Instant::now();
    let reply = browser.fetch(browser.request(method, path)).await;
    let took = began.elapsed();
    assert!(reply.set_cookies().is_empty(), "{reply:?}");
    if reply.status == 503 {
        // Reading and writing are two calls.
        assert!(took < CALL * 2 + SLACK, "a 503 took {took:?}");
        let inside = ["127.0.0.1", "redis", "sql", "redb", "/tmp"];
        assert!(!inside.iter().any(|word| reply.body.contains(word)), "the inside stays inside: {reply:?}");
        return None;
    }
    assert_eq!(reply.status, 200, "{reply:?}");
    assert!(!reply.body.starts_with("None"), "an empty session: {reply:?}");
    Some(reply.body)
}

/// Whether the session can be read.
pub async fn reads(browser: &Browser) -> bool {
    ask(browser, Method::GET, "/read").await.is_some()
}

/// Whether a `POST` is served.
pub async fn posts(browser: &Browser, path: &str) -> bool {
    ask(browser, Method::POST, path).await.is_some()
}

/// Counts the session's number up; the new one.
pub async fn update(browser: &Browser) -> Option<u64> {
    let number = ask(browser, Method::POST, "/update").await?;
    Some(number.parse().expect("a number"))
}

/// The session's number.
pub async fn visits(browser: &Browser) -> u64 {
    let body = ask(browser, Method::GET, "/read").await.expect("it is served");
    body.strip_prefix("Some(UserId(7)) ").and_then(|visits| visits.parse().ok()).unwrap_or_else(|| panic!("{body}"))
}

/// Every kind of request is a 503 in time.
pub async fn assert_down(browser: &Browser) {
    assert!(!reads(browser).await, "it was served");
    for path in ["/set", "/update", "/in", "/out"] {
        assert!(!posts(browser, path).await, "{path} was served");
    }
}

/// As many requests at once, every other one an update. How many were served.
pub async fn crowd(browser: &Browser, size: usize) -> usize {
    let mut requests = JoinSet::new();
    for number in 0..size {
        let browser = browser.clone();
        let (method, path) = [(Method::GET, "/read"), (Method::POST, "/update")][number % 2].clone();
        requests.spawn(async move { ask(&browser, method, path).await.is_some() });
    }
    requests.join_all().await.into_iter().map(usize::from).sum()
}

/// Asks until it is served again, and says how long that took.
pub async fn served_again(browser: &Browser) -> Duration {
    let began = Instant::now();
    while !reads(browser).await {
        assert!(began.elapsed() < PATIENCE, "it is never served again");
        tokio::task::yield_now().await;
    }
    began.elapsed()
}

/// Several writers count one session up until they are refused; `fault` comes when that many of their writes are there. How
/// many were answered.
pub async fn written_until(browser: &Browser, writers: usize, writes: u64, fault: impl FnOnce()) -> u64 {
    let goal = visits(browser).await + writes;
    let mut tasks = JoinSet::new();
    for _ in 0..writers {
        let browser = browser.clone();
        tasks.spawn(async move {
            let mut answered = 0;
            while update(&browser).await.is_some() {
                answered += 1;
            }
            answered
        });
    }
    while visits(browser).await < goal {}
    tokio::task::block_in_place(fault);
    tasks.join_all().await.into_iter().sum()
}
