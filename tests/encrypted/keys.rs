//! Keys that change, keys that are gone, records that were changed, and records of before.

use axum::Router;
use axum::routing::{get, post};
use cloakroom::store::{Created, Refreshed, Replaced, SessionStore as _, Stored};
use cloakroom::stores::{Encrypted, EncryptionError, Layered};
use cloakroom::{MemoryStore, SealKeyId, SealKeys, Session, SessionError, SessionLayer, Sessions};
use http::Method;
use tests::{Browser, Visitor};

use super::{ADDRESS, Archive, fill, in_an_hour, key, reason};

async fn kept(memory: &MemoryStore) -> Stored {
    memory.load(&key(1)).await.unwrap().expect("the record is left alone")
}

async fn created(store: &Encrypted<MemoryStore>) {
    let created = store.create(&key(1), "data".into(), in_an_hour()).await.unwrap();
    assert!(matches!(created, Created::New(_)));
}

#[tokio::test]
async fn what_an_old_key_sealed_opens_and_is_sealed_by_the_newest_when_it_is_written() {
    let (memory, old, new) = (MemoryStore::new(), SealKeys::ephemeral(), SealKeys::ephemeral());
    let mut visitor = Visitor::<Archive>::new(Sessions::new(Encrypted::new(memory.clone(), old.clone())));
    visitor.visit(fill).await.unwrap();

    let both = Encrypted::new(memory.clone(), new.clone().with_older(&old));
    let mut visitor = visitor.at(Sessions::<Archive>::new(both));
    let address = async |session: Session<Archive>| session.delivery_address().await;
    assert_eq!(visitor.visit(address).await.unwrap(), ADDRESS);
    let mut later = visitor.at(Sessions::<Archive>::new(Encrypted::new(memory.clone(), new.clone())));
    assert!(later.request(address).await.0.is_err(), "it was only read, so the old key is still needed");

    visitor.visit(async |session| session.update_wishes(|wishes| wishes.clear()).await).await.unwrap();
    assert_eq!(later.visit(address).await.unwrap(), ADDRESS);
    let mut before = visitor.at(Sessions::<Archive>::new(Encrypted::new(memory, old)));
    assert!(before.request(address).await.0.is_err(), "the old key opens what the new one sealed");
}

/// A deployment that forgot a key: every call says which, and nothing is lost.
#[tokio::test]
async fn a_key_that_is_gone_is_named_and_the_record_left_alone() {
    let (memory, gone, given) = (MemoryStore::new(), SealKeys::ephemeral(), SealKeys::ephemeral());
    created(&Encrypted::new(memory.clone(), gone.clone())).await;
    let before = kept(&memory).await;
    let store = Encrypted::new(memory.clone(), given.clone());
    let other = cloakroom::store::Version::from(u64::MAX);
    let errors = [
        store.load(&key(1)).await.unwrap_err(),
        store.load_current(&key(1)).await.unwrap_err(),
        store.load_if_changed(&key(1), &other).await.unwrap_err(),
        store.replace(&key(1), &other, "late".into(), in_an_hour()).await.unwrap_err(),
    ];
    let ids: Vec<SealKeyId> = gone.ids().chain(given.ids()).collect();
    for error in errors {
        assert_eq!(reason(&error), &EncryptionError::UnknownKey { key: ids[0], known: vec![ids[1]] });
        let text = error.to_string();
        assert!(text.contains(&format!("sealed by key `{}`, and the keys given are `{}`", ids[0], ids[1])), "{text}");
    }
    assert_eq!(kept(&memory).await, before);
    let back = Encrypted::new(memory, given.with_older(&gone));
    assert_eq!(back.load(&key(1)).await.unwrap().unwrap().bytes, "data");
}

/// To the visitor it is a 503: not a stranger's page, not a logout, and nothing that says why.
#[tokio::test]
async fn a_key_that_is_gone_is_no_logout() {
    let (memory, gone, given) = (MemoryStore::new(), SealKeys::ephemeral(), SealKeys::ephemeral());
    let app = |keys: SealKeys| {
        Router::new()
            .route("/in", post(fill))
            .route("/read", get(async |session: Session<Archive>| session.delivery_address().await))
            .route("/set", post(async |session: Session<Archive>| session.set_wishes(vec![]).await))
            .route("/out", post(async |session: Session<Archive>| session.destroy().await))
            .layer(SessionLayer::<Archive>::new(Encrypted::new(memory.clone(), keys)))
    };
    let mut browser = Browser::new(app(gone.clone()));
    browser.post("/in").await;
    let without = browser.at(app(given.clone()));
    for (method, path) in [(Method::GET, "/read"), (Method::POST, "/set")] {
        let reply = without.fetch(without.request(method, path)).await;
        assert_eq!((reply.status.as_u16(), reply.set_cookies().len()), (503, 0), "{reply:?}");
        assert!(!reply.body.contains("key"), "{}", reply.body);
    }
    let mut again = browser.at(app(given.clone().with_older(&gone)));
    assert_eq!(again.get("/read").await.body, ADDRESS);

    // Nobody can tell what else would have to go, so a logout is not confirmed at first; the record is gone all the same.
    let mut without = browser.at(app(given));
    assert_eq!(without.post("/out").await.status, 503);
    assert_eq!(without.post("/out").await.status, 200);
    assert_eq!(again.get("/read").await.body, "");
    assert!(memory.is_empty());
}

