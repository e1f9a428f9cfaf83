//! Clones of a session are the same session: what several tasks do with it at once, and what a response that leaves meanwhile
//! does to them. Nothing that was answered with `Ok` is lost, and a destroy holds.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use cloakroom::{Closed, ManualClock, MemoryStore, Session, SessionError, Sessions, StoreError, Token};
use tests::{Around, CartItem, Deed, Shop, SteppedStore, UserId, Wrapped, poll_step};

type Running<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A store that stops before every call, and one visitor.
struct World {
    store: SteppedStore<MemoryStore>,
    memory: MemoryStore,
    clock: ManualClock,
    sessions: Sessions<Shop>,
    token: Token,
}

fn token_of(closed: &Closed) -> Token {
    let text = closed.set_cookie.as_deref().expect("a cookie is set");
    assert!(!text.contains("Max-Age=0"), "{text}");
    let value = text.split(['=', ';']).nth(1).expect("a cookie has a value");
    Token::parse(value.as_bytes()).expect("a token")
}

impl World {
    /// User 1 is signed in and has an apple.
    async fn new() -> Self {
        let clock = ManualClock::default();
        let memory = MemoryStore::new().with_clock(clock.clone());
        let store = SteppedStore::new(memory.clone());
        let sessions = Sessions::<Shop>::new(store.clone()).with_clock(clock.clone());
        let session = sessions.open([]);
        session.set_user_id(UserId(1)).await.unwrap();
        session.set_cart(vec![CartItem::one("apple")]).await.unwrap();
        let token = token_of(&sessions.close(&session, true).await);
        Self { store, memory, clock, sessions, token }
    }

    /// A request that has read the session; from here on the store stops before every call.
    async fn request(&self) -> Session<Shop> {
        let session = self.sessions.open_token(Some(self.token));
        assert_eq!(session.user_id().await.unwrap(), Some(UserId(1)));
        self.store.step(true);
        session
    }

    async fn snapshot(&self, token: Token) -> Shop {
        self.store.step(false);
        self.sessions.open_token(Some(token)).snapshot().await.unwrap()
    }
}

/// Starts a future, up to its first store call.
fn start<'a, T>(future: impl Future<Output = T> + Send + 'a) -> Running<'a, T> {
    let mut running: Running<'a, T> = Box::pin(future);
    assert!(poll_step(&mut running).is_none(), "it waits for the store");
    running
}

/// Runs a future to its end.
fn finish<T>(mut running: Running<'_, T>) -> T {
    for _ in 0..100 {
        if let Some(value) = poll_step(&mut running) {
            return value;
        }
    }
    panic!("it never ends");
}

#[tokio::test]
async fn a_set_beside_an_update_of_the_same_field_comes_after_it() {
    let world = World::new().await;
    let session = world.request().await;
    let update = start(session.update_visits(|visits| *visits += 1));
    session.set_visits(40).await.unwrap();
    finish(update).unwrap();
    assert_eq!(session.visits().await.unwrap(), 40);
    finish(Box::pin(world.sessions.close(&session, true)));
    assert_eq!(world.snapshot(world.token).await.visits, 40);
}

#[tokio::test]
async fn a_clear_beside_an_update_clears_that_field_too() {
    let world = World::new().await;
    let session = world.request().await;
    let update = start(session.update_visits(|visits| *visits += 1));
    session.clear().await.unwrap();
    finish(update).unwrap();
    finish(Box::pin(world.sessions.close(&session, true)));
    assert_eq!(world.snapshot(world.token).await.visits, 0);
}

#[tokio::test]
async fn a_new_owner_beside_an_update_does_not_get_the_field() {
    let world = World::new().await;
    let session = world.request().await;
    let update = start(session.update_cart(|cart| cart.push(CartItem::one("pear"))));
    session.set_user_id(UserId(2)).await.unwrap();
    finish(update).unwrap();
    let token = token_of(&finish(Box::pin(world.sessions.close(&session, true))));
    let shop = world.snapshot(token).await;
    assert_eq!(shop.user_id, Some(UserId(2)));
    assert_eq!(shop.cart, [], "LEAK: the cart of user 1");
}

