//! With a deny list, a sign-out denies the session, and says so where it cannot.

use cloakroom::{MemoryStore, RecordError, Session, SessionError, Sessions};
use tests::{Log, Shop};

use crate::cookie::NEWER;
use crate::deny::{destroy, is_removal, world};
use crate::{COOKIE, MINUTE, NEW, World, is_signed_in, keys, visits};

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
    let missing = keys(crate::OLD).ids().next().expect("a key").to_string();
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
