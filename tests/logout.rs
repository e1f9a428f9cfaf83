//! Promise 2, logout is final: nobody is signed in again by a late request, on every store.
//!
//! Third column of the table in `PEERS.md`, and its defects 1, 2, 6, 8, 10 and 17.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use cloakroom::store::SessionStore;
use cloakroom::{MemoryStore, Session, SessionError, SessionLayer};
use http::{Method, StatusCode};
use tests::web::{Browser, Routes, get, post};
use tests::{
    CartItem, Deed, FlakyStore, Place, Role, Shop, UserId, WatchedStore, on_both, on_every_store_and_framework,
};
use tokio::sync::{Barrier, Notify};
use tower::{Layer as _, ServiceExt as _};

const COOKIE: &str = "__Host-shop";

async fn sign_in(session: Session<Shop>) -> Result<(), SessionError> {
    session.set_role(Role::Admin).await?;
    session.set_user_id(UserId(7)).await
}

async fn sign_out(session: Session<Shop>) -> Result<(), SessionError> {
    session.destroy().await
}

async fn who(session: Session<Shop>) -> Result<String, SessionError> {
    Ok(format!("{:?}", session.user_id().await?))
}

fn app(store: impl SessionStore) -> Routes {
    routes().layer(SessionLayer::<Shop>::new(store))
}

fn routes() -> Routes {
    Routes::new().route("/in", post(sign_in)).route("/out", post(sign_out)).route("/who", get(who))
}

async fn signed_in(app: Routes) -> Browser {
    let mut browser = Browser::new(app);
    browser.post("/in").await;
    assert_eq!(browser.get("/who").await.body, "Some(UserId(7))");
    browser
}

/// Slow requests that have read the session when it ends, and write afterwards: by `set`, by `update`, by `regenerate`.
async fn late_writes_after_a_logout(place: Place<impl SessionStore>) {
    let inside = Arc::new(Barrier::new(4));
    let gone = Arc::new(Notify::new());
    let late = |write: fn(Session<Shop>) -> futures_util::future::BoxFuture<'static, Result<(), SessionError>>| {
        let (inside, gone) = (Arc::clone(&inside), Arc::clone(&gone));
        post(async move |session: Session<Shop>| {
            assert_eq!(session.user_id().await?, Some(UserId(7)));
            let released = gone.notified();
            tokio::pin!(released);
            released.as_mut().enable();
            inside.wait().await;
            released.await;
            write(session).await
        })
    };
    let app = routes()
        .route(
            "/late/set",
            late(|session| Box::pin(async move { session.set_cart(vec![CartItem::one("late")]).await })),
        )
        .route(
            "/late/update",
            late(|session| Box::pin(async move { session.update_visits(|visits| *visits += 1).await })),
        )
        .route("/late/regenerate", late(|session| Box::pin(async move { session.regenerate().await })))
        .layer(SessionLayer::<Shop>::new(place.store().await));

    let mut browser = signed_in(app).await;
    let stolen = browser.clone();
    let late = ["/late/set", "/late/update", "/late/regenerate"]
        .map(|path| browser.spawn(browser.request(Method::POST, path)));
    inside.wait().await;
    let reply = browser.post("/out").await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(browser.cookie(COOKIE), None, "the cookie is removed");
    gone.notify_waiters();

    let mut statuses = Vec::new();
    for late in late {
        let reply = late.await.unwrap();
        assert!(reply.set_cookies().is_empty(), "a late response hands out a cookie: {reply:?}");
        statuses.push(reply.status.as_u16());
    }
    // A plain write is dropped; what promised to be committed says that it was not.
    assert_eq!(statuses, [200, 409, 409]);
    let mut stolen = stolen;
    assert_eq!(stolen.get("/who").await.body, "None", "the old cookie opens the session again");
}

const WRITERS: usize = 100;

