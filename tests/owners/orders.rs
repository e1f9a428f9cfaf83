//! Every order of the store calls of two requests, one of which revokes or lists, with a crash of either at each step.
//!
//! What must hold in all of them stands in `world.rs`: every session that lives is listed, revoking then leaves none, and the index
//! forgets what is gone.

use std::cell::Cell;

use crate::world::{Answer, Begin, Kind, Scene, World};

/// All orders of these, then all in which the first or the second crashes after each of its calls.
async fn all(begin: Begin, kinds: &[Kind], at_least: usize, also: impl AsyncFn(&World, &str)) {
    let scene = Scene { begin, kinds, limit: None, crash: None };
    let (orders, _) = scene.enumerate(also).await;
    assert!(orders >= at_least, "only {orders} orders of {kinds:?}: does the store still stop?");
    for who in 0..kinds.len() {
        let (mut after, mut crashed) = (0, 1);
        while crashed > 0 {
            after += 1;
            (_, crashed) = Scene { crash: Some((who, after)), ..scene }.enumerate(async |_, _| {}).await;
        }
    }
}

/// A session that was there when a revocation began is gone when it has ended, whatever became of it meanwhile.
async fn is_revoked(world: &World, context: &str) {
    assert_eq!(world.records_of("anna").await, 0, "SURVIVED: {context}");
}

async fn signs_in(world: &World, context: &str) {
    assert_eq!(world.answers[&0], Answer::Done, "the sign-in failed; {context}");
    assert_eq!(world.records_of("anna").await, 1, "LOST: the sign-in; {context}");
}

/// It was revoked, or came after.
async fn signs_in_or_not(world: &World, context: &str) {
    let alive = world.records_of("anna").await;
    assert!(world.answers[&0] == Answer::Done || alive == 0, "LEFT: of a sign-in that failed; {context}");
}

#[tokio::test]
async fn sign_in_beside_revoke_all() {
    all(Begin::Nobody, &[Kind::SignIn, Kind::RevokeAll], 20, signs_in_or_not).await;
    all(Begin::Nobody, &[Kind::SignInThenUpdate, Kind::RevokeAll], 20, signs_in_or_not).await;
}

#[tokio::test]
async fn regenerate_beside_revoke_all() {
    all(Begin::Anna, &[Kind::Regenerate, Kind::RevokeAll], 100, is_revoked).await;
}

#[tokio::test]
async fn change_of_owner_beside_revoke_all() {
    all(Begin::Anna, &[Kind::BecomeBert, Kind::RevokeAll], 100, is_revoked).await;
    all(Begin::Anna, &[Kind::ClearOwner, Kind::RevokeAll], 20, is_revoked).await;
    all(Begin::Anna, &[Kind::SetExpiry, Kind::RevokeAll], 20, is_revoked).await;
}

#[tokio::test]
async fn sign_out_beside_revoke_all_and_lists() {
    all(Begin::Anna, &[Kind::SignOut, Kind::RevokeAll], 10, is_revoked).await;
    all(Begin::Anna, &[Kind::SignOut, Kind::List], 5, is_revoked).await;
    all(Begin::Anna, &[Kind::SignOut, Kind::ListLater], 5, is_revoked).await;
}

#[tokio::test]
async fn lists_disturb_nobody() {
    all(Begin::Nobody, &[Kind::SignIn, Kind::List], 10, signs_in).await;
    all(Begin::Anna, &[Kind::Regenerate, Kind::List], 20, signs_in).await;
}

/// Somebody else has the session, or nobody: no revocation comes to clear the entry away.
#[tokio::test]
async fn who_gives_a_session_away_leaves_no_entry() {
    all(Begin::Anna, &[Kind::ClearOwner, Kind::List], 5, gives_it_away).await;
    all(Begin::Anna, &[Kind::BecomeBert, Kind::List], 20, gives_it_away).await;
}

async fn gives_it_away(world: &World, context: &str) {
    assert_eq!(world.answers[&0], Answer::Done, "{context}");
    assert_eq!(world.records_of("anna").await, 0, "KEPT: {context}");
}

/// The minute is over before a sign-in has gone from one call to the next: it may fail, and leaves nothing behind.
#[tokio::test]
async fn a_list_that_takes_a_sign_in_for_stale() {
    all(Begin::Nobody, &[Kind::SignIn, Kind::ListLater], 20, signs_in_or_not).await;
    all(Begin::Nobody, &[Kind::SignInThenUpdate, Kind::ListLater], 20, signs_in_or_not).await;
}

#[tokio::test]
async fn one_revoked_while_it_moves() {
    for kind in [Kind::Regenerate, Kind::BecomeBert] {
        let revoked = Cell::new(0);
        all(Begin::Anna, &[kind, Kind::RevokeIt], 50, async |world, context| {
            revoked.set(revoked.get() + usize::from(world.answers[&1] == Answer::Done));
            is_revoked_or_has_moved(world, context).await;
        })
        .await;
        assert!(revoked.get() > 0, "the id of {kind:?} was never found");
    }
}

/// Whoever comes once the session has moved asks for an id that is nobody's any more, and is told so.
async fn is_revoked_or_has_moved(world: &World, context: &str) {
    if world.answers[&1] == Answer::Done {
        assert_eq!(world.records_of("anna").await, 0, "SURVIVED: {context}");
    } else {
        let alive = world.records_of("anna").await + world.records_of("bert").await;
        assert_eq!((alive, world.answers[&0]), (1, Answer::Done), "LOST: {context}");
    }
}

#[tokio::test]
async fn two_that_revoke() {
    all(Begin::Anna, &[Kind::RevokeAll, Kind::RevokeAll], 20, is_revoked).await;
}

#[tokio::test]
async fn three_at_once() {
    for kinds in [[Kind::SignOut, Kind::List, Kind::RevokeAll], [Kind::ClearOwner, Kind::SignOut, Kind::RevokeAll]] {
        let scene = Scene { begin: Begin::Anna, kinds: &kinds, limit: None, crash: None };
        assert!(scene.enumerate(is_revoked).await.0 > 100);
    }
}
