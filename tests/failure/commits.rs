//! The commit itself: before the head, with rivals, interrupted, and beside other tasks of the same request.

use std::pin::Pin;
use std::sync::{Arc, OnceLock};

use cloakroom::{MemoryStore, Session, SessionData, SessionError, SessionLayer, Sessions};
use http::{Method, StatusCode};
use tests::web::{Browser, Sent, post};
use tests::{CartItem, Shop, SteppedStore, UserId, on_both, poll_step};
use tokio::sync::Notify;

use crate::wire::{Replies, Wire};
use crate::{COOKIE, app, assert_intact, assert_no_cookie, begin, elsewhere, plain, routes, see};

/// Defect 17: the response's head waits for the store, so a client that follows the redirect sees what was written.
async fn a_redirect_never_outruns_the_commit() {
    let memory = MemoryStore::new();
    let store = SteppedStore::new(memory.clone());
    let handler = async |session: Session<Shop>| {
        session.set_visits(4).await?;
        Ok::<_, SessionError>(Sent::see_other("/all"))
    };
    let browser = begin(app!(store.clone(), handler)).await;
    let reader = browser.at(plain(memory));
    store.step(true);
    let request = browser.fetch(browser.request(Method::POST, "/do"));
    tokio::pin!(request);
    let mut waits = 0;
    let reply = loop {
        if let std::task::Poll::Ready(reply) = futures_util::poll!(request.as_mut()) {
            break reply;
        }
        if see(&reader).await == "Some(UserId(7)) Admin 1 3 None" {
            waits += 1;
        }
        store.wake();
        tokio::task::yield_now().await;
    };
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    assert!(waits >= 2, "the response waits for the load and for the write");
    assert_eq!(see(&reader).await, "Some(UserId(7)) Admin 1 4 None");
}

/// A regenerate or a second look at a session that another request has ended: the response is replaced by a 409.
async fn a_rotation_of_a_session_that_has_ended_is_a_409() {
    let rival = Arc::new(OnceLock::<tests::Browser>::new());
    let ends = Arc::clone(&rival);
    let handler = async move |session: Session<Shop>| {
        session.visits().await?;
        ends.get().unwrap().clone().post("/out").await;
        session.regenerate().await?;
        session.set_visits(4).await?;
        Ok::<_, SessionError>("welcome")
    };
    let store = MemoryStore::new();
    let browser = begin(app!(store.clone(), handler)).await;
    assert!(rival.set(browser.at(elsewhere(store.clone()))).is_ok());
    let mut late = browser.clone();
    let reply = late.post("/do").await;
    assert_eq!(reply.status, 409);
    assert_eq!(reply.body, "the session has ended");
    assert_no_cookie(&reply);
    assert!(store.is_empty(), "no successor is left behind");
}

/// How a request ends that was cut short in the middle of a rotation.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Ending {
    SaveAgain,
    SaveTwiceCutShort,
    Update,
    Return,
    Fail,
}

/// A `save` (or an owner's `update`) of a rotation that is dropped at any step, before the store did it or after it did: the cookie
/// of the response opens the session, with everything in it.
#[tokio::test]
async fn an_interrupted_rotation_never_loses_the_session() {
    use Ending::{Fail, Return, SaveAgain, SaveTwiceCutShort, Update};
    for late_replies in [false, true] {
        for polls in 0..8 {
            for ending in [SaveAgain, SaveTwiceCutShort, Update, Return, Fail] {
                interrupted(late_replies, polls, ending).await;
            }
        }
    }
}

