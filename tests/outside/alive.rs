//! What keeps a session alive that lives longer than a request, and what does not.

use std::time::Duration;

use cloakroom::store::SessionStore;
use cloakroom::{ManualClock, MemoryStore, Session, SessionError, Sessions};
use tests::{CountingStore, Deed, FlakyStore, Place, Shop, UserId, on_every_store};

use crate::{begin, cookie, resume, who};

const MINUTE: Duration = Duration::from_secs(60);

/// Sessions by a clock that the test owns, on stores that follow one. The place is there for as long as it is held.
async fn owned<S: SessionStore>(place: Place<S>) -> Option<(Place<S>, Sessions<Shop>, ManualClock)> {
    let clock = ManualClock::default();
    let place = place.with_clock(clock.clone());
    let sessions = place.sessions().await;
    place.takes_a_clock.then_some((place, sessions, clock))
}

/// Thirty minutes without activity end the session, twelve hours in any case.
async fn saving_keeps_a_session_alive_and_looking_does_not(place: Place<impl SessionStore>) {
    let Some((_place, sessions, clock)) = owned(place).await else { return };
    let (_, token) = begin(&sessions).await;
    let socket = resume(&sessions, &token);
    for _ in 0..20 {
        clock.advance(20 * MINUTE);
        socket.reload().await.unwrap();
        assert_eq!(socket.user_id().await.unwrap(), Some(UserId(7)));
        socket.save().await.unwrap();
    }
    clock.advance(20 * MINUTE);
    for _ in 0..3 {
        socket.reload().await.unwrap();
        assert_eq!(socket.user_id().await.unwrap(), Some(UserId(7)));
    }
    clock.advance(11 * MINUTE);
    assert_eq!(who(&sessions, &token).await, None, "to look is no activity");
    socket.reload().await.unwrap();
    assert_eq!(socket.id().await.unwrap(), None);

    let (_, token) = begin(&sessions).await;
    let socket = resume(&sessions, &token);
    for _ in 0..35 {
        clock.advance(20 * MINUTE);
        socket.reload().await.unwrap();
        socket.save().await.unwrap();
    }
    assert_eq!(who(&sessions, &token).await, Some(UserId(7)));
    clock.advance(20 * MINUTE);
    socket.reload().await.unwrap();
    assert_eq!(socket.user_id().await.unwrap(), None, "no activity stretches the absolute end");
}

/// A socket's session is one whose response has left long ago.
async fn a_request_that_goes_on_keeps_its_session_alive(place: Place<impl SessionStore>) {
    let Some((_place, sessions, clock)) = owned(place).await else { return };
    let (_, token) = begin(&sessions).await;
    let socket = sessions.open([cookie(&token).as_bytes()]);
    assert_eq!(socket.visits().await.unwrap(), 3);
    assert!(sessions.close(&socket, true).await.error.is_none());
    for _ in 0..5 {
        clock.advance(20 * MINUTE);
        socket.save().await.unwrap();
    }
    assert_eq!(who(&sessions, &token).await, Some(UserId(7)));
}

on_every_store!(saving_keeps_a_session_alive_and_looking_does_not, a_request_that_goes_on_keeps_its_session_alive,);

/// A session on memory, loaded, with its calls counted.
async fn loaded() -> (Sessions<Shop>, ManualClock, tests::Calls, Session<Shop>, String) {
    let clock = ManualClock::default();
    let (store, calls) = CountingStore::<MemoryStore>::new(MemoryStore::new().with_clock(clock.clone()));
    let sessions = Sessions::<Shop>::new(store).with_clock(clock.clone());
    let (_, token) = begin(&sessions).await;
    let socket = resume(&sessions, &token);
    socket.visits().await.unwrap();
    calls.take();
    (sessions, clock, calls, socket, token)
}

/// A message a second costs no write a second: a tenth of the idle time has to pass first, as between requests.
#[tokio::test]
async fn saving_asks_the_store_only_where_there_is_something_to_say() {
    let (_, clock, calls, socket, _) = loaded().await;
    for _ in 0..17 {
        clock.advance(Duration::from_secs(10));
        socket.save().await.unwrap();
    }
    assert_eq!(calls.take(), []);
    clock.advance(Duration::from_secs(10));
    socket.save().await.unwrap();
    assert_eq!(calls.take(), [Deed::Touch]);
    socket.save().await.unwrap();
    assert_eq!(calls.take(), []);
    clock.advance(10 * MINUTE);
    socket.set_visits(4).await.unwrap();
    socket.save().await.unwrap();
    assert_eq!(calls.take(), [Deed::Replace], "a write moves the end by itself");
}

/// What was never read is not in use.
#[tokio::test]
async fn saving_what_was_never_read_is_no_activity() {
    let (sessions, clock, calls, _, token) = loaded().await;
    clock.advance(20 * MINUTE);
    resume(&sessions, &token).save().await.unwrap();
    assert_eq!(calls.take(), []);
}

/// Others write while a socket is open, and it does not look in between: it keeps the session alive all the same.
#[tokio::test]
async fn saving_keeps_alive_what_another_request_has_written_since() {
    let (sessions, clock, calls, socket, token) = loaded().await;
    let mut other = resume(&sessions, &token);
    other.set_visits(8).await.unwrap();
    other.save().await.unwrap();
    for _ in 0..3 {
        clock.advance(20 * MINUTE);
        calls.take();
        socket.save().await.unwrap();
        other = resume(&sessions, &token);
        assert_eq!(other.visits().await.unwrap(), 8, "the session goes on");
    }
    assert_eq!(socket.visits().await.unwrap(), 8, "and the socket sees it as it is");
    drop(other);
}

#[tokio::test]
async fn saving_tells_of_a_session_that_is_gone() {
    let (sessions, clock, _, socket, token) = loaded().await;
    resume(&sessions, &token).destroy().await.unwrap();
    clock.advance(5 * MINUTE);
    assert!(matches!(socket.save().await, Err(SessionError::Ended)));
    assert_eq!(socket.user_id().await.unwrap(), None);

    let (_, clock, _, socket, _) = loaded().await;
    clock.advance(31 * MINUTE);
    assert!(matches!(socket.save().await, Err(SessionError::Ended)), "an expired one is not brought back");
}

/// As at the end of a request: what cannot be extended now can be so next time.
#[tokio::test]
async fn a_store_that_cannot_extend_costs_nothing_else() {
    let clock = ManualClock::default();
    let store = FlakyStore::new(MemoryStore::new().with_clock(clock.clone()));
    let sessions = Sessions::<Shop>::new(store.clone()).with_clock(clock.clone());
    let (_, token) = begin(&sessions).await;
    let socket = resume(&sessions, &token);
    socket.visits().await.unwrap();
    clock.advance(20 * MINUTE);
    store.fail(&[Deed::Touch]);
    socket.save().await.unwrap();
    store.recover();
    socket.save().await.unwrap();
    clock.advance(20 * MINUTE);
    assert_eq!(who(&sessions, &token).await, Some(UserId(7)));
}