/// Whoever can write to the store changes any byte, cuts the record short, or puts it in the place of another visitor's.
#[tokio::test]
async fn a_record_that_was_changed_or_moved_does_not_open() {
    let (memory, keys) = (MemoryStore::new(), SealKeys::ephemeral());
    let store = Encrypted::new(memory.clone(), keys);
    created(&store).await;
    let Stored { bytes, mut version, .. } = kept(&memory).await;
    let mut forged: Vec<Vec<u8>> = (0..bytes.len())
        .map(|at| {
            let mut forged = bytes.to_vec();
            forged[at] ^= 1;
            forged
        })
        .collect();
    forged.extend((0..bytes.len()).map(|length| bytes[..length].to_vec()));
    forged.push([&*bytes, &[0]].concat());
    for forged in forged {
        let put = memory.replace(&key(1), &version, forged.into(), in_an_hour()).await.unwrap();
        let Replaced::Done(now) = put else { panic!("{put:?}") };
        version = now;
        store.load(&key(1)).await.expect_err("it opened");
    }
    memory.create(&key(2), bytes.clone(), in_an_hour()).await.unwrap();
    let moved = store.load(&key(2)).await.unwrap_err();
    assert_eq!(reason(&moved), &EncryptionError::Refused);
    memory.replace(&key(1), &version, bytes, in_an_hour()).await.unwrap();
    assert_eq!(store.load(&key(1)).await.unwrap().unwrap().bytes, "data", "in its own place it opens");
}

/// What the same keys sealed for a cookie is no record.
#[tokio::test]
async fn what_was_sealed_for_another_purpose_does_not_open() {
    let (memory, keys) = (MemoryStore::new(), SealKeys::ephemeral());
    let store = Encrypted::new(memory.clone(), keys.clone());
    created(&store).await;
    let mark = kept(&memory).await.bytes[0];
    for (n, purpose) in [&b""[..], key(3).as_bytes(), b"cloakroom stored record\0"].into_iter().enumerate() {
        let forged = [&[mark], &*keys.seal(purpose, b"data")].concat();
        let key = key(2 + n as u8);
        memory.create(&key, forged.into(), in_an_hour()).await.unwrap();
        assert_eq!(reason(&store.load(&key).await.unwrap_err()), &EncryptionError::Refused);
    }
}

/// Encryption begins while sessions are under way: an explicit step, since it lets whoever can write to the store make them up.
#[tokio::test]
async fn records_of_before_are_read_by_choice_and_encrypted_when_they_are_written() {
    let (memory, keys) = (MemoryStore::new(), SealKeys::ephemeral());
    let mut visitor = Visitor::<Archive>::new(Sessions::new(memory.clone()));
    visitor.visit(fill).await.unwrap();

    let strict = Encrypted::new(memory.clone(), keys);
    let address = async |session: Session<Archive>| session.delivery_address().await;
    let mut strictly = visitor.at(Sessions::<Archive>::new(strict.clone()));
    let (refused, closed) = strictly.request(address).await;
    let Err(SessionError::Store(error)) = refused else { panic!("{refused:?}") };
    assert_eq!(reason(&error), &EncryptionError::NotEncrypted);
    assert!(error.to_string().contains("`with_insecure_plain_records`") && closed.set_cookie.is_none());

    let mut visitor = visitor.at(Sessions::<Archive>::new(strict.with_insecure_plain_records()));
    assert_eq!(visitor.visit(address).await.unwrap(), ADDRESS);
    assert!(strictly.request(address).await.0.is_err(), "reading does not write");
    visitor.visit(async |session| session.set_wishes(vec![]).await).await.unwrap();
    assert_eq!(strictly.visit(address).await.unwrap(), ADDRESS);
    strictly.visit(async |session| session.destroy().await).await.unwrap();
    assert!(memory.is_empty());
}

/// The layer outside: a record is opened when it is fetched, and not again while it stands.
#[tokio::test]
async fn with_the_layer_outside_a_record_is_opened_once() {
    let (memory, keys) = (MemoryStore::new(), SealKeys::ephemeral());
    created(&Encrypted::new(memory.clone(), keys.clone())).await;
    let layered = Layered::new(Encrypted::new(memory.clone(), keys));
    let stored = layered.load(&key(1)).await.unwrap().unwrap();
    assert_eq!(stored.bytes, "data");
    let unchanged = layered.back().load_if_changed(&key(1), &stored.version).await.unwrap();
    assert_eq!(unchanged, Refreshed::Unchanged { expires_at: stored.expires_at });
    assert_eq!(layered.load(&key(1)).await.unwrap(), Some(stored));
    assert_ne!(kept(&memory).await.bytes, "data");
}
