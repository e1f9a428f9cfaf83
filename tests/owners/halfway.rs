//! What stops halfway leaves nothing behind: no device that nobody holds, no place that is taken, and a visitor who is who they were.

use std::pin::Pin;
use std::time::Duration;

use cloakroom::store::SessionStore;
use cloakroom::{AtLimit, ManualClock, MemoryStore, Session, SessionError, Sessions};
use tests::{Deed, FlakyStore, LateStore, SteppedStore, Visitor, poll_step};

use crate::{Account, devices, sign_in, signed_in, user_of};

fn anna() -> String {
    "anna".to_owned()
}

/// Room for one session of each owner.
fn one_each(store: impl SessionStore) -> Sessions<Account> {
    Sessions::new(store).with_session_limit(1, AtLimit::Refuse)
}

/// A visitor who is nobody, and has a session.
async fn nobody(sessions: &Sessions<Account>) -> Visitor<Account> {
    let mut visitor = Visitor::new(sessions.clone());
    visitor.visit(async |session| session.set_visits(7).await.unwrap()).await;
    visitor
}

async fn become_anna(session: &Session<Account>) {
    session.visits().await.unwrap();
    session.set_user(anna()).await.unwrap();
}

async fn assert_is_nobody_still(visitor: &mut Visitor<Account>, context: &str) {
    let seen = visitor.visit(async |session| session.snapshot().await.unwrap()).await;
    assert_eq!((seen.user, seen.visits), (None, 7), "{context}");
}

/// There is no device of hers, and room for one, at once.
async fn assert_no_place_is_taken(sessions: &Sessions<Account>, context: &str) {
    assert!(devices(sessions, "anna").await.is_empty(), "{context}");
    let mut visitor = Visitor::new(sessions.clone());
    let (_, closed) = visitor.request(async |session| sign_in(&session, "anna", "phone").await.unwrap()).await;
    assert!(closed.error.is_none(), "{context}: {closed:?}");
}

#[tokio::test]
async fn a_sign_in_that_failed_leaves_the_visitor_who_they_were() {
    for down in [Deed::Enter, Deed::Entries, Deed::LoadCurrent, Deed::Create, Deed::HasEntry, Deed::Replace] {
        let store = FlakyStore::new(MemoryStore::new());
        let sessions = one_each(store.clone());
        let mut visitor = nobody(&sessions).await;
        let handler = async |session: Session<Account>| {
            become_anna(&session).await;
            store.fail(&[down]);
        };
        let (_, closed) = visitor.request(handler).await;
        assert!(matches!(closed.error, Some(SessionError::Store(_))), "{down:?}: {closed:?}");
        store.recover();
        assert_is_nobody_still(&mut visitor, &format!("{down:?}")).await;
        assert_no_place_is_taken(&sessions, &format!("{down:?}")).await;
    }
}

/// The store has done what it was asked, and the answer does not come.
#[tokio::test]
async fn a_sign_in_whose_answer_was_lost_takes_up_no_place() {
    for lost in [Deed::Enter, Deed::Entries, Deed::Create, Deed::HasEntry] {
        let store = LateStore::new(MemoryStore::new());
        let sessions = one_each(store.clone());
        let mut visitor = nobody(&sessions).await;
        let handler = async |session: Session<Account>| {
            become_anna(&session).await;
            store.lose(&[lost]);
        };
        let (_, closed) = visitor.request(handler).await;
        assert!(matches!(closed.error, Some(SessionError::Store(_))), "{lost:?}: {closed:?}");
        store.lose(&[]);
        assert_is_nobody_still(&mut visitor, &format!("{lost:?}")).await;
        assert_no_place_is_taken(&sessions, &format!("{lost:?}")).await;
    }
}

/// The old token was retired, and neither that nor what stands there now could be learned: nobody holds the new token.
#[tokio::test]
async fn a_retirement_that_nobody_heard_of_takes_up_no_place() {
    let store = LateStore::new(MemoryStore::new());
    let sessions = Sessions::<Account>::new(store.clone()).with_owner_index();
    let mut visitor = nobody(&sessions).await;
    let handler = async |session: Session<Account>| {
        become_anna(&session).await;
        store.lose(&[Deed::Replace, Deed::LoadCurrent]);
    };
    let (_, closed) = visitor.request(handler).await;
    assert!(matches!(closed.error, Some(SessionError::Store(_))), "{closed:?}");
    store.lose(&[]);
    assert_eq!(user_of(&mut visitor).await, None, "they were told that it failed");
    assert_no_place_is_taken(&sessions.with_session_limit(1, AtLimit::Refuse), "its answer was lost").await;
}

/// The handler saves, is told that the store failed, and answers with a 5xx: the new token holds what the old one did.
#[tokio::test]
async fn a_handler_that_failed_takes_up_no_place() {
    for down in [Deed::Entries, Deed::Create, Deed::HasEntry, Deed::Replace] {
        let store = FlakyStore::new(MemoryStore::new());
        let sessions = one_each(store.clone());
        let visitor = nobody(&sessions).await;
        let session = sessions.open(visitor.cookie().map(str::as_bytes));
        become_anna(&session).await;
        store.fail(&[down]);
        assert_eq!(session.save().await.unwrap_err().status(), 503, "{down:?}");
        store.recover();
        let closed = sessions.close(&session, false).await;
        assert!(closed.error.is_none(), "{down:?}: {closed:?}");
        let cookie = closed.set_cookie.expect("the rotation that was begun");
        let mut visitor = visitor.with_cookie(cookie.split(';').next().unwrap());
        assert_is_nobody_still(&mut visitor, &format!("{down:?}")).await;
        assert_no_place_is_taken(&sessions, &format!("{down:?}")).await;
    }
}

