//! The index is asked for, costs nothing where it is not, and says what it needs.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use cloakroom::store::{Created, Replaced, SessionStore, StoreError, StoreKey, Stored, Touched, Version};
use cloakroom::{AtLimit, MemoryStore, SealKeys, SessionError, SessionLayer, Sessions};
use tests::{CountingStore, Deed, FlakyStore, LateStore, Place, Visitor, on_every_store};

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

/// A store of somebody's who has not heard of owners.
struct Plain(MemoryStore);

impl SessionStore for Plain {
    async fn load(&self, key: &StoreKey) -> Result<Option<Stored>, StoreError> {
        self.0.load(key).await
    }

    async fn create(
        &self,
        key: &StoreKey,
        bytes: bytes::Bytes,
        at: std::time::SystemTime,
    ) -> Result<Created, StoreError> {
        self.0.create(key, bytes, at).await
    }

    async fn replace(
        &self,
        key: &StoreKey,
        expected: &Version,
        bytes: bytes::Bytes,
        at: std::time::SystemTime,
    ) -> Result<Replaced, StoreError> {
        self.0.replace(key, expected, bytes, at).await
    }

    async fn touch(
        &self,
        key: &StoreKey,
        expected: &Version,
        at: std::time::SystemTime,
    ) -> Result<Touched, StoreError> {
        self.0.touch(key, expected, at).await
    }

    async fn delete(&self, key: &StoreKey) -> Result<Option<Stored>, StoreError> {
        self.0.delete(key).await
    }
}

#[test]
fn what_cannot_work_fails_at_start_and_says_why() {
    let plain = || Plain(MemoryStore::new());
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

/// Even where a retired token is forgotten at once.
#[tokio::test]
async fn a_session_that_keeps_moving_is_caught() {
    let store = MemoryStore::new();
    let policy = cloakroom::Policy::of::<Account>().with_retirement(Duration::ZERO);
    let sessions = Sessions::<Account>::new(store).with_policy(policy).with_owner_index();
    let mut visitor = signed_in(&sessions, "anna", "phone").await;
    let moving = tokio::spawn(async move {
        while user_of(&mut visitor).await.is_some() {
            visitor.request(async |session| session.regenerate().await.unwrap()).await;
            tokio::task::yield_now().await;
        }
    });
    let theirs = sessions.of(&"anna".to_owned());
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    theirs.revoke_all().await.unwrap();
    moving.await.unwrap();
    assert!(theirs.list(None).await.unwrap().is_empty());
}
