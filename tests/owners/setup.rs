//! The index is asked for, costs nothing where it is not, and says what it needs.

/// A store of somebody's who has not heard of owners.
#[path = "../../examples/custom_store/store.rs"]
mod plain;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use cloakroom::store::{SessionStore, StoreError, StoreKey};
use cloakroom::{AtLimit, MemoryStore, Policy, SealKeys, SessionError, SessionLayer, Sessions, SystemClock};
use tests::{Around, CountingStore, Deed, FlakyStore, LateStore, Place, Visitor, Wrapped, on_every_store};

use self::plain::MapStore;
use crate::{Account, devices, sign_in, signed_in, user_of};

on_every_store! { stores_have_an_index_or_say_so }

async fn stores_have_an_index_or_say_so<S: SessionStore + Clone>(place: Place<S>) {
    let (store, name) = (place.store().await, std::any::type_name::<S>());
    let has_index = store.owner_index().is_some();
    assert_eq!(has_index, !name.contains("ObjectStore"), "{name}: objects alone are not listed by owner");
    if !has_index {
        let said = said_in_panic(|| drop(Sessions::<Account>::new(store).with_owner_index()));
        assert!(said.contains("keeps no owner index"), "{said}");
    }
}

fn said_in_panic(work: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(work)).expect_err("it is refused at start");
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap()
}

#[test]
fn what_cannot_work_fails_at_start_and_says_why() {
    let plain = || MapStore::new(SystemClock);
    let said = said_in_panic(|| drop(SessionLayer::<Account>::new(plain()).with_owner_index()));
    assert!(said.contains("this store keeps no owner index"), "{said}");
    let said = said_in_panic(|| drop(Sessions::<Account>::new(plain()).with_session_limit(3, AtLimit::Refuse)));
    assert!(said.contains("this store keeps no owner index"), "{said}");
    let said = said_in_panic(|| drop(Sessions::<Account>::sealed(SealKeys::ephemeral()).with_owner_index()));
    assert!(said.contains("keep them in a store"), "{said}");
    let memory = || SessionLayer::<Account>::new(MemoryStore::new());
    let said = said_in_panic(|| drop(memory().with_session_limit(0, AtLimit::Refuse)));
    assert!(said.contains("at least 1"), "{said}");
}

#[tokio::test]
async fn without_it_nothing_is_listed_and_the_error_says_what_to_call() {
    let sessions = Sessions::<Account>::new(MemoryStore::new());
    let mut visitor = signed_in(&sessions, "anna", "phone").await;
    let theirs = sessions.of(&"anna".to_owned());
    let errors = visitor
        .visit(async |session| {
            [
                theirs.list(&session).await.map(drop).unwrap_err(),
                theirs.revoke("no id").await.map(drop).unwrap_err(),
                theirs.revoke_others(&session).await.map(drop).unwrap_err(),
                theirs.revoke_all().await.map(drop).unwrap_err(),
            ]
        })
        .await;
    for error in errors {
        assert!(matches!(error, SessionError::NoOwnerIndex), "{error}");
        assert_eq!(error.status(), 500);
        assert!(error.to_string().contains("`with_owner_index`"), "{error}");
    }
}

/// What each request costs in calls to the store, without the index and with it.
#[tokio::test]
async fn only_who_signs_in_or_out_pays() {
    use Deed::{Create, Delete, Enter, Entries, HasEntry, Load, LoadCurrent, RemoveEntries, Replace};
    let (store, calls) = CountingStore::new(MemoryStore::new());
    let without = Sessions::<Account>::new(store.clone());
    let with = without.clone().with_owner_index();
    for (sessions, indexed) in [(without, false), (with, true)] {
        let mut visitor = Visitor::new(sessions.clone());
        visitor.visit(async |session| sign_in(&session, "anna", "phone").await.unwrap()).await;
        assert_eq!(calls.take(), if indexed { vec![Enter, Create, HasEntry] } else { vec![Create] });
        visitor.visit(async |session| session.update_visits(|visits| *visits += 1).await.unwrap()).await;
        assert_eq!(calls.take(), [LoadCurrent, Replace], "an update is about no owner");
        assert_eq!(user_of(&mut visitor).await, Some("anna".to_owned()));
        assert_eq!(calls.take(), [Load]);
        visitor.visit(async |session| session.regenerate().await.unwrap()).await;
        let rotation = if indexed {
            vec![LoadCurrent, Enter, Create, HasEntry, Replace, RemoveEntries]
        } else {
            vec![LoadCurrent, Create, Replace]
        };
        assert_eq!(calls.take(), rotation);
        if indexed {
            assert_eq!(devices(&sessions, "anna").await, ["phone"]);
            assert_eq!(calls.take(), [Entries, LoadCurrent]);
        }
        visitor.visit(async |session| session.destroy().await.unwrap()).await;
        assert_eq!(calls.take(), if indexed { vec![Delete, RemoveEntries] } else { vec![Delete] });
    }
}