#[tokio::test]
async fn a_flag_beside_a_save_does_not_repeat_the_clear_that_it_saved() {
    let world = World::new().await;
    let session = world.request().await;
    session.clear().await.unwrap();
    session.set_visits(7).await.unwrap();
    let save = start(session.save());
    session.regenerate().await.unwrap();
    finish(save).unwrap();
    let token = token_of(&finish(Box::pin(world.sessions.close(&session, true))));
    assert_eq!(world.snapshot(token).await.visits, 7, "LOST: what `save` has saved");
}

#[tokio::test]
async fn a_destroy_beside_the_save_that_begins_the_session_holds() {
    let world = World::new().await;
    let session = world.sessions.open([]);
    session.set_user_id(UserId(3)).await.unwrap();
    world.store.step(true);
    let save = start(session.save());
    session.destroy().await.unwrap();
    assert!(matches!(finish(save), Err(SessionError::Ended)));
    let closed = finish(Box::pin(world.sessions.close(&session, true)));
    assert!(closed.error.is_none(), "{closed:?}");
    assert!(closed.set_cookie.is_none_or(|text| text.contains("Max-Age=0")), "LOGOUT NOT FINAL");
    assert_eq!(world.memory.len(), 1, "only the session of user 1 is left");
}

#[tokio::test]
async fn a_destroy_beside_a_rotation_holds_and_removes_the_cookie() {
    for steps in 0..2 {
        let world = World::new().await;
        let session = world.request().await;
        session.regenerate().await.unwrap();
        let mut save = start(session.save());
        for _ in 0..steps {
            assert!(poll_step(&mut save).is_none());
        }
        session.destroy().await.unwrap();
        assert!(matches!(finish(save), Err(SessionError::Ended)));
        let closed = finish(Box::pin(world.sessions.close(&session, true)));
        assert!(closed.set_cookie.as_deref().is_some_and(|text| text.contains("Max-Age=0")), "{closed:?}");
        assert_eq!(world.memory.len(), 0);
    }
}

#[tokio::test]
async fn a_destroy_beside_the_load_of_a_save_ends_it() {
    let world = World::new().await;
    let session = world.sessions.open_token(Some(world.token));
    world.store.step(true);
    session.set_visits(5).await.unwrap();
    let save = start(session.save());
    session.destroy().await.unwrap();
    assert!(matches!(finish(save), Err(SessionError::Ended)), "it says that it has saved what was dropped");
    finish(Box::pin(world.sessions.close(&session, true)));
    assert_eq!(world.memory.len(), 0);
}

#[tokio::test]
async fn what_is_set_after_a_destroy_beside_an_update_begins_anew() {
    let world = World::new().await;
    let session = world.request().await;
    let update = start(session.update_visits(|visits| *visits += 1));
    session.destroy().await.unwrap();
    assert!(matches!(finish(update), Err(SessionError::Ended)));
    session.set_visits(5).await.unwrap();
    let token = token_of(&finish(Box::pin(world.sessions.close(&session, true))));
    assert_eq!(world.snapshot(token).await.visits, 5);
    assert_eq!(world.snapshot(world.token).await.user_id, None);
}

/// A task that goes on beside the response destroys while the response is being closed.
#[tokio::test]
async fn a_destroy_beside_the_close_holds() {
    for success in [true, false] {
        let world = World::new().await;
        let session = world.request().await;
        session.set_visits(2).await.unwrap();
        world.clock.advance(std::time::Duration::from_secs(600));
        let close = start(world.sessions.close(&session, success));
        session.destroy().await.unwrap();
        let closed = finish(close);
        assert!(closed.set_cookie.as_deref().is_some_and(|text| text.contains("Max-Age=0")), "{closed:?}");
        drop(session);
        assert_eq!(world.memory.len(), 0, "LOGOUT NOT FINAL");
    }
}

