//! Begun, resumed, regenerated, ended.

use std::time::Duration;

use cloakroom::store::SessionStore;
use cloakroom::{InvalidToken, MemoryStore, SessionError, Sessions, Token};
use tests::secret::ALPHABET;
use tests::{CountingStore, Deed, Place, Role, Shop, UserId, on_every_store};

use crate::{begin, parsed, resume, who};

async fn a_session_is_begun_resumed_changed_and_ended(place: Place<impl SessionStore>) {
    let (one, other) = (place.sessions::<Shop>().await, place.sessions::<Shop>().await);
    let (session, token) = begin(&one).await;
    assert_eq!(who(&other, &token).await, Some(UserId(7)), "a request with its cookie has the session");

    // A job on another node, at the same time as the one that began it.
    let job = resume(&other, &token);
    assert_eq!(
        job.update_visits(|visits| {
            *visits += 1;
            *visits
        })
        .await
        .unwrap(),
        4
    );
    session.set_role(Role::Customer).await.unwrap();
    session.save().await.unwrap();
    job.reload().await.unwrap();
    let shop = job.snapshot().await.unwrap();
    assert_eq!((shop.visits, shop.role), (4, Role::Customer));

    // A command line ends it: at once, without a `save`.
    resume(&other, &token).destroy().await.unwrap();
    assert_eq!(who(&one, &token).await, None);
    assert!(matches!(job.update_visits(|visits| *visits += 1).await, Err(SessionError::Ended)));
    session.reload().await.unwrap();
    assert_eq!((session.id().await.unwrap(), session.user_id().await.unwrap()), (None, None));
    session.set_visits(9).await.unwrap();
    assert!(matches!(session.save().await, Err(SessionError::Ended)), "RESURRECTED");
    session.clear().await.unwrap();
}

async fn a_new_token_is_handed_out_and_the_old_one_retired(place: Place<impl SessionStore>) {
    let sessions = place.sessions::<Shop>().await;
    let (session, old) = begin(&sessions).await;
    let id = session.id().await.unwrap();
    session.regenerate().await.unwrap();
    assert_eq!(who(&sessions, &old).await, Some(UserId(7)), "nothing is done before it is saved");
    let new = session.expose_token().await.unwrap().expect("a session");
    assert_ne!(new, old);
    assert_ne!(session.id().await.unwrap(), id);
    assert_eq!((who(&sessions, &old).await, who(&sessions, &new).await), (None, Some(UserId(7))));
    assert_eq!(session.visits().await.unwrap(), 3, "the data is kept");
    // Asking again changes nothing.
    assert_eq!(session.expose_token().await.unwrap(), Some(new.clone()));

    // Saved first, asked for later; by `mark_authenticated`, and by another owner.
    session.mark_authenticated().await.unwrap();
    session.save().await.unwrap();
    let marked = session.expose_token().await.unwrap().expect("a session");
    session.update_user_id(|user| *user = Some(UserId(8))).await.unwrap();
    let other = session.expose_token().await.unwrap().expect("a session");
    assert!(new != marked && marked != other);
    let found = [who(&sessions, &new).await, who(&sessions, &marked).await, who(&sessions, &other).await];
    assert_eq!(found, [None, None, Some(UserId(8))]);
}

on_every_store!(a_session_is_begun_resumed_changed_and_ended, a_new_token_is_handed_out_and_the_old_one_retired,);

#[tokio::test]
async fn nothing_is_stored_before_it_is_saved() {
    let (store, calls) = CountingStore::<MemoryStore>::new(MemoryStore::new());
    let sessions = Sessions::<Shop>::new(store);
    let session = sessions.create();
    assert!(session.is_new().await.unwrap() && session.id().await.unwrap().is_none());
    assert_eq!(session.expose_token().await.unwrap(), None, "there is nothing to keep");
    session.set_user_id(UserId(7)).await.unwrap();
    assert_eq!(session.user_id().await.unwrap(), Some(UserId(7)));
    assert_eq!(calls.take(), []);
    let token = session.expose_token().await.unwrap().expect("a session");
    assert_eq!(calls.take(), [Deed::Create]);
    let resumed = resume(&sessions, &token);
    assert_eq!(calls.take(), [], "to resume asks nothing");
    assert_eq!(resumed.user_id().await.unwrap(), Some(UserId(7)));
    assert_eq!(resumed.expose_token().await.unwrap().as_ref(), Some(&token));
    assert_eq!(calls.take(), [Deed::Load]);
    resumed.set_visits(1).await.unwrap();
    assert_eq!(resumed.expose_token().await.unwrap().as_ref(), Some(&token), "a write needs no new token");
    assert_eq!(calls.take(), [Deed::Replace]);
}

