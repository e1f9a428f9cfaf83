//! A session by a bearer token is one like any other.

use std::time::Duration;

use cloakroom::store::SessionStore;
use cloakroom::{ManualClock, MemoryStore, Session, SessionError, SessionLayer, Sessions};
use tests::web::post;
use tests::{CountingStore, Deed, FlakyStore, Log, Place, on_both, on_every_store_and_framework};

use crate::{Api, App, app, routes, token_of};

on_both!(
    idle_and_absolute_time_hold_and_activity_is_written_down,
    set_expiry_keeps_the_token,
    a_request_costs_what_it_does_with_a_cookie,
    answers_are_for_one_client_alone,
    a_store_that_is_down_is_a_503_and_no_logout,
    the_log_never_shows_a_token,
);

const MINUTE: Duration = Duration::from_secs(60);

async fn a_program_signs_in_works_and_signs_out(place: Place<impl SessionStore>) {
    let app = App::of(Sessions::bearer(place.store().await));
    let other_node = App::of(Sessions::bearer(place.store().await));
    let token = app.signed_in().await;
    assert_eq!(app.ask("/me", &token).await.body, "7");
    assert_eq!(other_node.ask("/count", &token).await.body, "1");
    assert_eq!(app.ask("/count", &token).await.body, "2");

    // A new token is told by the handler; the old one opens nothing any more.
    let renewed = app.ask("/renew", &token).await.body;
    assert_ne!(renewed, token);
    assert!(!other_node.knows(&token).await);
    assert_eq!(other_node.ask("/count", &renewed).await.body, "3");
    let second = app.ask("/in", &renewed).await.body;
    assert!(second != renewed && !app.knows(&renewed).await, "who signs in gets a new token");

    assert_eq!(app.ask("/out", &second).await.status, 200);
    assert!(!other_node.knows(&second).await);
}

async fn a_job_has_the_programs_session(place: Place<impl SessionStore>) {
    let sessions = Sessions::<Api>::bearer(place.store().await);
    let app = App::of(sessions.clone());
    let token = token_of(&sessions, 9).await;
    assert_eq!(app.ask("/me", &token).await.body, "9");
    let job = sessions.resume(token.parse().unwrap()).unwrap();
    job.destroy().await.unwrap();
    assert!(!app.knows(&token).await);
}

on_every_store_and_framework!(a_program_signs_in_works_and_signs_out, a_job_has_the_programs_session);

async fn idle_and_absolute_time_hold_and_activity_is_written_down() {
    let clock = ManualClock::default();
    let store = MemoryStore::new().with_clock(clock.clone());
    let app = App::of(Sessions::bearer(store).with_clock(clock.clone()));
    let token = app.signed_in().await;
    for _ in 0..35 {
        clock.advance(20 * MINUTE);
        assert!(app.knows(&token).await);
    }
    clock.advance(20 * MINUTE);
    assert!(!app.knows(&token).await, "twelve hours are over");
    let token = app.signed_in().await;
    clock.advance(31 * MINUTE);
    assert!(!app.knows(&token).await, "half an hour without a word");
}

/// A lifetime of its own needs no new token, so nobody has to be told.
async fn set_expiry_keeps_the_token() {
    let clock = ManualClock::default();
    let store = MemoryStore::new().with_clock(clock.clone());
    let sessions = Sessions::<Api>::bearer(store).with_clock(clock.clone());
    let stay = async |session: Session<Api>| session.set_expiry(1000 * MINUTE, 2000 * MINUTE).await;
    let router = routes().route("/stay", post(stay));
    let app = App::new(router.layer(SessionLayer::from(sessions)));
    let token = app.signed_in().await;
    assert_eq!(app.ask("/stay", &token).await.status, 200);
    clock.advance(999 * MINUTE);
    assert!(app.knows(&token).await);
}

/// No token or no good one: no store call. Read: one.
async fn a_request_costs_what_it_does_with_a_cookie() {
    let (store, calls) = CountingStore::<MemoryStore>::new(MemoryStore::new());
    let app = app(store);
    let token = app.signed_in().await;
    calls.take();
    for authorization in [None, Some("Bearer hello"), Some("Basic YWRhOmVuZ2luZQ==")] {
        assert_eq!(app.ask_with("/me", authorization).await.status, 401);
        assert_eq!(calls.take(), [], "{authorization:?}");
    }
    assert!(app.knows(&token).await);
    assert_eq!(calls.take(), [Deed::LoadCurrent]);
    assert!(!app.knows(&"A".repeat(43)).await);
    assert_eq!(calls.take(), [Deed::LoadCurrent]);
}

/// The answer depends on the header, and no cache may keep it: also where none was sent.
async fn answers_are_for_one_client_alone() {
    let app = app(MemoryStore::new());
    let token = app.signed_in().await;
    let replies = [app.ask("/me", &token).await, app.ask_with("/me", None).await, app.ask_with("/in", None).await];
    for reply in replies {
        let vary: Vec<&str> = reply.headers.get_all("vary").iter().map(|value| value.to_str().unwrap()).collect();
        assert!(vary.contains(&"Authorization") && !vary.contains(&"Cookie"), "{vary:?}");
        assert_eq!(reply.header("cache-control"), Some("no-store"));
    }
}

async fn a_store_that_is_down_is_a_503_and_no_logout() {
    let store = FlakyStore::new(MemoryStore::new());
    let app = app(store.clone());
    let token = app.signed_in().await;
    store.fail_all();
    for path in ["/me", "/checked", "/count", "/renew", "/out"] {
        let reply = app.ask(path, &token).await;
        assert_eq!((reply.status.as_u16(), reply.header("www-authenticate")), (503, None), "{path}");
    }
    store.recover();
    assert!(app.knows(&token).await);
}

/// A program's day, at the most talkative level.
async fn the_log_never_shows_a_token() {
    let log = Log::start();
    let store = FlakyStore::new(MemoryStore::new());
    let app = app(store.clone());
    let first = app.signed_in().await;
    let second = app.ask("/renew", &first).await.body;
    app.ask("/me", &first).await;
    app.ask_with("/me", Some(&format!("Bearer {first}, Bearer {second}"))).await;
    app.ask("/admin", &second).await;
    store.fail_all();
    app.ask("/me", &second).await;
    app.ask("/renew", &second).await;
    store.recover();
    app.ask("/out", &second).await;
    let text = log.text();
    assert!(text.contains("a guard turned a request away") && text.contains("cannot load"), "{text}");
    tests::secret::assert_secret(&text, &[first, second]);
}

/// A body that is still made when the head has left can tell a new token, where a cookie cannot.
#[tokio::test]
async fn a_stream_can_renew_its_token() {
    let sessions = Sessions::<Api>::bearer(MemoryStore::new());
    let token = token_of(&sessions, 7).await;
    let field = format!("Bearer {token}");

    let session = sessions.open([field.as_bytes()]);
    assert!(sessions.close(&session, true).await.error.is_none());
    session.regenerate().await.unwrap();
    let renewed = session.expose_token().await.unwrap().expect("a session");
    assert_ne!(renewed, token);
    let found: Result<_, SessionError> = sessions.resume(renewed.parse().unwrap()).unwrap().user_id().await;
    assert_eq!(found.unwrap(), Some(7));
}
