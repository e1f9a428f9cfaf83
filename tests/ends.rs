//! Hooks for the end of a session: told once, with what it held, and unable to stand in its way.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::routing::post;
use cloakroom::{
    AtLimit, EndReason, ManualClock, MemoryStore, SealKeys, Session, SessionEnd, SessionId, SessionLayer, Sessions,
    SystemClock,
};
use tests::{Browser, Deed, FlakyStore, Log, Place, Shop, UserId, Visitor, on_every_store};

/// Everything that a hook was told.
#[derive(Clone, Default)]
struct Ends(Arc<Mutex<Vec<SessionEnd<Shop>>>>);

impl Ends {
    fn hook(&self) -> impl Fn(&SessionEnd<Shop>) + Send + Sync + 'static {
        let ends = self.clone();
        move |end| ends.0.lock().unwrap().push(end.clone())
    }

    fn take(&self) -> Vec<SessionEnd<Shop>> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    /// The one that was told since the last time.
    fn one(&self) -> SessionEnd<Shop> {
        let ends = self.take();
        assert_eq!(ends.len(), 1, "{ends:?}");
        ends.into_iter().next().unwrap()
    }

    fn none(&self) {
        let ends = self.take();
        assert!(ends.is_empty(), "{ends:?}");
    }
}

async fn sign_in(visitor: &mut Visitor<Shop>) -> SessionId {
    visitor
        .visit(async |session| {
            session.set_user_id(UserId(7)).await.unwrap();
            session.set_notice("welcome".to_owned()).await.unwrap();
        })
        .await;
    visitor.visit(async |session| session.id().await).await.unwrap().expect("a record")
}

/// On every store: whoever ends a session is told of it, with its id, its owner and all that it held, and nobody else is.
async fn a_logout_is_told_once<S: cloakroom::store::SessionStore + Clone>(place: Place<S>) {
    let (here, there) = (Ends::default(), Ends::default());
    let mut visitor = Visitor::new(place.sessions::<Shop>().await.on_end(here.hook()));
    let mut other = visitor.at(place.sessions::<Shop>().await.on_end(there.hook()));
    let id = sign_in(&mut visitor).await;
    other = other.with_cookie(visitor.cookie().expect("a cookie"));
    here.none();

    visitor.visit(async |session| session.destroy().await).await.unwrap();
    let end = here.one();
    assert_eq!((end.id(), end.reason()), (id, EndReason::Destroyed));
    assert_eq!(end.owner().unwrap(), Some(UserId(7)));
    assert_eq!(end.get(Shop::USER_ID).unwrap(), Some(UserId(7)));
    assert_eq!(end.snapshot().unwrap().notice.as_deref(), Some("welcome"));
    assert!(end.created_at() <= end.at());

    // The other node has the cookie still: there is nothing left to end.
    other.visit(async |session| session.destroy().await).await.unwrap();
    visitor.visit(async |session| session.destroy().await).await.unwrap();
    here.none();
    there.none();
}

on_every_store!(a_logout_is_told_once);

/// A new token is no end, and neither is a sign-out that keeps the session; the end of what it was regenerated into is.
#[tokio::test]
async fn a_new_token_is_no_end() {
    let ends = Ends::default();
    let mut visitor = Visitor::new(Sessions::<Shop>::new(MemoryStore::new()).on_end(ends.hook()));
    let first = sign_in(&mut visitor).await;
    let old = visitor.clone();
    visitor.visit(async |session| session.regenerate().await).await.unwrap();
    visitor.visit(async |session| session.mark_authenticated().await).await.unwrap();
    visitor.visit(async |session| session.set_user_id(UserId(8)).await).await.unwrap();
    visitor.visit(async |session| session.clear_user_id().await).await.unwrap();
    ends.none();
    let last = visitor.visit(async |session| session.id().await).await.unwrap().expect("a record");
    assert_ne!(first, last);

    // Who was overtaken by a regenerate, and destroys what they had: all of the chain goes, and it is one session.
    let mut late = old;
    let (_, closed) = late.request(async |session| session.destroy().await.unwrap()).await;
    assert!(closed.error.is_none());
    visitor.visit(async |session| session.destroy().await).await.unwrap();
    assert_eq!(ends.one().id(), last);
}

/// What a logout takes: the hook is called after it, its panic is logged, and everybody else is told all the same.
#[tokio::test]
async fn a_hook_that_panics_breaks_nothing() {
    let (log, ends) = (Log::start(), Ends::default());
    let layer = SessionLayer::<Shop>::new(MemoryStore::new())
        .on_end(|_| panic!("the application's own mistake"))
        .on_end(ends.hook());
    let app = Router::new()
        .route("/in", post(async |session: Session<Shop>| session.set_user_id(UserId(7)).await))
        .route("/out", post(async |session: Session<Shop>| session.destroy().await));
    let mut browser = Browser::new(app.layer(layer));
    browser.post("/in").await;
    let token = browser.cookie("__Host-shop").expect("a cookie").to_owned();
    let reply = browser.post("/out").await;
    assert_eq!(reply.status, 200);
    assert_eq!(browser.cookie("__Host-shop"), None, "the cookie is removed");
    assert_eq!(ends.one().owner().unwrap(), Some(UserId(7)));
    assert!(log.text().contains("`on_end` was given has panicked"), "{}", log.text());
    assert!(!log.text().contains(&token));
}

/// A destroy that failed has ended nothing, and is told when it is carried out.
#[tokio::test]
async fn a_logout_that_failed_is_not_told() {
    let (store, ends) = (FlakyStore::new(MemoryStore::new()), Ends::default());
    let mut visitor = Visitor::new(Sessions::<Shop>::new(store.clone()).on_end(ends.hook()));
    sign_in(&mut visitor).await;
    store.fail(&[Deed::Delete]);
    let (_, closed) = visitor.request(async |session| session.destroy().await.unwrap()).await;
    assert!(closed.error.is_some());
    ends.none();
    store.recover();
    visitor.visit(async |session| session.destroy().await).await.unwrap();
    assert_eq!(ends.one().reason(), EndReason::Destroyed);
}