async fn interrupted(late_replies: bool, polls: usize, ending: Ending) {
    let context = format!("late replies: {late_replies}, {polls} polls, {ending:?}");
    let wire = Wire::new();
    let store = SteppedStore::new(wire.store());
    let sessions = Sessions::<Shop>::new(store.clone());
    let first = sessions.open([]);
    first.set_cart(vec![CartItem::one("hat")]).await.unwrap();
    let old = pair(&sessions.close(&first, true).await.set_cookie.unwrap());

    let session = sessions.open([old.as_bytes()]);
    session.cart().await.unwrap();
    session.regenerate().await.unwrap();
    session.set_visits(4).await.unwrap();
    let cut_short = || {
        store.step(!late_replies);
        wire.replies(if late_replies { Replies::Late } else { Replies::Come });
        let mut save: Pin<Box<dyn Future<Output = _> + Send>> = Box::pin(session.save());
        for _ in 0..polls {
            if poll_step(&mut save).is_some() {
                break;
            }
        }
        drop(save);
        store.step(false);
        wire.replies(Replies::Come);
    };
    cut_short();
    match ending {
        Ending::SaveAgain => session.save().await.unwrap(),
        Ending::SaveTwiceCutShort => {
            session.set_visits(4).await.unwrap();
            cut_short();
        }
        Ending::Update => session.update_visits(|visits| *visits = 4).await.unwrap(),
        Ending::Return | Ending::Fail => {}
    }
    let closed = sessions.close(&session, ending != Ending::Fail).await;
    assert!(closed.error.is_none(), "{:?}; {context}", closed.error);
    let cookie = closed.set_cookie.as_deref().map_or(old.clone(), pair);
    let now = sessions.open([cookie.as_bytes()]).snapshot().await.unwrap();
    assert_eq!(now.cart, [CartItem::one("hat")], "LOST: the session; {context}");
    if ending != Ending::Fail {
        assert_eq!(now.visits, 4, "LOST: what was saved; {context}");
        assert_ne!(cookie, old, "{context}");
    }
    if cookie != old {
        let left = sessions.open([old.as_bytes()]).snapshot().await.unwrap();
        assert_eq!(left.cart, [], "the old token still opens the session; {context}");
    }
}

/// The name and the value of a `Set-Cookie` text.
fn pair(set_cookie: &str) -> String {
    assert!(!set_cookie.contains("Max-Age=0"), "{set_cookie}");
    set_cookie.split(';').next().unwrap().to_owned()
}

/// What a task of the same request sets while the commit is under way is not swallowed: its own `save` brings it to the store.
#[tokio::test]
async fn what_a_task_sets_during_the_commit_is_saved_by_the_task() {
    let store = SteppedStore::new(MemoryStore::new());
    let sessions = Sessions::<Shop>::new(store.clone());
    let session = sessions.open([]);
    session.set_visits(1).await.unwrap();
    let cookie = pair(&sessions.close(&session, true).await.set_cookie.unwrap());

    let session = sessions.open([cookie.as_bytes()]);
    session.visits().await.unwrap();
    session.set_visits(2).await.unwrap();
    store.step(true);
    let mut closing: Pin<Box<dyn Future<Output = _> + Send>> = Box::pin(sessions.close(&session, true));
    assert!(poll_step(&mut closing).is_none(), "the commit has begun");
    session.set_cart(vec![CartItem::one("hat")]).await.unwrap();
    store.step(false);
    assert!(closing.await.error.is_none());
    session.save().await.unwrap();
    let now = sessions.open([cookie.as_bytes()]).snapshot().await.unwrap();
    assert_eq!((now.visits, now.cart), (2, vec![CartItem::one("hat")]), "`save` said yes and saved nothing");
}

/// A task of the request is in the middle of a rotation, or of a creation, when the handler returns: the response waits for it and
/// carries its cookie.
async fn the_response_waits_for_a_task_that_is_changing_the_token() {
    for status in [StatusCode::OK, StatusCode::INTERNAL_SERVER_ERROR] {
        for signed_in in [true, false] {
            let store = SteppedStore::new(MemoryStore::new());
            let (stepped, begun, go_on) = (store.clone(), Arc::new(Notify::new()), Arc::new(Notify::new()));
            let released = Arc::clone(&go_on);
            let handler = async move |session: Session<Shop>| {
                session.visits().await?;
                stepped.step(true);
                let (task, noted, released) = (session.clone(), Arc::clone(&begun), Arc::clone(&released));
                tokio::spawn(async move {
                    let update = task.update_user_id(|user| *user = Some(UserId(8)));
                    tokio::pin!(update);
                    assert!(futures_util::poll!(update.as_mut()).is_pending());
                    noted.notify_one();
                    released.notified().await;
                    update.await.unwrap();
                });
                begun.notified().await;
                Ok::<_, SessionError>(status)
            };
            let app = routes().route("/do", post(handler)).layer(SessionLayer::<Shop>::new(store.clone()));
            let mut browser = if signed_in { begin(app).await } else { Browser::new(app) };
            let request = browser.spawn(browser.request(Method::POST, "/do"));
            for _ in 0..20 {
                tokio::task::yield_now().await;
            }
            store.step(false);
            go_on.notify_one();
            let reply = request.await.unwrap();
            browser.keep(&reply);
            assert_eq!((reply.status, reply.set_cookies().len()), (status, 1), "{reply:?}");
            assert!(see(&browser).await.starts_with("Some(UserId(8))"), "LOST: the session");
        }
    }
}

