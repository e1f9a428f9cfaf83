//! What is too large, or cannot be written; and what a client is told of each error.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use cloakroom::{MemoryStore, RecordError, Session, SessionData, SessionError, SessionLayer, Sessions, StoreError};
use serde::{Deserialize, Serialize, Serializer};
use tests::web::{Browser, Framework, Routes, post};
use tests::{Shop, on_both};

/// Refuses to be written when it holds `true`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
struct Grumpy(bool);

impl Serialize for Grumpy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 { Err(serde::ser::Error::custom("not today")) } else { serializer.serialize_bool(false) }
    }
}

#[derive(Debug, SessionData)]
#[session(cookie = "limited")]
struct Limited {
    one: String,
    two: String,
    three: String,
    grumpy: Option<Grumpy>,
    at: Option<SystemTime>,
}

const LIMIT: usize = 200;

fn limited() -> Sessions<Limited> {
    Sessions::new(MemoryStore::new()).with_max_record_size(LIMIT)
}

/// The same sessions under another limit, as after a deployment.
fn relimited(store: &MemoryStore, limit: usize) -> Sessions<Limited> {
    Sessions::new(store.clone()).with_max_record_size(limit)
}

fn text(len: usize) -> String {
    "x".repeat(len)
}

/// Closes the session; gives its cookie, or the one it had.
async fn finish(sessions: &Sessions<Limited>, session: &Session<Limited>) -> String {
    let closed = sessions.close(session, true).await;
    assert!(closed.error.is_none(), "{:?}", closed.error);
    closed.set_cookie.expect("a new session").split(';').next().unwrap().to_owned()
}

fn assert_too_large(error: &SessionError, name: &str) {
    let SessionError::TooLarge { field, size, limit } = error else { panic!("{error}") };
    assert_eq!((*field, *limit), (name, LIMIT));
    assert!(*size > LIMIT, "{error}");
    let said = error.to_string();
    assert!(said.contains(name) && said.contains(&size.to_string()) && said.contains("200"), "{said}");
}

#[tokio::test]
async fn a_value_that_is_too_large_is_refused_at_the_call_and_the_field_keeps_what_it_had() {
    let sessions = limited();
    let session = sessions.open([]);
    session.set_one("kept".to_owned()).await.unwrap();
    assert_too_large(&session.set_one(text(300)).await.unwrap_err(), "one");
    assert_eq!(session.one().await.unwrap(), "kept");
    let cookie = finish(&sessions, &session).await;

    let session = sessions.open([cookie.as_bytes()]);
    assert_too_large(&session.set_one(text(300)).await.unwrap_err(), "one");
    assert_too_large(&session.set_for(Limited::ONE, text(300), Duration::from_secs(5)).await.unwrap_err(), "one");
    assert_too_large(&session.update_one(|one| one.push_str(&text(300))).await.unwrap_err(), "one");
    assert_eq!(session.one().await.unwrap(), "kept");
    assert!(sessions.close(&session, true).await.error.is_none());
    assert_eq!(sessions.open([cookie.as_bytes()]).one().await.unwrap(), "kept");
}

#[tokio::test]
async fn small_values_that_add_up_are_refused_at_the_one_too_many() {
    let sessions = limited();
    let session = sessions.open([]);
    session.set_one(text(50)).await.unwrap();
    session.set_two(text(50)).await.unwrap();
    assert_too_large(&session.set_three(text(50)).await.unwrap_err(), "three");
    assert_eq!(session.three().await.unwrap(), "");
    session.set_two(text(5)).await.unwrap();
    session.set_three(text(50)).await.unwrap();
    let cookie = finish(&sessions, &session).await;

    let session = sessions.open([cookie.as_bytes()]);
    assert_too_large(&session.update_two(|two| *two = text(50)).await.unwrap_err(), "two");
    session.one().await.unwrap();
    assert_too_large(&session.set_two(text(50)).await.unwrap_err(), "two");
    let kept = session.snapshot().await.unwrap();
    assert_eq!((kept.one.len(), kept.two.len(), kept.three.len()), (50, 5, 50));
}

/// What is set before anything was loaded, and turns out too large beside what is stored, is refused by the response.
async fn a_blind_set_that_does_not_fit_is_a_413() {
    let app = Routes::new()
        .route("/begin", post(async |session: Session<Limited>| session.set_one(text(100)).await))
        .route("/more", post(async |session: Session<Limited>| session.set_two(text(100)).await))
        .route("/one", post(async |session: Session<Limited>| session.one().await))
        .route("/two", post(async |session: Session<Limited>| session.two().await))
        .layer(SessionLayer::<Limited>::new(MemoryStore::new()).with_max_record_size(LIMIT));
    let mut browser = Browser::new(app);
    assert_eq!(browser.post("/begin").await.status, 200);
    let reply = browser.post("/more").await;
    assert_eq!((reply.status.as_u16(), &*reply.body), (413, "the session cannot hold this much"));
    assert_eq!(browser.post("/one").await.body, text(100));
    assert_eq!(browser.post("/two").await.body, "");
}