/// A store drops what is over and tells nobody; but where a node finds a record whose time is over, it tells, once.
#[tokio::test]
async fn what_is_found_expired_is_told_once() {
    let (clock, ends) = (ManualClock::default(), Ends::default());
    // The store's own clock stands far behind.
    let store = MemoryStore::new().with_clock(ManualClock::default());
    let sessions = Sessions::<Shop>::new(store).with_clock(clock.clone()).on_end(ends.hook());
    let mut visitor = Visitor::new(sessions);
    let id = sign_in(&mut visitor).await;
    clock.advance(Duration::from_secs(31 * 60));
    for _ in 0..3 {
        assert_eq!(visitor.visit(async |session| session.user_id().await).await.unwrap(), None);
    }
    let end = ends.one();
    assert_eq!((end.id(), end.reason()), (id, EndReason::Expired));
    assert_eq!(end.owner().unwrap(), Some(UserId(7)));
}

/// A sealed session brings all that is to be told along, also when it has expired.
#[tokio::test]
async fn the_ends_of_sealed_sessions_are_told() {
    let (clock, ends) = (ManualClock::default(), Ends::default());
    let keys = SealKeys::ephemeral();
    let plain = Sessions::<Shop>::sealed(keys.clone());
    let denied = Sessions::<Shop>::sealed(keys).with_deny_list(MemoryStore::new().with_clock(clock.clone()));
    for sessions in [plain, denied] {
        let mut visitor = Visitor::new(sessions.with_clock(clock.clone()).on_end(ends.hook()));
        let id = sign_in(&mut visitor).await;
        let mut late = visitor.clone();
        let sign_out = async |session: Session<Shop>| {
            session.user_id().await.unwrap();
            session.destroy().await
        };
        visitor.visit(sign_out).await.unwrap();
        let end = ends.one();
        assert_eq!((end.id(), end.reason()), (id, EndReason::Destroyed));
        assert_eq!(end.owner().unwrap(), Some(UserId(7)));

        clock.advance(Duration::from_secs(31 * 60));
        for _ in 0..2 {
            assert_eq!(late.visit(async |session| session.user_id().await).await.unwrap(), None);
        }
        assert_eq!(ends.one().reason(), EndReason::Expired);
    }
}

/// Whoever ends sessions from elsewhere is told of each, and of none twice; so is who pushes one out.
#[tokio::test]
async fn revocations_and_evictions_are_told() {
    let (log, ends, clock) = (Log::start(), Ends::default(), ManualClock::default());
    let sessions = Sessions::<Shop>::new(MemoryStore::new().with_clock(clock.clone())).with_clock(clock.clone());
    let sessions = sessions.on_end(ends.hook()).with_session_limit(3, AtLimit::EvictOldest);
    let mut devices = Vec::new();
    for _ in 0..4 {
        let mut device = Visitor::new(sessions.clone());
        devices.push((sign_in(&mut device).await, device));
        clock.advance(Duration::from_secs(1));
    }
    let evicted = ends.one();
    assert_eq!((evicted.id(), evicted.reason()), (devices[0].0, EndReason::Evicted));
    assert_eq!(evicted.owner().unwrap(), Some(UserId(7)));

    let mine = sessions.of(&UserId(7));
    assert!(mine.revoke(&devices[1].0.to_string()).await.unwrap());
    assert_eq!((ends.one().id(), mine.revoke_all().await.unwrap()), (devices[1].0, 2));
    let revoked = ends.take();
    assert_eq!(revoked.len(), 2, "{revoked:?}");
    assert!(revoked.iter().all(|end| end.reason() == EndReason::Revoked));
    assert_eq!(mine.revoke_all().await.unwrap(), 0);
    ends.none();
    for reason in ["evicted", "revoked"] {
        let line = |line: &&str| line.contains("signed out") && line.contains(&format!("reason=\"{reason}\""));
        assert!(log.text().lines().any(|text| line(&text)), "{}", log.text());
    }
}

/// A destroy that is made beside the response, and one whose request is cut short, are told like any other.
#[tokio::test]
async fn a_logout_outside_of_its_response_is_told() {
    let ends = Ends::default();
    let sessions = Sessions::<Shop>::new(MemoryStore::new()).with_clock(SystemClock).on_end(ends.hook());
    let mut visitor = Visitor::new(sessions.clone());
    sign_in(&mut visitor).await;
    let cookie = || visitor.cookie().map(str::as_bytes);
    let session = sessions.open(cookie());
    session.user_id().await.unwrap();
    sessions.close(&session, true).await;
    session.destroy().await.unwrap();
    ends.one();

    sign_in(&mut visitor).await;
    let session = sessions.open(visitor.cookie().map(str::as_bytes));
    drop(session.destroy());
    sessions.abandon(&session).expect("a destroy is to be carried out").await.unwrap();
    ends.one();
}

/// What is printed of an end names nobody.
#[tokio::test]
async fn debug_shows_no_value() {
    let ends = Ends::default();
    let mut visitor = Visitor::new(Sessions::<Shop>::new(MemoryStore::new()).on_end(ends.hook()));
    let id = sign_in(&mut visitor).await;
    visitor.visit(async |session| session.destroy().await).await.unwrap();
    let shown = format!("{:?}", ends.one());
    assert!(shown.contains(&id.to_string()) && shown.contains("Destroyed") && !shown.contains("welcome"), "{shown}");
}
