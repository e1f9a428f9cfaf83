//! The index, or the store, fails in the middle: nobody is logged out by that, no place is taken up, and the next try goes on.

use std::time::Duration;

use cloakroom::stores::Encrypted;
use cloakroom::{AtLimit, MemoryStore, SealKeys, Session, SessionError, Sessions};
use tests::{Deed, FlakyStore, LateStore, Visitor};

use crate::{Account, devices, sign_in, signed_in, user_of};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

type Store = FlakyStore<MemoryStore>;

fn anna() -> String {
    "anna".to_owned()
}

fn flaky() -> (Store, Sessions<Account>) {
    let store = FlakyStore::new(MemoryStore::new());
    (store.clone(), Sessions::new(store).with_owner_index())
}

/// The next write moves the session's end, so that it is entered anew.
async fn remember_me(session: &Session<Account>) {
    session.set_expiry(30 * DAY, 90 * DAY).await.unwrap();
}

/// The new token is given at once, and the proof comes to a record that has it already.
async fn step_up(session: &Session<Account>) {
    session.mark_authenticated().await.unwrap();
    session.update_visits(|visits| *visits += 1).await.unwrap();
    remember_me(session).await;
}

#[tokio::test]
async fn an_index_that_fails_logs_nobody_out() {
    for down in [Deed::Enter, Deed::HasEntry] {
        for steps_up in [false, true] {
            let (store, sessions) = flaky();
            let mut visitor = signed_in(&sessions, "anna", "phone").await;
            let handler = async |session: Session<Account>| {
                if steps_up {
                    step_up(&session).await
                } else {
                    remember_me(&session).await
                }
                store.fail(&[down]);
            };
            let (_, closed) = visitor.request(handler).await;
            assert!(matches!(closed.error, Some(SessionError::Store(_))), "{down:?} was not asked: {closed:?}");
            store.recover();
            assert_eq!(user_of(&mut visitor).await, Some(anna()), "{down:?} has logged them out");
            assert_eq!(devices(&sessions, "anna").await, ["phone"], "{down:?}");
            assert_eq!(sessions.of(&anna()).revoke_all().await.unwrap(), 1, "{down:?}");
            assert_eq!(user_of(&mut visitor).await, None, "{down:?}");
        }
    }
}

#[tokio::test]
async fn a_handler_may_save_again() {
    for down in [Deed::Enter, Deed::Create, Deed::HasEntry] {
        let (store, sessions) = flaky();
        let again = async |session: &Session<Account>| {
            store.fail(&[down]);
            assert_eq!(session.save().await.unwrap_err().status(), 503, "{down:?}");
            store.recover();
            session.save().await.unwrap_or_else(|error| panic!("{down:?}: {error}"));
        };
        let mut visitor = Visitor::new(sessions.clone());
        visitor
            .visit(async |session| {
                sign_in(&session, "anna", "phone").await.unwrap();
                again(&session).await;
            })
            .await;
        assert_eq!(user_of(&mut visitor).await, Some(anna()), "{down:?}");
        assert_eq!(devices(&sessions, "anna").await, ["phone"], "{down:?}");
        if down == Deed::Create {
            continue;
        }
        let handler = async |session: Session<Account>| {
            remember_me(&session).await;
            again(&session).await;
        };
        let cookie = visitor.request(handler).await.1.set_cookie.expect("it says how long it lives now");
        assert!(cookie.contains("Max-Age=7776000"), "{cookie}");
    }
}

/// Whoever could not sign in is not counted among those who did.
#[tokio::test]
async fn a_sign_in_that_failed_takes_up_no_place() {
    let signs_in = async |sessions: &Sessions<Account>| {
        let mut visitor = Visitor::new(sessions.clone());
        let (_, closed) = visitor.request(async |session| sign_in(&session, "anna", "phone").await.unwrap()).await;
        closed.error.map_or(Ok(()), Err)
    };
    for down in [Deed::Create, Deed::HasEntry, Deed::Entries] {
        let (store, sessions) = flaky();
        let sessions = sessions.with_session_limit(2, AtLimit::Refuse);
        signs_in(&sessions).await.unwrap();
        store.fail(&[down]);
        assert!(matches!(signs_in(&sessions).await, Err(SessionError::Store(_))), "{down:?}");
        store.recover();
        signs_in(&sessions).await.unwrap_or_else(|error| panic!("{down:?}: {error}"));
    }
    for lost in [Deed::Create, Deed::HasEntry] {
        let store = LateStore::new(MemoryStore::new());
        let sessions = Sessions::<Account>::new(store.clone()).with_session_limit(1, AtLimit::Refuse);
        store.lose(&[lost]);
        assert!(matches!(signs_in(&sessions).await, Err(SessionError::Store(_))), "{lost:?}");
        store.lose(&[]);
        signs_in(&sessions).await.unwrap_or_else(|error| panic!("{lost:?}: {error}"));
        assert_eq!(devices(&sessions, "anna").await, ["phone"], "{lost:?}");
    }
}

