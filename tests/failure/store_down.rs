//! The store does not answer.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use cloakroom::{ManualClock, MemoryStore, Session, SessionError, SessionLayer, Sessions};
use http::StatusCode;
use tests::web::{Browser, get, post};
use tests::{CountingStore, Deed, FlakyStore, Reply, Shop, on_both};

use crate::wire::{Replies, Wire};
use crate::{COOKIE, app, assert_intact, assert_no_cookie, assert_opaque, begin, plain, routes, see};

type Ran = Pin<Box<dyn Future<Output = Result<(), SessionError>> + Send>>;
type Act = fn(Session<Shop>) -> Ran;

/// Every way to ask for what is stored.
const READS: &[(&str, Act)] = &[
    ("get", |session| Box::pin(async move { session.visits().await.map(drop) })),
    ("flash", |session| Box::pin(async move { session.notice().await.map(drop) })),
    ("take", |session| Box::pin(async move { session.take_cart().await.map(drop) })),
    ("has", |session| Box::pin(async move { session.has_cart().await.map(drop) })),
    ("update", |session| Box::pin(async move { session.update_visits(|visits| *visits += 1).await })),
    ("snapshot", |session| Box::pin(async move { session.snapshot().await.map(drop) })),
    ("keys", |session| Box::pin(async move { session.keys().await.map(drop) })),
    ("id", |session| Box::pin(async move { session.id().await.map(drop) })),
    ("is_new", |session| Box::pin(async move { session.is_new().await.map(drop) })),
    ("reload", |session| Box::pin(async move { session.reload().await })),
    ("expires_at", |session| Box::pin(async move { session.expires_at().await.map(drop) })),
];

fn assert_unavailable(reply: &Reply) {
    assert_eq!(reply.status, 503);
    assert_opaque(reply);
    assert_no_cookie(reply);
}

/// Defect 7: a load that fails is a 503, never an empty session, and takes nothing away.
async fn a_load_that_fails_is_never_an_empty_session() {
    for (name, read) in READS {
        let read = *read;
        let store = FlakyStore::new(MemoryStore::new());
        let mut browser = begin(app!(store.clone(), async move |session: Session<Shop>| read(session).await)).await;
        store.fail_all();
        let reply = browser.post("/do").await;
        assert_unavailable(&reply);
        store.recover();
        assert_intact(&browser).await;
        println!("{name}: {}", reply.body);
    }
}

/// Defect 7: a handler that passes over the failed load and then writes adds to the session that was there; it does not take
/// the session's place.
async fn writing_after_a_load_that_failed_merges_into_what_is_there() {
    let store = FlakyStore::new(MemoryStore::new());
    let handler = async |session: Session<Shop>| {
        let seen = session.visits().await.unwrap_or_default();
        session.set_notice(format!("saw {seen}")).await
    };
    let mut browser = begin(app!(store.clone(), handler)).await;
    store.fail(&[Deed::Load]);
    let reply = browser.post("/do").await;
    assert_eq!(reply.status, 200);
    assert_no_cookie(&reply);
    store.recover();
    assert_eq!(see(&browser).await, "Some(UserId(7)) Admin 1 3 Some(\"saw 0\")");
}

async fn a_load_that_fails_once_is_tried_again_at_the_next_access() {
    let store = FlakyStore::new(MemoryStore::new());
    let flaky = store.clone();
    let handler = async move |session: Session<Shop>| {
        assert!(matches!(session.visits().await, Err(SessionError::Store(_))));
        flaky.recover();
        session.visits().await.map(|visits| visits.to_string())
    };
    let mut browser = begin(app!(store.clone(), handler)).await;
    store.fail_all();
    assert_eq!(browser.post("/do").await.body, "3");
}

/// Each kind of commit, and the store's call that fails in it.
async fn a_commit_that_fails_says_so_and_changes_nothing() {
    let cases: &[(Deed, Act)] = &[
        (Deed::Replace, |session| Box::pin(async move { session.set_visits(4).await })),
        (Deed::LoadCurrent, |session| Box::pin(async move { session.set_visits(4).await })),
        (Deed::Replace, |session| Box::pin(async move { session.clear().await })),
        (Deed::Replace, |session| Box::pin(async move { session.clear_cart().await })),
        (Deed::Replace, |session| Box::pin(async move { session.update_visits(|visits| *visits = 4).await })),
        (Deed::Create, |session| Box::pin(async move { session.regenerate().await })),
        (Deed::Replace, |session| Box::pin(async move { session.regenerate().await })),
        (Deed::Create, |session| Box::pin(async move { session.mark_authenticated().await })),
        (Deed::Replace, |session| Box::pin(async move { session.set_user_id(tests::UserId(8)).await })),
        (Deed::Replace, |session| {
            Box::pin(async move { session.set_expiry(Duration::from_secs(60), Duration::from_secs(60)).await })
        }),
        (Deed::Delete, |session| Box::pin(async move { session.destroy().await })),
    ];
    for (number, (deed, write)) in cases.iter().enumerate() {
        let write = *write;
        let memory = MemoryStore::new();
        let store = FlakyStore::new(memory.clone());
        let handler = async move |session: Session<Shop>| {
            write(session).await?;
            Ok::<_, SessionError>((StatusCode::CREATED, "done"))
        };
        let mut browser = begin(app!(store.clone(), handler)).await;
        store.fail(&[*deed]);
        let reply = browser.post("/do").await;
        assert_unavailable(&reply);
        store.recover();
        assert_intact(&browser).await;
        println!("case {number} of {deed:?}");
    }
}