/// A task that goes on beside the response sets while the response is being closed, and saves afterwards.
#[tokio::test]
async fn a_set_beside_the_close_is_saved_afterwards() {
    for success in [true, false] {
        let world = World::new().await;
        let session = world.request().await;
        world.clock.advance(std::time::Duration::from_secs(600));
        let close = start(world.sessions.close(&session, success));
        session.set_visits(9).await.unwrap();
        finish(close);
        finish(Box::pin(session.save())).unwrap();
        assert_eq!(world.snapshot(world.token).await.visits, 9, "LOST: what `save` has saved");
    }
}

/// A spawned task begins the session while the response leaves: the browser gets the cookie.
#[tokio::test]
async fn the_response_waits_for_an_update_under_way() {
    for success in [true, false] {
        let world = World::new().await;
        let session = world.sessions.open([]);
        world.store.step(true);
        let update = start(session.update_visits(|visits| *visits += 1));
        let mut close: Running<'_, Closed> = Box::pin(world.sessions.close(&session, success));
        let early = poll_step(&mut close);
        finish(update).unwrap();
        let closed = early.unwrap_or_else(|| finish(close));
        assert_eq!(world.snapshot(token_of(&closed)).await.visits, 1, "LOST: an update that was answered");
    }
}

/// Two readers and a reload: nobody sees an empty session while it is loaded anew, whether that works or not.
#[tokio::test]
async fn a_reload_shows_nobody_an_empty_session() {
    let world = World::new().await;
    let session = world.request().await;
    let reload = start(session.reload());
    let mut read: Running<'_, _> = Box::pin(session.user_id());
    if let Some(user) = poll_step(&mut read) {
        assert_eq!(user.unwrap(), Some(UserId(1)));
    }
    drop(read);
    drop(reload);
    // The reload was cut short, and the session destroyed elsewhere: what comes late is dropped.
    world.store.step(false);
    let other = world.sessions.open_token(Some(world.token));
    other.destroy().await.unwrap();
    world.sessions.close(&other, true).await;
    session.set_visits(1).await.unwrap();
    assert!(matches!(session.save().await, Err(SessionError::Ended)), "RESURRECTED");
    let closed = world.sessions.close(&session, true).await;
    assert!(closed.set_cookie.is_none(), "{closed:?}");
}

/// Holds back the answers to `replace`: what was asked is done, and nobody hears of it.
#[derive(Clone, Default)]
struct Late(Arc<AtomicBool>);

impl Around for Late {
    async fn after(&self, deed: Deed) -> Result<(), StoreError> {
        if deed == Deed::Replace && self.0.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        Ok(())
    }
}

/// A handler's own timeout cuts a rotation in half, and the answer is a 5xx: the visitor keeps the session.
#[tokio::test]
async fn a_rotation_cut_in_half_is_finished_whatever_the_status() {
    for success in [true, false] {
        let late = Late::default();
        let sessions = Sessions::<Shop>::new(Wrapped { inner: MemoryStore::new(), around: late.clone() });
        let session = sessions.open([]);
        session.set_visits(3).await.unwrap();
        let token = token_of(&sessions.close(&session, true).await);

        let session = sessions.open_token(Some(token));
        session.visits().await.unwrap();
        session.regenerate().await.unwrap();
        session.set_theme(tests::Theme::Dark).await.unwrap();
        late.0.store(true, Ordering::SeqCst);
        drop(start(session.save()));
        late.0.store(false, Ordering::SeqCst);
        let closed = sessions.close(&session, success).await;
        assert!(closed.error.is_none(), "{closed:?}");
        let shop = sessions.open_token(Some(token_of(&closed))).snapshot().await.unwrap();
        assert_eq!(shop.visits, 3, "LOST: the session");
        assert_eq!(shop.theme == tests::Theme::Dark, success, "a 5xx drops what was pending");
    }
}
