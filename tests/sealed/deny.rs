//! With a deny list, what is over is over: for every copy of the cookie, on every node that asks the list.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use cloakroom::store::{Created, Replaced, SessionStore, Stored, Touched, Version};
use cloakroom::{Clock as _, Closed, MemoryStore, Session, SessionError, Sessions, StoreError, StoreKey};
use futures_util::future::BoxFuture;
use http::StatusCode;
use tests::Deed::{Create, Load, LoadCurrent};
use tests::{Calls, CountingStore, Deed, FlakyStore, Shop, UserId, Visitor};

use crate::{DAY, MINUTE, World, count, is_signed_in, visits};

pub fn world() -> World {
    World::denying(|memory| memory)
}

/// A world whose deny list can fail.
fn flaky() -> (World, FlakyStore<MemoryStore>) {
    let mut flaky = FlakyStore::new(MemoryStore::new());
    let world = World::denying(|memory| {
        flaky = FlakyStore::new(memory);
        flaky.clone()
    });
    (world, flaky)
}

pub fn open(world: &World, visitor: &Visitor<Shop>) -> Session<Shop> {
    world.sessions.open(visitor.cookie().map(str::as_bytes))
}

pub async fn destroy(session: Session<Shop>) {
    session.destroy().await.unwrap();
}

pub fn is_removal(closed: &Closed) -> bool {
    closed.set_cookie.as_deref().is_some_and(|text| text.ends_with("; Max-Age=0"))
}

#[tokio::test]
async fn a_copied_cookie_ends_with_the_logout() {
    let world = world();
    let mut visitor = world.visitor().await;
    let old = visitor.clone();
    visitor.visit(count).await;
    let copied = visitor.clone();
    let (_, closed) = visitor.request(destroy).await;
    assert!(is_removal(&closed));
    for copy in [&old, &copied] {
        assert!(!is_signed_in(copy).await, "all cookies of the session, not the last one alone");
        let (_, closed) = copy.clone().request(visits).await;
        assert!(closed.set_cookie.is_none(), "and it is no more than anonymous");
    }
    // Whoever goes on with it begins anew.
    let mut copied = copied;
    assert_eq!(copied.visit(count).await, 1);
    assert_eq!(copied.visit(count).await, 2);
}

/// A token from before the sign-in is worth nothing after it.
#[tokio::test]
async fn an_old_token_ends_with_the_new_one() {
    let world = world();
    let mut visitor = world.visitor().await;
    let copied = visitor.clone();
    visitor.visit(async |session| session.regenerate().await.unwrap()).await;
    assert!(is_signed_in(&visitor).await && !is_signed_in(&copied).await);

    let mut anonymous = world.stranger();
    anonymous.visit(count).await;
    let planted = anonymous.clone();
    anonymous.visit(async |session| session.set_user_id(UserId(7)).await.unwrap()).await;
    assert!(is_signed_in(&anonymous).await && !is_signed_in(&planted).await);
}

/// Lifetimes of its own move the end, and a deny list forgets what is past its end: so they are a new token.
#[tokio::test]
async fn no_cookie_outlives_what_the_list_remembers() {
    let world = world();
    let mut visitor = world.visitor().await;
    let short = visitor.clone();
    visitor.visit(async |session| session.set_expiry(60 * DAY, 90 * DAY).await.unwrap()).await;
    let long = visitor.clone();
    assert!(!is_signed_in(&short).await);
    // Signed out with the short-lived copy, and with the long-lived one.
    short.clone().visit(destroy).await;
    long.clone().visit(destroy).await;
    for _ in 0..30 {
        world.clock.advance(2 * DAY);
        assert!(!is_signed_in(&long).await && !is_signed_in(&short).await);
    }
}

/// Whatever takes the owner away, no older cookie brings them back. Where there was none, nothing has to be denied.
#[tokio::test]
async fn an_owner_who_was_cleared_stays_cleared() {
    type Clear = fn(Session<Shop>) -> BoxFuture<'static, ()>;
    let clears: [Clear; 4] = [
        |session| Box::pin(async move { session.clear_user_id().await.unwrap() }),
        |session| Box::pin(async move { session.clear().await.unwrap() }),
        |session| Box::pin(async move { session.update_user_id(|user| *user = None).await.unwrap() }),
        |session| {
            Box::pin(async move {
                session.clear().await.unwrap();
                session.set_visits(5).await.unwrap();
            })
        },
    ];
    for clear in clears {
        let noted = Noted::default();
        let unwatched = World::denying(|_| noted.clone());
        let mut anonymous = unwatched.stranger();
        anonymous.visit(count).await;
        anonymous.visit(clear).await;
        assert!(noted.0.lock().unwrap().is_empty());

        let world = world();
        let mut visitor = world.visitor().await;
        let copied = visitor.clone();
        visitor.visit(clear).await;
        assert!(!is_signed_in(&visitor).await && !is_signed_in(&copied).await);
    }
}

