//! With a deny list, a sign-out denies the session, and says so where it cannot.

use std::time::Duration;

use cloakroom::{MemoryStore, RecordError, Session, SessionError, Sessions};
use tests::{Log, Shop, Visitor};

use crate::cookie::NEWER;
use crate::deny::{destroy, is_removal, world};
use crate::{COOKIE, DAY, MINUTE, NEW, OLD, World, begin, is_signed_in, keys, visits};

const HOUR: Duration = Duration::from_secs(60 * 60);

/// Sealed by a key that this node was not given: nobody can tell whose session it is, and an operator learns which key is missing.
#[tokio::test]
async fn what_a_missing_key_sealed_is_removed_with_a_warning() {
    let log = Log::start();
    let world = world();
    let visitor = world.visitor().await;
    let elsewhere = Sessions::<Shop>::sealed(keys(NEW)).with_deny_list(MemoryStore::new());
    let mut there = visitor.at(elsewhere.with_clock(world.clock.clone()));
    there.request(visits).await;
    assert!(!log.text().contains("WARN"), "anybody could fill the log: {}", log.text());
    let (_, closed) = there.clone().request(destroy).await;
    assert!(is_removal(&closed));
    let missing = keys(OLD).ids().next().expect("a key").to_string();
    let warns = |line: &str| line.contains("WARN") && line.contains("not denied") && line.contains(&missing);
    assert!(log.text().lines().any(warns), "{}", log.text());
    let looked_first = async |session: Session<Shop>| (visits(session.clone()).await, destroy(session).await);
    assert!(is_removal(&there.request(looked_first).await.1));
    assert!(is_signed_in(&visitor).await, "as the warning says");
}

/// A record that cannot be read cannot be denied either: a removal would show a sign-out that did not happen.
#[tokio::test]
async fn what_cannot_be_read_is_not_shown_as_signed_out() {
    let mut visitor = world().stranger().with_cookie(format!("{COOKIE}={NEWER}"));
    let (error, closed) = visitor.request(async |session| session.destroy().await.unwrap_err()).await;
    assert!(matches!(error, SessionError::Record(RecordError::Newer { found: 2, .. })), "{error}");
    assert!(closed.set_cookie.is_none(), "{closed:?}");
}

/// Nor is the response of a handler that did not ask how it went.
#[tokio::test]
async fn a_sign_out_that_failed_fails_the_response() {
    for status_is_good in [true, false] {
        let sessions = world().sessions;
        let cookie = format!("{COOKIE}={NEWER}");
        let session = sessions.open([cookie.as_bytes()]);
        let _ = session.destroy().await;
        let closed = sessions.close(&session, status_is_good).await;
        assert!(matches!(closed.error, Some(SessionError::Record(RecordError::Newer { found: 2, .. }))), "{closed:?}");
        assert!(closed.set_cookie.is_none(), "{closed:?}");
    }
}

/// The visitor's copy has expired, and a copy that was in use since goes on: it ends with the sign-out, whether the visitor's request has
/// looked at the session before or not.
#[tokio::test]
async fn an_expired_copy_ends_the_others() {
    type Look = fn(Session<Shop>) -> futures_util::future::BoxFuture<'static, u64>;
    let looks: [Look; 2] = [|_| Box::pin(async { 0 }), |session| Box::pin(visits(session))];
    for look in looks {
        let world: World = world();
        let mut visitor = world.visitor().await;
        let mut copied = visitor.clone();
        world.clock.advance(20 * MINUTE);
        copied.visit(visits).await;
        world.clock.advance(20 * MINUTE);
        assert!(!is_signed_in(&visitor).await && is_signed_in(&copied).await);
        let (_, closed) = visitor.request(async |session| (look(session.clone()).await, destroy(session).await)).await;
        assert!(is_removal(&closed), "{closed:?}");
        assert!(!is_signed_in(&copied).await);
    }
}

/// Another node lets sessions live longer, as while a deployment is under way: who signs out here is signed out there as well, before and
/// after the session has ended here.
#[tokio::test]
async fn a_node_that_lets_sessions_live_longer_knows_of_the_sign_out() {
    for ended in [false, true] {
        let mut list = MemoryStore::new();
        let world = World::denying(|memory| {
            list = memory.clone();
            memory
        });
        let idle = 8 * HOUR;
        let here = world.sessions.clone().with_idle(idle);
        let there = Sessions::<Shop>::sealed(keys(OLD)).with_deny_list(list).with_clock(world.clock.clone());
        let there = there.with_idle(idle).with_absolute(30 * DAY);
        let mut visitor = Visitor::new(here);
        visitor.visit(begin).await;
        world.clock.advance(7 * HOUR);
        visitor.visit(visits).await;
        let mut copied = visitor.at::<Shop>(there);
        world.clock.advance(if ended { 5 * HOUR } else { 5 * HOUR - MINUTE });
        copied.visit(visits).await;
        assert_eq!(is_signed_in(&visitor).await, !ended);
        visitor.visit(destroy).await;
        world.clock.advance(7 * HOUR);
        assert!(!is_signed_in(&copied).await);
    }
}