/// The client goes away while the handler saves, at each call to the store.
#[tokio::test]
async fn a_sign_in_whose_client_went_away_takes_up_no_place() {
    let mut cuts = 0;
    loop {
        let memory = MemoryStore::new();
        let store = SteppedStore::new(memory.clone());
        let sessions = one_each(store.clone());
        let mut visitor = nobody(&sessions).await;
        let session = sessions.open(visitor.cookie().map(str::as_bytes));
        become_anna(&session).await;

        let begun = store.steps();
        store.step(true);
        let mut saving: Pin<Box<dyn Future<Output = _> + Send + '_>> = Box::pin(session.save());
        let mut is_cut = poll_step(&mut saving).is_none();
        while is_cut && store.steps() < begun + cuts {
            is_cut = poll_step(&mut saving).is_none();
        }
        drop(saving);
        store.step(false);
        if !is_cut {
            break;
        }
        if let Some(rest) = sessions.abandon(&session) {
            rest.await.unwrap();
        }
        assert_eq!(memory.len(), 1, "cut after {cuts} calls: a session that nobody knows of");
        assert_is_nobody_still(&mut visitor, &format!("cut after {cuts} calls")).await;
        assert_no_place_is_taken(&sessions, &format!("cut after {cuts} calls")).await;
        cuts += 1;
    }
    assert!(cuts >= 5, "only {cuts} calls: the test has become weak");
}

/// The handler saves, is told that the store failed, and ends the session.
#[tokio::test]
async fn a_sign_in_that_failed_and_was_given_up_takes_up_no_place() {
    for down in [Deed::Entries, Deed::Create, Deed::HasEntry, Deed::Replace] {
        let memory = MemoryStore::new();
        let store = FlakyStore::new(memory.clone());
        let sessions = one_each(store.clone());
        let mut visitor = nobody(&sessions).await;
        let handler = async |session: Session<Account>| {
            become_anna(&session).await;
            store.fail(&[down]);
            assert_eq!(session.save().await.unwrap_err().status(), 503, "{down:?}");
            store.recover();
            session.destroy().await.unwrap();
        };
        visitor.visit(handler).await;
        assert!(memory.is_empty(), "{down:?}: a session that nobody knows of");
        assert_no_place_is_taken(&sessions, &format!("{down:?}")).await;
    }
}

/// The index still knows the token before, which leads to the session that is to be spared.
#[tokio::test]
async fn a_session_is_spared_whatever_the_index_knows_of_it() {
    let store = FlakyStore::new(MemoryStore::new());
    let sessions = Sessions::<Account>::new(store.clone()).with_owner_index();
    let mut visitor = signed_in(&sessions, "anna", "phone").await;
    let mut other = signed_in(&sessions, "anna", "laptop").await;
    let handler = async |session: Session<Account>| {
        session.regenerate().await.unwrap();
        store.fail(&[Deed::RemoveEntries]);
    };
    visitor.visit(handler).await;
    store.recover();
    let theirs = sessions.of(&anna());
    let ended = visitor.visit(async |session| theirs.revoke_others(&session).await.unwrap()).await;
    assert_eq!(user_of(&mut visitor).await, Some(anna()));
    assert_eq!((ended, user_of(&mut other).await), (1, None));
    assert_eq!(devices(&sessions, "anna").await, ["phone"]);
}

/// On a store without a timer, whoever waits for the other looks often: how often says nothing of how long the other takes.
#[tokio::test]
async fn one_of_two_gets_the_place_however_often_it_looks() {
    let clock = ManualClock::default();
    let store = LateStore::new(MemoryStore::new().with_clock(clock.clone()));
    let sessions = one_each(store.clone()).with_clock(clock.clone());
    let signs_in = || -> Pin<Box<dyn Future<Output = Option<SessionError>> + Send>> {
        let mut visitor = Visitor::new(sessions.clone());
        Box::pin(async move {
            visitor.request(async |session| sign_in(&session, "anna", "phone").await.unwrap()).await.1.error
        })
    };
    store.delay(&[Deed::Entries]);
    let mut first = signs_in();
    assert!(poll_step(&mut first).is_none(), "it is entered, and about to look");
    clock.advance(Duration::from_millis(1));
    let mut second = signs_in();
    assert!(poll_step(&mut second).is_none());
    store.delay(&[Deed::RemoveEntries]);
    assert!(poll_step(&mut second).is_none(), "it is refused, and about to leave");
    for _ in 0..300 {
        assert!(poll_step(&mut first).is_none(), "the other is there still");
    }
    store.delay(&[]);
    assert!(matches!(poll_step(&mut second), Some(Some(SessionError::TooManySessions { limit: 1 }))));
    assert!(matches!(poll_step(&mut first), Some(None)), "there is room by now");
}