/// `set_all` is all or nothing.
async fn set_all_changes_nothing_if_one_field_is_refused() {
    let handler = async |session: Session<Shop>| {
        let mut shop = session.snapshot().await?;
        shop.visits = 99;
        shop.user_id = None;
        shop.oauth_state = Some("x".repeat(100_000));
        assert!(matches!(session.set_all(shop).await, Err(SessionError::TooLarge { field: "oauth_state", .. })));
        Ok::<_, SessionError>(())
    };
    let mut browser = begin(app!(MemoryStore::new(), handler)).await;
    assert_eq!(browser.post("/do").await.status, 200);
    assert_intact(&browser).await;
    assert!(browser.cookie(COOKIE).is_some());
}

#[derive(Debug, PartialEq, SessionData)]
#[session(cookie = "owned-last")]
struct OwnedLast {
    cart: Vec<u8>,
    #[session(owner)]
    user: Option<u64>,
}

/// The order in which fields are declared does not decide what of a whole value is kept for a new owner.
#[tokio::test]
async fn set_all_for_another_owner_keeps_every_field() {
    let sessions = Sessions::<OwnedLast>::new(MemoryStore::new());
    let session = sessions.open([]);
    session.set_all(OwnedLast { cart: vec![1], user: Some(1) }).await.unwrap();
    let cookie = pair(&sessions.close(&session, true).await.set_cookie.unwrap());
    let session = sessions.open([cookie.as_bytes()]);
    session.set_all(OwnedLast { cart: vec![2], user: Some(2) }).await.unwrap();
    let cookie = pair(&sessions.close(&session, true).await.set_cookie.unwrap());
    let now = sessions.open([cookie.as_bytes()]).snapshot().await.unwrap();
    assert_eq!(now, OwnedLast { cart: vec![2], user: Some(2) });
}

/// A write that follows `destroy` while a `save` is under way is not taken for one that the `save` has covered.
#[tokio::test]
async fn what_is_set_after_a_destroy_during_a_save_is_kept() {
    let store = SteppedStore::new(MemoryStore::new());
    let sessions = Sessions::<Shop>::new(store.clone());
    let session = sessions.open([]);
    session.set_visits(1).await.unwrap();
    let cookie = pair(&sessions.close(&session, true).await.set_cookie.unwrap());

    let session = sessions.open([cookie.as_bytes()]);
    session.visits().await.unwrap();
    for visits in 2..9 {
        session.set_visits(visits).await.unwrap();
    }
    store.step(true);
    let mut save: Pin<Box<dyn Future<Output = _> + Send>> = Box::pin(session.save());
    assert!(poll_step(&mut save).is_none(), "the save has begun");
    session.destroy().await.unwrap();
    session.set_cart(vec![CartItem::one("hat")]).await.unwrap();
    store.step(false);
    assert!(matches!(save.await, Err(SessionError::Ended)), "what it was to save is gone");
    let closed = sessions.close(&session, true).await;
    assert!(closed.error.is_none(), "{:?}", closed.error);
    let new = pair(&closed.set_cookie.expect("a new session"));
    assert_ne!(new, cookie);
    let now = sessions.open([new.as_bytes()]).snapshot().await.unwrap();
    assert_eq!((now.visits, now.cart), (0, vec![CartItem::one("hat")]));
    assert_eq!(sessions.open([cookie.as_bytes()]).visits().await.unwrap(), 0, "the destroyed session is gone");
}

on_both!(
    a_redirect_never_outruns_the_commit,
    a_rotation_of_a_session_that_has_ended_is_a_409,
    the_response_waits_for_a_task_that_is_changing_the_token,
    set_all_changes_nothing_if_one_field_is_refused,
);
