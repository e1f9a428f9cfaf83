//! A limit of sessions for each owner holds however many sign in at once.

use std::time::Duration;

use cloakroom::store::SessionStore;
use cloakroom::{AtLimit, ManualClock, MemoryStore, SessionError, Sessions};
use tests::{Place, Visitor, on_every_store};

use crate::world::{Answer, Begin, Kind, Scene};
use crate::{Account, devices, sign_in, signed_in, user_of};

on_every_store! { the_oldest_makes_room, one_too_many_is_refused, many_at_once_keep_to_it }

async fn the_oldest_makes_room(place: Place<impl SessionStore + Clone>) {
    let Some(sessions) = place.sessions_by_owner::<Account>().await else { return };
    let sessions = sessions.with_session_limit(2, AtLimit::EvictOldest);
    let mut first = signed_in(&sessions, "anna", "first").await;
    apart().await;
    let mut second = signed_in(&sessions, "anna", "second").await;
    apart().await;
    signed_in(&sessions, "bert", "his").await;
    first.visit(async |session| session.set_visits(1).await.unwrap()).await;
    let mut third = signed_in(&sessions, "anna", "third").await;
    assert_eq!(user_of(&mut first).await, None, "it was signed in first");
    assert!(user_of(&mut second).await.is_some() && user_of(&mut third).await.is_some());
    assert_eq!(devices(&sessions, "anna").await, ["second", "third"]);
    assert_eq!(devices(&sessions, "bert").await, ["his"]);

    apart().await;
    second.visit(async |session| session.regenerate().await.unwrap()).await;
    assert_eq!(devices(&sessions, "anna").await, ["second", "third"], "a new token is no sign-in");
    signed_in(&sessions, "anna", "fourth").await;
    assert_eq!(devices(&sessions, "anna").await, ["fourth", "second"], "it counts from when it got that");
}

/// Entries are in order to the millisecond.
async fn apart() {
    let began = std::time::Instant::now();
    while began.elapsed() < Duration::from_millis(3) {
        tokio::task::yield_now().await;
    }
}

async fn one_too_many_is_refused(place: Place<impl SessionStore + Clone>) {
    let Some(sessions) = place.sessions_by_owner::<Account>().await else { return };
    let sessions = sessions.with_session_limit(2, AtLimit::Refuse);
    let mut first = signed_in(&sessions, "anna", "first").await;
    signed_in(&sessions, "anna", "second").await;
    let mut visitor = Visitor::new(sessions.clone());
    visitor.visit(async |session| session.set_visits(7).await.unwrap()).await;

    let (_, closed) = visitor.request(async |session| sign_in(&session, "anna", "third").await.unwrap()).await;
    let error = closed.error.expect("it is one too many");
    assert!(matches!(error, SessionError::TooManySessions { limit: 2 }), "{error}");
    assert_eq!(error.status(), 409);
    assert!(closed.set_cookie.is_none(), "nothing was given out");

    let own_page = async |session: cloakroom::Session<Account>| {
        sign_in(&session, "anna", "third").await.unwrap();
        session.save().await.unwrap_err().status()
    };
    assert_eq!(visitor.visit(own_page).await, 409, "a handler that saves may answer for itself");
    let shop = visitor.visit(async |session| session.snapshot().await.unwrap()).await;
    assert_eq!((shop.user, shop.visits), (None, 7), "they stay who they were");
    assert_eq!(devices(&sessions, "anna").await, ["first", "second"]);

    first.visit(async |session| sign_in(&session, "anna", "again").await.unwrap()).await;
    first.visit(async |session| session.destroy().await.unwrap()).await;
    visitor.visit(async |session| sign_in(&session, "anna", "third").await.unwrap()).await;
    assert_eq!(devices(&sessions, "anna").await, ["second", "third"]);
}