/// The session is ended from elsewhere after it got its new token and before it got its new owner.
#[tokio::test]
async fn an_owner_who_comes_too_late_takes_up_no_place() {
    let (_, sessions) = flaky();
    let sessions = sessions.with_session_limit(1, AtLimit::Refuse);
    let mut visitor = signed_in(&sessions, "anna", "phone").await;
    let handler = async |session: Session<Account>| {
        session.set_user("bert".to_owned()).await.unwrap();
        session.update_visits(|visits| *visits += 1).await.unwrap();
        assert_eq!(sessions.of(&anna()).revoke_all().await.unwrap(), 1);
    };
    let _ = visitor.request(handler).await;
    assert_eq!(user_of(&mut visitor).await, None);
    let mut bert = signed_in(&sessions, "bert", "laptop").await;
    assert_eq!(user_of(&mut bert).await, Some("bert".to_owned()));
}

/// More sessions than the index forgets in one call.
#[tokio::test]
async fn a_revocation_ends_all_it_can_though_the_index_fails() {
    let (store, sessions) = flaky();
    let mut visitors = Vec::new();
    for n in 0..=cloakroom::store::MAX_REMOVED {
        visitors.push(signed_in(&sessions, "anna", &n.to_string()).await);
    }
    store.fail(&[Deed::RemoveEntries]);
    let failed = sessions.of(&anna()).revoke_all().await;
    assert!(matches!(failed, Err(SessionError::Store(_))), "{failed:?}");
    for visitor in &mut visitors {
        assert_eq!(user_of(visitor).await, None, "it was left alive");
    }
}

/// The key of one device's record was dropped: the others are listed, it counts, and it can be ended.
#[tokio::test]
async fn a_record_that_does_not_open_blocks_nobody() {
    let (memory, gone, given) = (MemoryStore::new(), SealKeys::ephemeral(), SealKeys::ephemeral());
    let with = |keys: &SealKeys| {
        Sessions::<Account>::new(Encrypted::new(memory.clone(), keys.clone())).with_session_limit(2, AtLimit::Refuse)
    };
    let (before, sessions, both) = (with(&gone), with(&given), with(&given.clone().with_older(&gone)));
    let mut old = signed_in(&before, "anna", "old").await;
    let old_id = old.visit(async |session| session.id().await.unwrap().unwrap()).await;
    let mut new = signed_in(&sessions, "anna", "new").await;
    assert_eq!(devices(&sessions, "anna").await, ["new"]);

    let signs_in = async || {
        let mut visitor = Visitor::new(sessions.clone());
        visitor.request(async |session| sign_in(&session, "anna", "third").await.unwrap()).await.1.error
    };
    assert!(matches!(signs_in().await, Some(SessionError::TooManySessions { limit: 2 })), "it lives, so it counts");
    let mut old = old.at(both.clone());
    assert_eq!(user_of(&mut old).await, Some(anna()), "nothing was done to it");
    assert!(sessions.of(&anna()).revoke(old_id).await.unwrap());
    assert!(signs_in().await.is_none());

    signed_in(&before.with_session_limit(3, AtLimit::Refuse), "anna", "old").await;
    assert_eq!(sessions.of(&anna()).revoke_all().await.unwrap(), 3);
    assert_eq!(user_of(&mut new).await, None);
    assert!(devices(&both, "anna").await.is_empty());
    assert_eq!(sessions.of(&anna()).revoke_all().await.unwrap(), 0, "the index has forgotten them");
}

/// Who is locked out by a session that does not open can still make room by signing in.
#[tokio::test]
async fn a_record_that_does_not_open_makes_room() {
    let memory = MemoryStore::new();
    let with = |keys: SealKeys| {
        Sessions::<Account>::new(Encrypted::new(memory.clone(), keys)).with_session_limit(1, AtLimit::EvictOldest)
    };
    signed_in(&with(SealKeys::ephemeral()), "anna", "old").await;
    let sessions = with(SealKeys::ephemeral());
    signed_in(&sessions, "anna", "new").await;
    assert_eq!(devices(&sessions, "anna").await, ["new"]);
    assert_eq!(sessions.of(&anna()).revoke_all().await.unwrap(), 1);
}