/// Slow writers, twice as many as in the table of `PEERS.md`, around a logout.
async fn writers_around_a_logout(place: Place<impl SessionStore + Clone>) {
    let store = WatchedStore::new(place.store().await);
    let barrier = Arc::new(Barrier::new(WRITERS + 1));
    let app = routes()
        .route(
            "/write",
            post({
                let barrier = Arc::clone(&barrier);
                async move |session: Session<Shop>| {
                    session.user_id().await?;
                    barrier.wait().await;
                    session.set_visits(1).await?;
                    session.set_role(Role::Admin).await
                }
            }),
        )
        .layer(SessionLayer::<Shop>::new(store.clone()));
    let browser = signed_in(app).await;
    let stolen = browser.clone();
    let writers: Vec<_> = (0..WRITERS).map(|_| browser.spawn(browser.request(Method::POST, "/write"))).collect();
    // Every writer has read the session by now: one that comes after the logout would rightly begin a session of its own.
    barrier.wait().await;
    let out = browser.spawn(browser.request(Method::POST, "/out"));
    for writer in writers {
        assert!(writer.await.unwrap().set_cookies().is_empty());
    }
    assert_eq!(out.await.unwrap().status, StatusCode::OK);
    let mut stolen = stolen;
    assert_eq!(stolen.get("/who").await.body, "None");
    // The same cookie before another node.
    let node = SessionLayer::<Shop>::new(place.store().await);
    assert_eq!(stolen.at(routes().layer(node)).get("/who").await.body, "None");
    assert_eq!(store.left().await, [], "something was left behind");
}

on_every_store_and_framework!(late_writes_after_a_logout, writers_around_a_logout);

/// An update that changes nothing looks whether there is still a session: a long-lived connection learns that it has ended.
#[tokio::test]
async fn an_update_that_changes_nothing_notices_a_logout() {
    let sessions = cloakroom::Sessions::<Shop>::new(MemoryStore::new());
    let first = sessions.open([]);
    first.set_visits(3).await.unwrap();
    let set_cookie = sessions.close(&first, true).await.set_cookie.unwrap();
    let cookie = set_cookie.split(';').next().unwrap();

    let socket = sessions.open([cookie.as_bytes()]);
    assert_eq!(socket.update_visits(|visits| *visits).await.unwrap(), 3);
    let other = sessions.open([cookie.as_bytes()]);
    other.update_visits(|visits| *visits = 4).await.unwrap();
    assert_eq!(socket.update_visits(|visits| *visits).await.unwrap(), 4, "it sees what others wrote");
    other.destroy().await.unwrap();
    sessions.close(&other, true).await;
    assert!(matches!(socket.update_visits(|visits| *visits).await, Err(SessionError::Ended)));
}

/// Writes after `destroy` in the same request begin a session with a new token and nothing of the old one (defect 8).
async fn writing_after_destroy_begins_anew() {
    let store = MemoryStore::new();
    let app = routes()
        .route(
            "/switch",
            post(async |session: Session<Shop>| {
                session.set_visits(3).await?;
                session.destroy().await?;
                session.set_notice("signed out".to_owned()).await
            }),
        )
        .route(
            "/all",
            get(async |session: Session<Shop>| Ok::<_, SessionError>(format!("{:?}", session.snapshot().await?))),
        )
        .layer(SessionLayer::<Shop>::new(store.clone()));
    let mut browser = signed_in(app).await;
    let old = browser.clone();
    let reply = browser.post("/switch").await;
    assert_eq!(reply.set_cookies().len(), 1, "one cookie, not a removal beside it: {reply:?}");
    assert_ne!(browser.cookie(COOKIE), old.cookie(COOKIE));
    let all = browser.get("/all").await.body;
    assert!(all.contains("signed out") && all.contains("user_id: None") && all.contains("visits: 0"), "{all}");
    let mut old = old;
    assert_eq!(old.get("/who").await.body, "None");
    assert_eq!(store.len(), 1, "no orphan record is left (defect 8)");
}

/// A forgotten `.await` warns, and still logs out.
async fn a_forgotten_await_still_logs_out() {
    let app = routes()
        .route(
            "/forgetful",
            post(async |session: Session<Shop>| {
                drop(session.destroy());
            }),
        )
        .layer(SessionLayer::<Shop>::new(MemoryStore::new()));
    let mut browser = signed_in(app).await;
    let stolen = browser.clone();
    browser.post("/forgetful").await;
    let mut stolen = stolen;
    assert_eq!(stolen.get("/who").await.body, "None");
}

/// Promise 10: a 5xx drops pending writes, a destroy holds.
async fn a_failing_handler_still_logs_out() {
    let app = routes()
        .route(
            "/fails",
            post(async |session: Session<Shop>| {
                session.destroy().await?;
                session.set_visits(1).await?;
                Ok::<_, SessionError>(StatusCode::INTERNAL_SERVER_ERROR)
            }),
        )
        .layer(SessionLayer::<Shop>::new(MemoryStore::new()));
    let mut browser = signed_in(app).await;
    let stolen = browser.clone();
    let reply = browser.post("/fails").await;
    assert_eq!(reply.status, 500);
    assert!(reply.set_cookies()[0].contains("Max-Age=0"), "{reply:?}");
    let mut stolen = stolen;
    assert_eq!(stolen.get("/who").await.body, "None");
}