/// A list that notes what it is told: until when, and in how many bytes. Nothing else is asked of one.
#[derive(Clone, Default)]
struct Noted(Arc<Mutex<Vec<(SystemTime, usize)>>>);

impl SessionStore for Noted {
    async fn load(&self, _: &StoreKey) -> Result<Option<Stored>, StoreError> {
        Ok(None)
    }
    async fn create(&self, _: &StoreKey, bytes: Bytes, at: SystemTime) -> Result<Created, StoreError> {
        self.0.lock().unwrap().push((at, bytes.len()));
        Ok(Created::New(Version::from(1)))
    }
    async fn replace(&self, _: &StoreKey, _: &Version, _: Bytes, _: SystemTime) -> Result<Replaced, StoreError> {
        unreachable!("an entry never changes")
    }
    async fn touch(&self, _: &StoreKey, _: &Version, _: SystemTime) -> Result<Touched, StoreError> {
        unreachable!("nor does its end")
    }
    async fn delete(&self, _: &StoreKey) -> Result<Option<Stored>, StoreError> {
        unreachable!("it goes by itself")
    }
}

/// The list keeps an entry until the absolute end that no cookie of the session outlives, and five minutes more, for a list whose clock
/// is ahead.
#[tokio::test]
async fn the_list_forgets_with_the_cookie() {
    let noted = Noted::default();
    let world = World::denying(|_| noted.clone());
    let begun = world.clock.now();
    let mut visitor = world.visitor().await;
    world.clock.advance(MINUTE);
    visitor.visit(destroy).await;
    let mut visitor = world.visitor().await;
    visitor.visit(async |session| session.regenerate().await.unwrap()).await;
    visitor.visit(async |session| session.set_expiry(DAY, 90 * DAY).await.unwrap()).await;
    visitor.visit(destroy).await;
    let absolute = Duration::from_secs(12 * 60 * 60) + 5 * MINUTE;
    let again = begun + MINUTE;
    let expected =
        [(begun + absolute, 1), (again + absolute, 42), (again + absolute, 42), (again + 90 * DAY + 5 * MINUTE, 1)];
    assert_eq!(*noted.0.lock().unwrap(), expected);
}

/// You pay for what you use: a load asks once, a new cookie once more, a logout says once, and nobody else asks.
#[tokio::test]
async fn the_list_is_asked_once() {
    let (mut memory, mut calls) = (MemoryStore::new(), Calls::default());
    let world = World::denying(|store| {
        memory = store.clone();
        let (store, counted) = CountingStore::new(store);
        calls = counted;
        store
    });
    let mut visitor = world.visitor().await;
    assert_eq!(calls.take(), [], "a new session is on no list");
    visitor.visit(async |_| ()).await;
    assert_eq!(calls.take(), []);
    visitor.visit(async |session| (visits(session.clone()).await, session.cart().await.unwrap())).await;
    assert_eq!(calls.take(), [Load]);
    visitor.visit(async |session| (visits(session.clone()).await, count(session).await)).await;
    assert_eq!(calls.take(), [Load, LoadCurrent]);
    visitor.visit(count).await;
    assert_eq!(calls.take(), [LoadCurrent, LoadCurrent]);
    visitor.visit(async |session| session.set_visits(9).await.unwrap()).await;
    assert_eq!(calls.take(), [LoadCurrent, LoadCurrent]);
    visitor.visit(async |session| session.set_visits(9).await.unwrap()).await;
    assert_eq!(calls.take(), [LoadCurrent], "nothing has changed, so no cookie does");
    world.clock.advance(10 * MINUTE);
    visitor.visit(visits).await;
    assert_eq!(calls.take(), [Load, LoadCurrent]);
    visitor.visit(async |session| session.regenerate().await.unwrap()).await;
    assert_eq!(calls.take(), [LoadCurrent, Create]);
    for cookie in ["__Host-shop=AAAA", &format!("__Host-shop={}", "A".repeat(200))] {
        world.stranger().with_cookie(cookie).visit(visits).await;
        world.stranger().with_cookie(cookie).visit(destroy).await;
    }
    world.stranger().visit(visits).await;
    assert_eq!(calls.take(), [], "nobody makes the server ask after what it did not seal");
    let expired = visitor.clone();
    visitor.visit(destroy).await;
    assert_eq!(calls.take(), [Create]);
    world.clock.advance(401 * DAY);
    assert!(!is_signed_in(&expired).await);
    expired.clone().visit(destroy).await;
    assert_eq!(
        (calls.take(), memory.len()),
        (Vec::<Deed>::new(), 2),
        "what has expired by any policy needs no denying"
    );
}

