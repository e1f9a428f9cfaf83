//! Nothing is lost without a word: what was never saved, ended or told says so in the log. Every test here begins with `Log::start()`.

use cloakroom::{MemoryStore, Sessions};
use tests::secret::assert_secret;
use tests::{Log, Shop, UserId};

use crate::{begin, resume};

fn sessions() -> Sessions<Shop> {
    Sessions::new(MemoryStore::new())
}

/// What is logged once the session is dropped.
fn dropped<T>(log: &Log, session: T) -> String {
    let before = log.text().len();
    drop(session);
    log.text().split_off(before)
}

#[tokio::test]
async fn what_was_set_and_never_saved_logs_an_event() {
    let (log, sessions) = (Log::start(), sessions());
    let session = sessions.create();
    session.set_user_id(UserId(7)).await.unwrap();
    let text = dropped(&log, session);
    assert!(text.contains("WARN") && text.contains("session changes were never saved"), "{text}");

    let (session, token) = begin(&sessions).await;
    assert_eq!(dropped(&log, session), "", "all was saved, and the token asked for");
    let session = resume(&sessions, &token);
    session.regenerate().await.unwrap();
    let text = dropped(&log, session);
    assert!(text.contains("session changes were never saved"), "a new token is a change: {text}");
    assert_secret(&log.text(), &[token]);
}

#[tokio::test]
async fn a_destroy_that_was_not_awaited_logs_an_event() {
    let (log, sessions) = (Log::start(), sessions());
    let (_, token) = begin(&sessions).await;
    let session = resume(&sessions, &token);
    drop(session.destroy());
    let text = dropped(&log, session);
    assert!(text.contains("ERROR") && text.contains("`destroy()` was not awaited"), "{text}");
    assert_secret(&log.text(), &[token]);
}

#[tokio::test]
async fn a_new_token_that_nobody_asked_for_logs_an_event() {
    let (log, sessions) = (Log::start(), sessions());
    let untold = "a session's new token was told to nobody";
    let begun = sessions.create();
    begun.update_visits(|visits| *visits += 1).await.unwrap();
    assert!(dropped(&log, begun).contains(untold));

    let (_, old) = begin(&sessions).await;
    let session = resume(&sessions, &old);
    session.regenerate().await.unwrap();
    session.save().await.unwrap();
    assert!(dropped(&log, session.clone()).is_empty(), "somebody still holds it");
    let text = dropped(&log, session);
    assert!(text.contains("WARN") && text.contains(untold), "{text}");

    // Each way to be told is one.
    let session = sessions.create();
    session.set_visits(1).await.unwrap();
    sessions.set_cookie(&session).await.unwrap();
    assert_eq!(dropped(&log, session), "");
    let session = sessions.create();
    session.set_visits(1).await.unwrap();
    assert!(sessions.close(&session, true).await.set_cookie.is_some());
    assert_eq!(dropped(&log, session), "");
    assert_secret(&log.text(), &[old]);
}
