//! Two nodes, each with memory of its own: what one does, the other sees at its very next request.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

use cloakroom::store::{SessionStore, StoreKey, Stored};
use cloakroom::stores::Layered;
use cloakroom::{Clock, MemoryStore, Session, SessionError, StoreError};
use tests::{Deed, FlakyStore, Place, Shop, UserId, Visitor, on_every_store};

use super::{HOUR, SignedIn, create, key, load, replace};

fn layered<S: SessionStore>(store: S, clock: Arc<dyn Clock>) -> Layered<S> {
    Layered::new(store).with_clock(clock)
}

/// The same visitor before two nodes that both have a copy of the session.
async fn before_two_nodes<S: SessionStore>(place: &Place<Layered<S>>) -> [Visitor<Shop>; 2] {
    let mut here = Visitor::<Shop>::new(place.sessions().await);
    here.visit(async |session| session.set_user_id(UserId(7)).await).await.unwrap();
    let mut there = here.at(place.sessions().await);
    for visitor in [&mut here, &mut there] {
        assert_eq!(who(visitor).await, Some(UserId(7)));
    }
    [here, there]
}

async fn who(visitor: &mut Visitor<Shop>) -> Option<UserId> {
    visitor.visit(async |session| session.user_id().await).await.unwrap()
}

async fn visits(visitor: &mut Visitor<Shop>) -> u64 {
    visitor.visit(async |session| session.visits().await).await.unwrap()
}

async fn a_logout_is_seen_at_the_next_request(place: Place<impl SessionStore>) {
    let place = place.map(layered);
    let [mut here, mut there] = before_two_nodes(&place).await;
    here.visit(async |session| session.destroy().await).await.unwrap();
    assert_eq!(who(&mut there).await, None);

    let [mut here, mut there] = before_two_nodes(&place).await;
    here.visit(async |session| session.destroy().await).await.unwrap();
    let guarded = there.visit(async |session| SignedIn::check(&session).await.is_ok()).await;
    assert!(!guarded, "a guard let them in");

    let [mut here, mut there] = before_two_nodes(&place).await;
    here.visit(async |session| session.regenerate().await).await.unwrap();
    assert_eq!(who(&mut there).await, None, "the token was retired");
    assert_eq!(who(&mut here).await, Some(UserId(7)));
}

async fn a_write_is_seen_at_the_next_request(place: Place<impl SessionStore>) {
    let place = place.map(layered);
    let mut nodes = before_two_nodes(&place).await;
    for n in 1..10 {
        nodes[0].visit(async |session| session.set_visits(n).await).await.unwrap();
        assert_eq!(visits(&mut nodes[1]).await, n);
        nodes.reverse();
    }
    for n in 10..20 {
        let count = async |session: Session<Shop>| {
            session.update_visits(|visits| *visits += 1).await?;
            session.visits().await
        };
        assert_eq!(nodes[0].visit(count).await.unwrap(), n);
        nodes.reverse();
    }
}

on_every_store!(a_logout_is_seen_at_the_next_request, a_write_is_seen_at_the_next_request);

/// While one node writes, others read at the same time: a read that began after a write was answered never misses it.
async fn no_read_misses_what_was_answered_before_it(place: Place<impl SessionStore>) {
    let place = place.map(layered);
    let (answered, at) = (Arc::new(AtomicU64::new(0)), place.now() + HOUR);
    let writer = place.store().await;
    let mut version = create(&writer, &key(1), "0", at).await;
    let mut readers = Vec::new();
    for _ in 0..3 {
        let (store, answered) = (place.store().await, answered.clone());
        readers.push(tokio::spawn(async move {
            let mut reads = 0;
            loop {
                let least = answered.load(SeqCst);
                let Some(read) = load(&store, &key(1)).await else { break };
                assert!(number(&read) >= least, "read {} where {least} was answered", number(&read));
                reads += 1;
            }
            assert!(answered.load(SeqCst) >= 200, "the record was gone before it was deleted");
            reads
        }));
    }
    for n in 1..=200 {
        version = replace(&writer, &key(1), &version, &n.to_string(), at).await;
        answered.store(n, SeqCst);
    }
    writer.delete(&key(1)).await.unwrap();
    for reader in readers {
        reader.await.unwrap();
    }
}

fn number(stored: &Stored) -> u64 {
    std::str::from_utf8(&stored.bytes).unwrap().parse().unwrap()
}

on_every_store!(no_read_misses_what_was_answered_before_it);

/// Whoever cannot ask does not know, whatever there is in memory.
#[tokio::test]
async fn an_error_of_the_store_is_an_error() {
    let memory = MemoryStore::new();
    let flaky = FlakyStore::new(memory.clone());
    let store = Layered::new(flaky.clone());
    let at = std::time::SystemTime::now() + HOUR;
    let version = create(&store, &key(1), "data", at).await;
    assert!(load(&store, &key(1)).await.is_some());
    flaky.fail_all();
    let down = |result: Result<Option<Stored>, StoreError>| result.unwrap_err().to_string();
    let said = "the session store failed: connection refused";
    assert_eq!(down(store.load(&key(1)).await), said);
    assert_eq!(down(store.load_current(&key(1)).await), said);
    assert!(store.load_if_changed(&key(1), &version).await.is_err());
    flaky.recover();
    assert_eq!(load(&store, &key(1)).await.unwrap().version, version);

    // The same for a visitor: a 503, and neither an empty session nor a logout.
    let mut visitor = Visitor::new(cloakroom::Sessions::<Shop>::new(store));
    visitor.visit(async |session| session.set_user_id(UserId(7)).await).await.unwrap();
    flaky.fail(&[Deed::LoadIfChanged]);
    let (read, closed) = visitor.request(async |session| session.user_id().await).await;
    assert!(matches!(read, Err(SessionError::Store(_))) && closed.set_cookie.is_none(), "{read:?}");
}

/// A key is a name for one visitor's record: another's is never found under it.
#[tokio::test]
async fn copies_are_told_apart_by_the_whole_key() {
    let store = Layered::new(MemoryStore::new());
    let at = std::time::SystemTime::now() + HOUR;
    let keys = (0..256).map(|bit| {
        let mut bytes = [0; 32];
        bytes[bit / 8] = 1 << (bit % 8);
        StoreKey::from_bytes(bytes)
    });
    let keys: Vec<_> = keys.collect();
    for (n, key) in keys.iter().enumerate() {
        create(&store, key, &n.to_string(), at).await;
    }
    for (n, key) in keys.iter().enumerate() {
        assert_eq!(load(&store, key).await.unwrap().bytes, n.to_string());
    }
}