/// A list that is down lets nobody pass, and logs nobody out.
#[tokio::test]
async fn a_list_that_is_down_is_503() {
    let (world, store) = flaky();
    let mut visitor = world.visitor().await;
    store.fail_all();
    let (error, closed) = visitor.request(async |session| session.visits().await.unwrap_err()).await;
    assert_eq!(error.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(closed.set_cookie.is_none());
    let (error, _) = visitor.request(async |session| session.update_visits(|_| ()).await.unwrap_err()).await;
    assert!(matches!(error, SessionError::Store(_)));
    let (_, closed) = visitor.request(async |session| session.set_visits(9).await.unwrap()).await;
    assert!(matches!(closed.error, Some(SessionError::Store(_))) && closed.set_cookie.is_none(), "{closed:?}");
    let (_, closed) = visitor.request(destroy).await;
    assert!(matches!(closed.error, Some(SessionError::Store(_))), "a logout that did not happen is not shown as one");
    assert!(closed.set_cookie.is_none());
    store.recover();
    assert!(is_signed_in(&visitor).await);

    // Down between the load and the commit: what was set is not shown as set, and activity is written down another time.
    store.fail(&[LoadCurrent]);
    let set = async |session: Session<Shop>| (visits(session.clone()).await, session.set_visits(9).await.unwrap());
    let (_, closed) = visitor.request(set).await;
    assert!(matches!(closed.error, Some(SessionError::Store(_))) && closed.set_cookie.is_none(), "{closed:?}");
    world.clock.advance(10 * MINUTE);
    let (_, closed) = visitor.request(visits).await;
    assert!(closed.error.is_none() && closed.set_cookie.is_none(), "{closed:?}");
    store.recover();

    // Nor is the new token handed out: the old one goes on.
    store.fail(&[Create]);
    let (_, closed) = visitor.request(async |session| session.regenerate().await.unwrap()).await;
    assert!(matches!(closed.error, Some(SessionError::Store(_))) && closed.set_cookie.is_none(), "{closed:?}");
    store.recover();
    assert!(is_signed_in(&visitor).await);
}

/// A stranger needs no list.
#[tokio::test]
async fn a_list_that_is_down_keeps_no_stranger_out() {
    let (world, store) = flaky();
    store.fail_all();
    assert_eq!(world.stranger().visit(count).await, 1);
}

#[tokio::test]
async fn after_the_response_destroy_still_works() {
    let world = world();
    let mut visitor = world.visitor().await;
    let session = visitor.visit(async |session| session).await;
    session.destroy().await.unwrap();
    assert!(!is_signed_in(&visitor).await);
}

/// The client went away before the handler was done: the logout is carried out.
#[tokio::test]
async fn a_request_that_was_cut_short_still_logs_out() {
    let world = world();
    let visitor = world.visitor().await;
    let session = open(&world, &visitor);
    session.destroy().await.unwrap();
    world.sessions.abandon(&session).expect("something to do").await.unwrap();
    assert!(!is_signed_in(&visitor).await);
}

/// One list may serve many types of session, beside the sessions of a store.
#[tokio::test]
async fn the_list_may_be_a_store_of_sessions() {
    let mut memory = MemoryStore::new();
    let world = World::denying(|store| {
        memory = store.clone();
        store
    });
    let mut visitor = world.visitor().await;
    let copied = visitor.clone();
    visitor.visit(destroy).await;
    let mut stored = Visitor::new(Sessions::<Shop>::new(memory.clone()).with_clock(world.clock.clone()));
    stored.visit(count).await;
    assert_eq!(stored.visit(visits).await, 1);
    assert!(!is_signed_in(&copied).await);
    assert_eq!(memory.len(), 2);
}

#[test]
#[should_panic(expected = "leave out `with_deny_list`")]
fn a_store_needs_no_deny_list() {
    drop(Sessions::<Shop>::new(MemoryStore::new()).with_deny_list(MemoryStore::new()));
}
