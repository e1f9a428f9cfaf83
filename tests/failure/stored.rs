//! What is stored cannot be read.

use cloakroom::store::SessionStore;
use cloakroom::{MemoryStore, RecordError, Session, SessionData, SessionError, SessionLayer, Sessions};
use serde::{Deserialize, Serialize};
use tests::web::{Browser, Routes, post};
use tests::{Shop, on_both};

use crate::wire::Wire;
use crate::{COOKIE, assert_intact, assert_no_cookie, assert_opaque, begin, plain, see};

/// Can be written, but not always read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String")]
struct Picky(String);

impl TryFrom<String> for Picky {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text == "spoiled" { Err("it is spoiled".to_owned()) } else { Ok(Self(text)) }
    }
}

#[derive(Debug, SessionData)]
#[session(cookie = "fragile")]
struct Fragile {
    picky: Picky,
    #[session(on_invalid = "default", default = Picky("unset".to_owned()))]
    lenient: Picky,
    #[session(flash)]
    note: Option<Picky>,
    plain: u32,
}

fn spoiled() -> Picky {
    Picky("spoiled".to_owned())
}

async fn spoil(session: Session<Fragile>) -> Result<(), SessionError> {
    session.set_picky(spoiled()).await?;
    session.set_lenient(spoiled()).await?;
    session.set_note(spoiled()).await?;
    session.set_plain(1).await
}

fn names(error: &SessionError, name: &str) -> bool {
    matches!(error, SessionError::Decode { field, .. } if *field == name) && error.to_string().contains(name)
}

async fn look(session: Session<Fragile>) -> Result<(), SessionError> {
    let key_error = session.get(Fragile::PICKY).await.unwrap_err();
    for error in [
        key_error,
        session.picky().await.unwrap_err(),
        session.take_picky().await.unwrap_err(),
        session.update_picky(|_| ()).await.unwrap_err(),
        session.snapshot().await.unwrap_err(),
    ] {
        assert!(names(&error, "picky"), "{error}");
    }
    assert!(names(&session.note().await.unwrap_err(), "note"));
    assert!(session.has_picky().await?, "it is set, whatever it is");
    assert_eq!(session.lenient().await?, Picky("unset".to_owned()));
    assert_eq!(session.plain().await?, 1);
    assert_eq!(session.keys().await?, ["picky", "lenient", "note", "plain"]);
    Ok(())
}

fn fragile(store: impl SessionStore) -> Routes {
    Routes::new()
        .route("/spoil", post(spoil))
        .route("/look", post(look))
        .route("/error", post(async |session: Session<Fragile>| session.picky().await.map(drop)))
        .route("/plain", post(async |session: Session<Fragile>| session.update_plain(|plain| *plain += 1).await))
        .route(
            "/mend",
            post(async |session: Session<Fragile>| {
                session.set_picky(Picky("fresh".to_owned())).await?;
                session.update_lenient(|lenient| lenient.0.push('!')).await?;
                session.clear_note().await
            }),
        )
        .route(
            "/mended",
            post(async |session: Session<Fragile>| {
                let Fragile { picky, lenient, note, plain } = session.snapshot().await?;
                Ok::<_, SessionError>(format!("{} {} {note:?} {plain}", picky.0, lenient.0))
            }),
        )
        .layer(SessionLayer::<Fragile>::new(store))
}

/// A field that no longer decodes is an error of that field: the others and the record stay as they are.
async fn a_field_that_no_longer_decodes_is_an_error_that_names_it_alone() {
    let wire = Wire::new();
    let mut browser = Browser::new(fragile(wire.store()));
    assert_eq!(browser.post("/spoil").await.status, 200);
    let before = wire.raw(&wire.last_key()).await.unwrap();
    assert_eq!(browser.post("/look").await.status, 200);
    let reply = browser.post("/error").await;
    assert_eq!(reply.status, 500);
    assert_opaque(&reply);
    assert_no_cookie(&reply);
    assert_eq!(wire.raw(&wire.last_key()).await.unwrap(), before, "looking changed the record");
    assert_eq!(browser.post("/plain").await.status, 200, "the other fields can be written");
    assert_eq!(browser.post("/error").await.status, 500, "and leave the unreadable one where it is");
    assert_eq!(browser.post("/mend").await.status, 200, "a new value mends it");
    assert_eq!(browser.post("/mended").await.body, "fresh unset! None 2");
}