/// A limit that was lowered keeps nobody from making the record smaller, nor from a new token.
#[tokio::test]
async fn a_record_over_a_lowered_limit_may_shrink_but_not_grow() {
    let store = MemoryStore::new();
    let before = relimited(&store, 10_000);
    let session = before.open([]);
    session.set_one(text(300)).await.unwrap();
    session.set_two(text(300)).await.unwrap();
    let mut cookie = finish(&before, &session).await;

    let sessions = relimited(&store, LIMIT);
    let session = sessions.open([cookie.as_bytes()]);
    session.regenerate().await.unwrap();
    cookie = finish(&sessions, &session).await;

    let session = sessions.open([cookie.as_bytes()]);
    session.one().await.unwrap();
    assert_too_large(&session.set_one(text(301)).await.unwrap_err(), "one");
    assert_too_large(&session.set_three(text(1)).await.unwrap_err(), "three");
    assert_too_large(&session.update_one(|one| one.push('x')).await.unwrap_err(), "one");
    session.set_one(text(299)).await.expect("a smaller value");
    session.update_one(|one| one.truncate(298)).await.expect("a smaller value");
    session.save().await.expect("a smaller value");
    assert!(sessions.close(&session, true).await.error.is_none());

    let session = sessions.open([cookie.as_bytes()]);
    session.clear_two().await.unwrap();
    let closed = sessions.close(&session, true).await;
    assert!(closed.error.is_none(), "clearing a field: {:?}", closed.error);
    let now = sessions.open([cookie.as_bytes()]).snapshot().await.unwrap();
    assert_eq!((now.one.len(), now.two.len()), (298, 0));
}

#[tokio::test]
async fn a_value_that_cannot_be_written_is_an_error_at_the_call_and_the_field_keeps_what_it_had() {
    let sessions = limited();
    let session = sessions.open([]);
    let start = SystemTime::UNIX_EPOCH;
    session.set_at(start).await.unwrap();
    session.set_grumpy(Grumpy(false)).await.unwrap();
    session.save().await.unwrap();
    let before_1970 = start - Duration::from_secs(1);
    let errors = [
        ("at", session.set_at(before_1970).await.unwrap_err()),
        ("at", session.update_at(|at| *at = Some(before_1970)).await.unwrap_err()),
        ("grumpy", session.set_grumpy(Grumpy(true)).await.unwrap_err()),
        ("grumpy", session.update_grumpy(|grumpy| *grumpy = Some(Grumpy(true))).await.unwrap_err()),
    ];
    for (name, error) in errors {
        assert!(matches!(&error, SessionError::Encode { field, .. } if *field == name), "{error}");
        assert!(error.to_string().contains(name), "{error}");
    }
    let cookie = finish(&sessions, &session).await;
    let now = sessions.open([cookie.as_bytes()]).snapshot().await.unwrap();
    assert_eq!((now.at, now.grumpy), (Some(start), Some(Grumpy(false))));
}

/// Each error's status, as its documentation states it, and a body without anything of the inside.
async fn each_error_has_its_status_and_tells_a_client_nothing() {
    let secret = || "SELECT secret FROM sessions".into();
    let errors = [
        (SessionError::Store(StoreError::message("SELECT secret FROM sessions")), 503),
        (SessionError::Contended, 503),
        (SessionError::Ended, 409),
        (SessionError::Decode { field: "secret_field", source: secret() }, 500),
        (SessionError::Encode { field: "secret_field", source: secret() }, 500),
        (SessionError::TooLarge { field: "secret_field", size: 98_765, limit: 43_210 }, 413),
        (SessionError::Record(RecordError::Damaged), 500),
        (SessionError::Record(RecordError::Newer { found: 98, supported: 43 }), 500),
        (SessionError::ResponseSent, 500),
    ];
    for (error, status) in errors {
        let name = error.to_string();
        assert_eq!(error.status().as_u16(), status, "{name}");
        let error = Arc::new(Mutex::new(Some(error)));
        let app = Routes::new().route("/", post(async move || error.lock().unwrap().take().expect("asked once")));
        let reply = Browser::new(app).post("/").await;
        assert_eq!(reply.status.as_u16(), status, "{name}");
        assert!(reply.set_cookies().is_empty());
        assert!(!reply.body.is_empty());
        for word in ["secret", "SELECT", "98", "43", "head"] {
            assert!(!reply.body.contains(word), "{name} shows {}", reply.body);
        }
    }
}

/// A handler without the layer is told which one is missing: that is for whoever wires the application.
async fn a_missing_layer_is_a_500_that_names_it() {
    let app = Routes::new().route("/", post(async |_: Session<Shop>| ()));
    let reply = Browser::new(app).post("/").await;
    assert_eq!(reply.status, 500);
    assert!(
        reply.body.contains(Framework::current().layer()) && reply.body.contains("::<") && reply.body.contains("Shop"),
        "{}",
        reply.body
    );
}

on_both!(
    a_blind_set_that_does_not_fit_is_a_413,
    each_error_has_its_status_and_tells_a_client_nothing,
    a_missing_layer_is_a_500_that_names_it,
);