/// A store that is down is an error, and no empty list; what was not ended is found by the next try.
#[tokio::test]
async fn a_failing_store_is_an_error_and_never_an_empty_list() {
    let store = FlakyStore::new(MemoryStore::new());
    let sessions = Sessions::<Account>::new(store.clone()).with_owner_index();
    let mut visitor = signed_in(&sessions, "anna", "phone").await;
    let theirs = sessions.of(&"anna".to_owned());
    store.fail_all();
    assert!(matches!(theirs.list(None).await.unwrap_err(), SessionError::Store(_)));
    assert!(matches!(theirs.revoke_all().await.unwrap_err(), SessionError::Store(_)));
    for down in [Deed::LoadCurrent, Deed::Delete, Deed::RemoveEntries] {
        store.fail(&[down]);
        assert!(matches!(theirs.revoke_all().await.unwrap_err(), SessionError::Store(_)), "{down:?}");
    }
    store.recover();
    theirs.revoke_all().await.unwrap();
    assert_eq!(user_of(&mut visitor).await, None);

    for down in [Deed::Enter, Deed::Create, Deed::HasEntry] {
        store.fail(&[down]);
        let (_, closed) = visitor.request(async |session| sign_in(&session, "anna", "phone").await.unwrap()).await;
        assert!(matches!(closed.error, Some(SessionError::Store(_))) && closed.set_cookie.is_none(), "{down:?}");
        store.recover();
        assert!(devices(&sessions, "anna").await.is_empty(), "{down:?} leaves no session that nobody holds");
    }
    visitor.visit(async |session| sign_in(&session, "anna", "phone").await.unwrap()).await;
    store.fail(&[Deed::RemoveEntries]);
    visitor.visit(async |session| session.destroy().await.unwrap()).await;
    store.recover();
    assert!(devices(&sessions, "anna").await.is_empty(), "a sign-out does not depend on the index");
}

/// The answers to the calls about the new token are lost: the request that goes on from there leaves no session out.
#[tokio::test]
async fn a_regenerate_whose_answers_are_lost_is_listed() {
    for lost in [Deed::Enter, Deed::Create, Deed::HasEntry, Deed::Replace, Deed::RemoveEntries] {
        let store = LateStore::new(MemoryStore::new());
        let sessions = Sessions::<Account>::new(store.clone()).with_owner_index();
        let mut visitor = signed_in(&sessions, "anna", "phone").await;
        visitor
            .visit(async |session| {
                session.regenerate().await.unwrap();
                store.lose(&[lost]);
                let _ = session.save().await;
                store.lose(&[]);
            })
            .await;
        assert_eq!(user_of(&mut visitor).await, Some("anna".to_owned()), "{lost:?}");
        assert_eq!(devices(&sessions, "anna").await, ["phone"], "{lost:?}");
        assert_eq!(sessions.of(&"anna".to_owned()).revoke_all().await.unwrap(), 1, "{lost:?}");
        assert_eq!(user_of(&mut visitor).await, None, "{lost:?}");
    }
}

/// Answers at once, or after others have come far: as chance will have it.
#[derive(Clone)]
struct Uneven(Arc<AtomicU64>);

impl Around for Uneven {
    async fn before(&self, _: Deed, _: &StoreKey) -> Result<(), StoreError> {
        // Knuth's MMIX generator; its high bits are good.
        let next = |seed: u64| seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let is_slow = next(self.0.fetch_add(1, Ordering::SeqCst)) >> 62 == 0;
        for _ in 0..if is_slow { 40 } else { 1 } {
            tokio::task::yield_now().await;
        }
        Ok(())
    }
}

/// Even where a retired token is forgotten at once.
#[tokio::test]
async fn a_session_that_keeps_moving_is_caught() {
    let mut moved = 0;
    for seed in 0..200 {
        let store = Wrapped { inner: MemoryStore::new(), around: Uneven(Arc::new(AtomicU64::new(seed << 32))) };
        let policy = Policy::of::<Account>().with_retirement(Duration::ZERO);
        let sessions = Sessions::<Account>::new(store).with_policy(policy).with_owner_index();
        let mut visitor = signed_in(&sessions, "anna", "phone").await;
        let moves = Arc::new(AtomicUsize::new(0));
        let noting = Arc::clone(&moves);
        let moving = tokio::spawn(async move {
            for _ in 0..1_000 {
                if user_of(&mut visitor).await.is_none() {
                    return true;
                }
                let (_, closed) = visitor.request(async |session| session.regenerate().await.unwrap()).await;
                noting.fetch_add(usize::from(closed.error.is_none()), Ordering::SeqCst);
            }
            false
        });
        for _ in 0..seed {
            tokio::task::yield_now().await;
        }
        let theirs = sessions.of(&"anna".to_owned());
        let before = moves.load(Ordering::SeqCst);
        theirs.revoke_all().await.unwrap();
        moved += moves.load(Ordering::SeqCst) - before;
        assert!(moving.await.unwrap(), "it has moved on");
        assert!(theirs.list(None).await.unwrap().is_empty());
    }
    assert!(moved > 0, "it never moved while it was revoked: the test has become weak");
}