/// Every operation on a record that cannot be read fails with `error`, and the record stays byte for byte.
async fn unreadable(bytes: &[u8], error: RecordError, context: &str) {
    let wire = Wire::new();
    let sessions = Sessions::<Shop>::new(wire.store());
    let first = sessions.open([]);
    first.set_visits(3).await.unwrap();
    let set_cookie = sessions.close(&first, true).await.set_cookie.unwrap();
    let cookie = set_cookie.split(';').next().unwrap();
    let key = wire.last_key();
    wire.plant(&key, bytes).await;

    let is_it = |found: SessionError| {
        assert!(matches!(&found, SessionError::Record(record) if *record == error), "{found}; {context}");
    };
    let session = sessions.open([cookie.as_bytes()]);
    is_it(session.visits().await.expect_err(context));
    is_it(session.snapshot().await.expect_err(context));
    is_it(session.update_visits(|visits| *visits += 1).await.expect_err(context));
    session.set_visits(9).await.unwrap();
    session.regenerate().await.unwrap();
    is_it(session.save().await.expect_err(context));
    let closed = sessions.close(&session, true).await;
    is_it(closed.error.expect(context));
    assert_eq!(closed.set_cookie, None, "{context}");
    assert_eq!(wire.raw(&key).await.as_deref(), Some(bytes), "the record was changed; {context}");

    let session = sessions.open([cookie.as_bytes()]);
    session.visits().await.expect_err(context);
    session.destroy().await.unwrap();
    let closed = sessions.close(&session, true).await;
    assert!(closed.error.is_none(), "destroying works; {context}");
    assert!(closed.set_cookie.unwrap().contains("Max-Age=0"));
    assert!(wire.memory.is_empty(), "{context}");
}

/// The bytes of a record with fields of several sizes, one with a time of its own.
async fn some_record() -> Vec<u8> {
    let wire = Wire::new();
    let sessions = Sessions::<Shop>::new(wire.store());
    let session = sessions.open([]);
    session.set_visits(3).await.unwrap();
    session.set_oauth_state("state".to_owned()).await.unwrap();
    session.set_notice("hello".to_owned()).await.unwrap();
    sessions.close(&session, true).await;
    wire.raw(&wire.last_key()).await.unwrap().to_vec()
}

/// Defect 7 (its Astro half): a record that lost its end at any byte, even between two fields, is an error and is kept.
#[tokio::test]
async fn a_record_cut_anywhere_is_an_error_and_is_kept() {
    let record = some_record().await;
    for len in 0..record.len() {
        unreadable(&record[..len], RecordError::Damaged, &format!("cut to {len} of {} bytes", record.len())).await;
    }
}

#[tokio::test]
async fn a_record_with_something_behind_it_is_an_error_and_is_kept() {
    let mut record = some_record().await;
    for junk in [&[0][..], &[0, 0, 0, 0, 0], b"\x01x\x00\x00\x00\x00"] {
        let len = record.len();
        record.extend_from_slice(junk);
        unreadable(&record, RecordError::Damaged, &format!("{junk:?} behind it")).await;
        record.truncate(len);
    }
}

#[tokio::test]
async fn garbage_is_an_error_and_is_kept() {
    for garbage in [&b""[..], b"\0", b"{\"user_id\":7}", b"\x01", b"\x01\x00", b"\x01\x01short", b"\x01\x02", &[0; 100]]
    {
        let newer = RecordError::Newer { found: b'{', supported: 1 };
        let error = if garbage.starts_with(b"{") { newer } else { RecordError::Damaged };
        unreadable(garbage, error, &format!("{garbage:?}")).await;
    }
}

#[tokio::test]
async fn a_record_of_a_newer_format_is_an_error_that_says_so_and_is_kept() {
    let mut record = some_record().await;
    record[0] = 2;
    let newer = RecordError::Newer { found: 2, supported: 1 };
    unreadable(&record, newer, "newer").await;
    let text = SessionError::Record(newer).to_string();
    assert!(text.contains("format 2") && text.contains("up to 1"), "{text}");
    assert!(SessionError::Record(RecordError::Damaged).to_string().contains("truncated or damaged"));
}

/// The same through the web: a 500 that tells nothing, no cookie, and the session is back once the record is.
async fn a_damaged_record_is_a_500_and_no_logout() {
    let wire = Wire::new();
    let mut browser = begin(plain(wire.store())).await;
    let key = wire.last_key();
    let good = wire.raw(&key).await.unwrap();
    wire.plant(&key, &good[..good.len() - 1]).await;
    for path in ["/all", "/in"] {
        let reply = if path == "/in" { browser.post(path).await } else { browser.get(path).await };
        assert_eq!(reply.status, 500, "{path}");
        assert_opaque(&reply);
        assert_no_cookie(&reply);
    }
    wire.plant(&key, &good).await;
    assert_intact(&browser).await;
    wire.plant(&key, &good[..20]).await;
    let reply = browser.post("/out").await;
    assert_eq!((reply.status.as_u16(), browser.cookie(COOKIE)), (200, None));
    assert!(wire.memory.is_empty());
}

/// A cookie of which no record exists is an anonymous visitor, not an error; and a write adopts no token.
async fn a_cookie_without_a_record_is_anonymous() {
    let store = MemoryStore::new();
    let browser = begin(plain(store)).await;
    let mut elsewhere = browser.at(plain(MemoryStore::new()));
    assert_eq!(see(&elsewhere).await, "None Customer 0 0 None");
    elsewhere.post("/in").await;
    assert_ne!(elsewhere.cookie(COOKIE), browser.cookie(COOKIE));
}

on_both!(
    a_field_that_no_longer_decodes_is_an_error_that_names_it_alone,
    a_damaged_record_is_a_500_and_no_logout,
    a_cookie_without_a_record_is_anonymous,
);