async fn many_at_once_keep_to_it(place: Place<impl SessionStore + Clone>) {
    for at_limit in [AtLimit::EvictOldest, AtLimit::Refuse] {
        let Some(sessions) = place.sessions_by_owner::<Account>().await else { return };
        let sessions = sessions.with_session_limit(3, at_limit);
        let user = format!("{at_limit:?}");
        let logins: Vec<_> = (0..12)
            .map(|n| {
                let (sessions, user) = (sessions.clone(), user.clone());
                tokio::spawn(async move {
                    let mut visitor = Visitor::new(sessions);
                    let device = n.to_string();
                    visitor.request(async |session| sign_in(&session, &user, &device).await.unwrap()).await;
                    visitor
                })
            })
            .collect();
        let mut alive = 0;
        for login in futures_util::future::join_all(logins).await {
            alive += usize::from(user_of(&mut login.unwrap()).await.is_some());
        }
        assert!((1..=3).contains(&alive), "{alive} of at most 3 by {at_limit:?}");
        assert_eq!(devices(&sessions, &user).await.len(), alive);
    }
}

/// Two that sign in at the same moment where there is room for one.
#[tokio::test]
async fn two_for_one_place() {
    let kinds = [Kind::SignInElsewhere, Kind::SignInElsewhere];
    let scene = |at_limit| Scene { begin: Begin::Nobody, kinds: &kinds, limit: Some((1, at_limit)), crash: None };
    scene(AtLimit::Refuse)
        .sample(1_000, async |world, context| {
            assert_eq!(world.records_of("anna").await, 1, "{context}");
            let answers: Vec<_> = world.answers.values().collect();
            assert!(answers.contains(&&Answer::Done) && answers.contains(&&Answer::TooMany), "{context}");
        })
        .await;
    scene(AtLimit::EvictOldest)
        .sample(1_000, async |world, context| {
            assert_eq!(world.records_of("anna").await, 1, "{context}");
        })
        .await;
    // The owner of one of them comes to a record that is there already.
    let kinds = [Kind::SignInThenUpdate, Kind::SignInElsewhere];
    let scene = Scene { begin: Begin::Nobody, kinds: &kinds, limit: Some((1, AtLimit::EvictOldest)), crash: None };
    scene.sample(1_000, async |world, context| assert!(world.records_of("anna").await <= 1, "{context}")).await;
}

#[tokio::test]
async fn many_orders_keep_to_the_limit() {
    let kinds = [Kind::SignInElsewhere, Kind::SignIn, Kind::SignInElsewhere, Kind::RevokeAll];
    for (begin, kinds) in [(Begin::Anna, &kinds[..]), (Begin::Nobody, &kinds), (Begin::Anna, &kinds[..3])] {
        for at_limit in [AtLimit::Refuse, AtLimit::EvictOldest] {
            let scene = Scene { begin, kinds, limit: Some((2, at_limit)), crash: None };
            let holds = async |world: &crate::world::World, context: &str| {
                assert!(world.records_of("anna").await <= 2, "TOO MANY: {context}");
            };
            scene.sample(1_000, holds).await;
            Scene { crash: Some((0, 3)), ..scene }.sample(500, holds).await;
        }
    }
}

/// Who died between two calls takes up a place for a minute, and no longer.
#[tokio::test]
async fn a_sign_in_that_crashed_is_forgotten_after_a_minute() {
    let clock = ManualClock::default();
    let store = tests::SteppedStore::new(MemoryStore::new().with_clock(clock.clone()));
    let sessions = Sessions::<Account>::new(store.clone()).with_clock(clock.clone());
    let sessions = sessions.with_session_limit(1, AtLimit::Refuse);
    store.step(true);
    let mut visitor = Visitor::new(sessions.clone());
    let mut crashing: std::pin::Pin<Box<dyn Future<Output = _> + Send>> =
        Box::pin(visitor.request(async |session| sign_in(&session, "anna", "phone").await.unwrap()));
    while store.steps() < 1 {
        assert!(tests::poll_step(&mut crashing).is_none());
    }
    drop(crashing);
    store.step(false);
    let try_again = async || {
        let mut visitor = Visitor::new(sessions.clone());
        visitor.request(async |session| sign_in(&session, "anna", "laptop").await.unwrap()).await.1.error
    };
    assert!(matches!(try_again().await, Some(SessionError::TooManySessions { .. })));
    clock.advance(Duration::from_secs(60));
    assert!(try_again().await.is_none());
}
