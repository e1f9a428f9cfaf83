//! With a deny list, requests that overlap bring no session back, and make no second one of it.

use std::time::Duration;

use cloakroom::{Done, MemoryStore, Session, SessionError, Sessions};
use futures_util::future::BoxFuture;
use tests::{Log, Shop, UserId};

use crate::deny::{destroy, is_removal, open, world};
use crate::{MINUTE, MOMENT, NEW, OLD, World, count, is_signed_in, visits};

/// A request that was under way when another one signed out cannot bring the session back, whatever it does.
#[tokio::test]
async fn a_late_request_brings_nothing_back() {
    let world = world();
    type Write = fn(&Session<Shop>) -> Done;
    let late: [(Write, bool); 3] = [
        (|session| session.set_visits(9), false),
        (|session| session.regenerate(), true),
        (|session| session.set_user_id(UserId(8)), true),
    ];
    for (write, rotates) in late {
        let mut visitor = world.visitor().await;
        let session = open(&world, &visitor);
        visits(session.clone()).await;
        let before = visitor.clone();
        visitor.visit(destroy).await;
        write(&session).await.unwrap();
        let closed = world.sessions.close(&session, true).await;
        assert_eq!(matches!(closed.error, Some(SessionError::Ended)), rotates, "{closed:?}");
        assert!(closed.set_cookie.is_none(), "{closed:?}");
        assert!(!is_signed_in(&before).await);
    }
}

/// A response that comes after another one's sign-in or sign-out carries no cookie of the session before, whatever would seal it: a
/// change, activity after ten minutes, or a new key.
#[tokio::test]
async fn a_late_response_takes_no_new_cookie_away() {
    type Handler = fn(Session<Shop>) -> BoxFuture<'static, ()>;
    let log = Log::start();
    let ends: [Handler; 3] = [
        |session| Box::pin(async move { session.set_user_id(UserId(8)).await.unwrap() }),
        |session| Box::pin(async move { session.regenerate().await.unwrap() }),
        |session| Box::pin(destroy(session)),
    ];
    let seals: [(Handler, Duration, &str); 4] = [
        (|session| Box::pin(async move { session.set_visits(9).await.unwrap() }), MOMENT, OLD),
        (|session| Box::pin(async move { assert_ne!(count(session).await, 3) }), MOMENT, OLD),
        (|_| Box::pin(async {}), 10 * MINUTE, OLD),
        (|_| Box::pin(async {}), MOMENT, &format!("{NEW} {OLD}")),
    ];
    for end in ends {
        for (seal, pause, keys) in &seals {
            let mut list = MemoryStore::new();
            let world = World::denying(|memory| {
                list = memory.clone();
                memory
            });
            let mut visitor = world.visitor().await;
            let late = Sessions::<Shop>::sealed(crate::keys(keys)).with_deny_list(list).with_clock(world.clock.clone());
            world.clock.advance(*pause);
            for (ended, seals) in [(false, true), (true, false)] {
                let session = late.open(visitor.cookie().map(str::as_bytes));
                visits(session.clone()).await;
                if ended {
                    visitor.visit(end).await;
                }
                seal(session.clone()).await;
                let closed = late.close(&session, true).await;
                assert!(closed.error.is_none() && closed.set_cookie.is_some() == seals, "{keys}: {closed:?}");
            }
        }
    }
    assert!(log.text().contains("what it set is dropped"), "{}", log.text());
}

/// Two requests exchange one token: one new session, and the other is told.
#[tokio::test]
async fn of_two_that_regenerate_one_wins() {
    let world = world();
    let visitor = world.visitor().await;
    let (one, two) = (open(&world, &visitor), open(&world, &visitor));
    for session in [&one, &two] {
        visits(session.clone()).await;
        session.regenerate().await.unwrap();
    }
    let won = world.sessions.close(&one, true).await;
    let lost = world.sessions.close(&two, true).await;
    assert!(matches!(lost.error, Some(SessionError::Ended)) && lost.set_cookie.is_none(), "{lost:?}");
    assert!(is_signed_in(&visitor.with_cookie(won.set_cookie.unwrap().split(';').next().unwrap())).await);
}

/// Signed out with a token that was exchanged meanwhile: the new one ends with it.
#[tokio::test]
async fn a_logout_follows_the_new_token() {
    let world = world();
    let mut visitor = world.visitor().await;
    let session = open(&world, &visitor);
    visits(session.clone()).await;
    visitor.visit(async |session| session.regenerate().await.unwrap()).await;
    visitor.visit(async |session| session.regenerate().await.unwrap()).await;
    assert!(is_signed_in(&visitor).await);
    session.destroy().await.unwrap();
    assert!(is_removal(&world.sessions.close(&session, true).await));
    assert!(!is_signed_in(&visitor).await);
}

/// For a minute, requests that were under way with the old token cannot take the new cookie away.
#[tokio::test]
async fn a_retired_token_sets_no_cookie_for_a_while() {
    let world = world();
    let mut visitor = world.visitor().await;
    let mut retired = visitor.clone();
    visitor.visit(async |session| session.regenerate().await.unwrap()).await;
    world.clock.advance(MINUTE - MOMENT);
    let (error, closed) = retired
        .request(async |session| {
            session.set_visits(9).await.unwrap();
            assert_eq!(session.user_id().await.unwrap(), None);
            session.update_visits(|visits| *visits += 1).await.unwrap_err()
        })
        .await;
    assert!(matches!(error, SessionError::Ended), "{error}");
    assert!(closed.error.is_none() && closed.set_cookie.is_none(), "{closed:?}");
    let (_, closed) = retired.clone().request(async |session| session.regenerate().await.unwrap()).await;
    assert!(closed.set_cookie.is_some(), "but who wants a new session gets one");
    world.clock.advance(MOMENT);
    let mut late = retired.clone();
    assert_eq!(retired.visit(count).await, 1, "after that it is any stranger's");
    late.visit(destroy).await;
    assert!(is_signed_in(&visitor).await, "and can end nobody's session");
}