async fn a_session_that_could_not_be_created_sets_no_cookie() {
    let memory = MemoryStore::new();
    let store = FlakyStore::new(memory.clone());
    store.fail(&[Deed::Create]);
    let mut browser = Browser::new(plain(store.clone()));
    let reply = browser.post("/in").await;
    assert_unavailable(&reply);
    assert!(memory.is_empty());
    store.recover();
    assert_eq!(browser.post("/in").await.status, 200);
    assert_intact(&browser).await;
}

/// Activity that cannot be written down costs nothing but that.
async fn a_touch_that_fails_fails_no_response() {
    let clock = ManualClock::default();
    let (counting, calls) = CountingStore::new(MemoryStore::new().with_clock(clock.clone()));
    let store = FlakyStore::new(counting);
    let app = routes().layer(SessionLayer::<Shop>::new(store.clone()).with_clock(clock.clone()));
    let mut browser = begin(app).await;
    calls.take();
    clock.advance(Duration::from_secs(20 * 60));
    store.fail(&[Deed::Touch]);
    let reply = browser.get("/all").await;
    assert_eq!((reply.status.as_u16(), &*reply.body), (200, crate::INTACT));
    assert_no_cookie(&reply);
    store.recover();
    assert_intact(&browser).await;
    assert!(calls.take().contains(&Deed::Touch), "the case was not met");
}

/// The store retired the old record, and its answer was lost on the way: the session goes on under the new token.
async fn a_lost_answer_to_a_rotation_loses_no_session() {
    let wire = Wire::new();
    let mut browser = begin(app!(wire.store(), async |session: Session<Shop>| session.regenerate().await)).await;
    let old = browser.clone();
    wire.replies(Replies::Lost(Deed::Replace));
    let reply = browser.post("/do").await;
    wire.replies(Replies::Come);
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_intact(&browser).await;
    assert_ne!(old.cookie(COOKIE), browser.cookie(COOKIE));
    assert_eq!(see(&old).await, "None Customer 0 0 None");
}

/// A write that arrived without an answer is told as failed; sent again, it does no harm.
async fn a_lost_answer_to_a_write_is_an_error() {
    let wire = Wire::new();
    let handler = async |session: Session<Shop>| session.set_cart(vec![]).await;
    let mut browser = begin(app!(wire.store(), handler)).await;
    wire.replies(Replies::Lost(Deed::Replace));
    assert_unavailable(&browser.post("/do").await);
    wire.replies(Replies::Come);
    assert_eq!(browser.post("/do").await.status, 200);
    assert_eq!(see(&browser).await, "Some(UserId(7)) Admin 0 3 None");
}

/// A store that is down does not matter to who does not ask for it.
async fn a_store_that_is_down_stops_no_page_without_a_session() {
    let store = FlakyStore::new(MemoryStore::new());
    let app = routes()
        .route("/about", get(async |_: Session<Shop>| "about us"))
        .route("/try", post(async |session: Session<Shop>| session.visits().await.map(|visits| visits.to_string())))
        .layer(SessionLayer::from(Sessions::<Shop>::new(store.clone())));
    let mut browser = begin(app).await;
    store.fail_all();
    assert_eq!(browser.get("/about").await.body, "about us");
    assert_eq!(browser.post("/try").await.status, 503);
    let app = plain(store);
    assert_eq!(Browser::new(app).get("/all").await.body, "None Customer 0 0 None");
}

on_both!(
    a_load_that_fails_is_never_an_empty_session,
    writing_after_a_load_that_failed_merges_into_what_is_there,
    a_load_that_fails_once_is_tried_again_at_the_next_access,
    a_commit_that_fails_says_so_and_changes_nothing,
    a_session_that_could_not_be_created_sets_no_cookie,
    a_touch_that_fails_fails_no_response,
    a_lost_answer_to_a_rotation_loses_no_session,
    a_lost_answer_to_a_write_is_an_error,
    a_store_that_is_down_stops_no_page_without_a_session,
);