/// All of a session's lifetimes hold outside of a request, too.
#[tokio::test]
async fn a_lifetime_of_its_own_is_kept() {
    let sessions = Sessions::<Shop>::new(MemoryStore::new());
    let (session, token) = begin(&sessions).await;
    let before = session.expires_at().await.unwrap();
    let day = Duration::from_secs(24 * 60 * 60);
    session.set_expiry(30 * day, 90 * day).await.unwrap();
    session.save().await.unwrap();
    let after = resume(&sessions, &token).expires_at().await.unwrap();
    assert!(after > before.map(|end| end + 29 * day), "{before:?} {after:?}");
}

/// Ended, and begun anew: as in a request, the token is another.
#[tokio::test]
async fn what_is_set_after_destroy_begins_a_session_with_a_new_token() {
    let sessions = Sessions::<Shop>::new(MemoryStore::new());
    let (session, token) = begin(&sessions).await;
    session.destroy().await.unwrap();
    assert_eq!(session.expose_token().await.unwrap(), None);
    session.set_visits(1).await.unwrap();
    let new = session.expose_token().await.unwrap().expect("a session");
    assert_ne!(new, token);
    assert_eq!((who(&sessions, &token).await, resume(&sessions, &new).visits().await.unwrap()), (None, 1));
}

/// No fixation: a token that opens nothing is never adopted, and a retired one leads nowhere.
#[tokio::test]
async fn a_token_that_opens_nothing_is_not_adopted() {
    let store = MemoryStore::new();
    let sessions = Sessions::<Shop>::new(store.clone());
    let chosen = "A".repeat(43);
    let session = resume(&sessions, &chosen);
    assert_eq!(session.expose_token().await.unwrap(), None, "what was brought is not handed back");
    session.set_user_id(UserId(7)).await.unwrap();
    let token = session.expose_token().await.unwrap().expect("a session");
    assert_ne!(token, chosen);
    assert_eq!(who(&sessions, &chosen).await, None);

    session.regenerate().await.unwrap();
    session.save().await.unwrap();
    let retired = resume(&sessions, &token);
    assert_eq!(retired.user_id().await.unwrap(), None);
    assert_eq!(retired.expose_token().await.unwrap(), None, "it does not lead to the new token");
    retired.set_visits(9).await.unwrap();
    assert!(matches!(retired.save().await, Err(SessionError::Ended)));
    retired.clear().await.unwrap();
    assert!(session.expose_token().await.unwrap().is_some());
}

#[test]
fn a_token_is_read_from_exactly_its_text() {
    let text = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    let token: Token = text.parse().unwrap();
    assert_eq!((Token::parse(text.as_bytes()), token.expose()), (Some(token), text.to_owned()));
    let padded = format!("{text}=");
    let another_end = format!("{}9", &text[..42]);
    let spaced = format!(" {text}");
    for wrong in
        ["", "hello", &text[..42], &padded, &another_end, &spaced, &text.replace('A', "+"), &text.replace('A', "ä")]
    {
        let error = wrong.parse::<Token>().unwrap_err();
        assert_eq!(error, InvalidToken, "{wrong}");
        let shown = format!("{error} {error:?}");
        assert!(shown.contains("43 characters of base64url") && !shown.contains(&text[..8]), "{shown}");
    }
    assert!(text.bytes().all(|byte| ALPHABET.contains(&byte)));
}

/// A job may hold a token for as long as it likes, and print what it holds.
#[tokio::test]
async fn debug_shows_no_token() {
    let sessions = Sessions::<Shop>::new(MemoryStore::new());
    let (session, token) = begin(&sessions).await;
    let closed = sessions.close(&session, true).await;
    let resumed = resume(&sessions, &token);
    resumed.visits().await.unwrap();
    let shown = format!("{session:?} {resumed:#?} {sessions:?} {closed:?} {:?}", parsed(&token));
    tests::secret::assert_secret(&shown, &[token]);
}