/// Promise 10: the client goes away in the middle of the handler (defect 17 and 6: nothing is left behind).
async fn a_cancelled_handler_still_logs_out() {
    let store = MemoryStore::new();
    let app = routes()
        .route(
            "/hangs",
            post(async |session: Session<Shop>| {
                session.destroy().await?;
                std::future::pending::<()>().await;
                Ok::<_, SessionError>(())
            }),
        )
        .layer(SessionLayer::<Shop>::new(store.clone()));
    let browser = signed_in(app).await;
    {
        let request = browser.fetch(browser.request(Method::POST, "/hangs"));
        tokio::pin!(request);
        assert!(futures_util::poll!(request.as_mut()).is_pending());
    }
    while !store.is_empty() {
        tokio::task::yield_now().await;
    }
}

/// The client goes away while the commit is under way: the logout runs to its end.
async fn a_cancelled_commit_still_logs_out() {
    let memory = MemoryStore::new();
    let store = tests::SteppedStore::new(memory.clone());
    let browser = signed_in(app(store.clone())).await;
    store.step(true);
    {
        let request = browser.fetch(browser.request(Method::POST, "/out"));
        tokio::pin!(request);
        assert!(futures_util::poll!(request.as_mut()).is_pending(), "the delete has begun");
    }
    store.step(false);
    store.wake();
    while !memory.is_empty() {
        tokio::task::yield_now().await;
    }
}

/// A logout that the store could not carry out says so, and leaves the cookie alone: the session is still alive.
async fn a_failed_logout_is_no_logout() {
    let store = FlakyStore::new(MemoryStore::new());
    let mut browser = signed_in(app(store.clone())).await;
    store.fail(&[Deed::Delete]);
    let reply = browser.post("/out").await;
    assert_eq!(reply.status, 503);
    assert!(reply.set_cookies().is_empty(), "{reply:?}");
    assert!(!reply.body.contains("connection refused"), "the inside stays inside: {}", reply.body);
    store.recover();
    assert_eq!(browser.get("/who").await.body, "Some(UserId(7))");
    browser.post("/out").await;
    assert_eq!(browser.get("/who").await.body, "None");
}

/// A logout with a token that was retired a moment ago ends the session that came of it, if the request did not know.
async fn a_blind_logout_with_a_retired_token_ends_the_successor() {
    let mut browser = Browser::new(app(MemoryStore::new()));
    browser.post("/in").await;
    let old = browser.clone();
    browser.post("/in").await;
    assert_ne!(browser.cookie(COOKIE), old.cookie(COOKIE), "signing in regenerates");
    let reply = old.fetch(old.request(Method::POST, "/out")).await;
    assert_eq!(reply.status, 200);
    assert_eq!(browser.get("/who").await.body, "None");
}

on_both!(
    writing_after_destroy_begins_anew,
    a_forgotten_await_still_logs_out,
    a_failing_handler_still_logs_out,
    a_cancelled_handler_still_logs_out,
    a_cancelled_commit_still_logs_out,
    a_failed_logout_is_no_logout,
    a_blind_logout_with_a_retired_token_ends_the_successor,
);

/// Logs out as it goes.
struct Guard(Session<Shop>);

impl Drop for Guard {
    fn drop(&mut self) {
        drop(self.0.destroy());
    }
}

/// Answers and is still there, as a time limit is that leaves its handler lying.
struct Answered(#[expect(dead_code, reason = "it is there to be dropped")] Guard);

impl Future for Answered {
    type Output = Result<axum::response::Response, Infallible>;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(Ok(axum::response::Response::default()))
    }
}

#[tokio::test]
async fn a_guard_that_goes_with_its_handler_logs_out() {
    let store = MemoryStore::new();
    let layer = SessionLayer::<Shop>::new(store.clone());
    let session = layer.sessions().open([]);
    session.set_user_id(UserId(7)).await.unwrap();
    let set_cookie = layer.sessions().close(&session, true).await.set_cookie.unwrap();
    let (cookie, _) = set_cookie.split_once(';').unwrap();

    let service = tower::service_fn(|request: http::Request<axum::body::Body>| {
        Answered(Guard(Session::from_extensions(request.extensions()).expect("the layer stands before it")))
    });
    let request = http::Request::get("/").header(http::header::COOKIE, cookie).body(axum::body::Body::empty()).unwrap();
    let response = layer.layer(service).oneshot(request).await.unwrap();
    let removal = response.headers()[http::header::SET_COOKIE].to_str().unwrap();
    assert!(removal.contains("Max-Age=0"), "{removal}");
    assert!(store.is_empty(), "LOGOUT NOT FINAL");
}
