//! A new token reaches its client, or the request fails: nobody is locked out without a word.

use cloakroom::store::SessionStore;
use cloakroom::{MemoryStore, Session, SessionError, SessionLayer, Sessions};
use tests::web::post;
use tests::{CountingStore, Deed, FlakyStore, Log, on_both};

use crate::{Api, App, routes, token_of};

on_both!(
    a_handler_that_keeps_the_token_to_itself_fails,
    a_session_that_nobody_is_told_of_is_not_begun,
    a_new_token_that_was_saved_and_not_told_fails_too,
);

/// Handlers that change the token and keep it to themselves.
fn silent(store: impl SessionStore) -> App {
    let router = routes()
        .route("/in-silence", post(async |session: Session<Api>| session.set_user_id(8).await))
        .route("/renew-in-silence", post(async |session: Session<Api>| session.regenerate().await))
        .route("/prove-in-silence", post(async |session: Session<Api>| session.mark_authenticated().await))
        .route("/save-in-silence", post(save_in_silence))
        .route("/told-too-early", post(told_too_early))
        .route("/set", post(async |session: Session<Api>| session.set_calls(5).await));
    App::new(router.layer(SessionLayer::<Api>::bearer(store)))
}

async fn save_in_silence(session: Session<Api>) -> Result<(), SessionError> {
    session.regenerate().await?;
    session.save().await
}

async fn told_too_early(session: Session<Api>) -> Result<String, SessionError> {
    let token = session.expose_token().await?.unwrap_or_default();
    session.regenerate().await?;
    Ok(token)
}

/// The change that needs a new token is not made, so the client keeps the session that it has.
async fn a_handler_that_keeps_the_token_to_itself_fails() {
    let log = Log::start();
    let (store, calls) = CountingStore::<MemoryStore>::new(MemoryStore::new());
    let app = silent(store);
    let token = app.signed_in().await;
    for path in ["/in-silence", "/renew-in-silence", "/prove-in-silence", "/told-too-early"] {
        calls.take();
        let reply = app.ask(path, &token).await;
        assert_eq!((reply.status.as_u16(), &*reply.body), (500, "the session failed"), "{path}");
        let asked = calls.take();
        assert!(!asked.contains(&Deed::Create) && !asked.contains(&Deed::Replace), "{path}: {asked:?}");
        assert_eq!(app.ask("/me", &token).await.body, "7", "{path}");
    }
    let text = log.text();
    assert!(text.contains("ERROR") && text.contains("send it what `expose_token` gives"), "{text}");
}

/// Nobody is told of a session that a request without a token begins: so none is begun at its end.
async fn a_session_that_nobody_is_told_of_is_not_begun() {
    let store = MemoryStore::new();
    let app = silent(store.clone());
    assert_eq!(app.ask_with("/set", None).await.status, 500);
    assert_eq!(app.ask_with("/in-silence", None).await.status, 500);
    assert!(store.is_empty());
    let token = app.signed_in().await;
    assert_eq!(app.ask("/set", &token).await.status, 200, "a session that there is is written to");
    assert_eq!(app.ask("/count", &token).await.body, "6");
}

/// What `save` and `update_*` have committed cannot be taken back, but whoever made the mistake hears of it.
async fn a_new_token_that_was_saved_and_not_told_fails_too() {
    let log = Log::start();
    let app = silent(MemoryStore::new());
    let token = app.signed_in().await;
    assert_eq!(app.ask("/save-in-silence", &token).await.status, 500);
    assert!(!app.knows(&token).await);
    assert_eq!(app.ask_with("/count", None).await.status, 500, "this began a session");
    assert!(log.text().contains("nobody knows its token"), "{}", log.text());
}

/// A handler that fails writes nothing, and has no token to tell.
#[tokio::test]
async fn a_failed_handler_changes_no_token() {
    let sessions = Sessions::<Api>::bearer(MemoryStore::new());
    let token = token_of(&sessions, 7).await;
    let field = format!("Bearer {token}");

    let session = sessions.open([field.as_bytes()]);
    session.regenerate().await.unwrap();
    let closed = sessions.close(&session, false).await;
    assert!(closed.error.is_none() && closed.set_cookie.is_none(), "{closed:?}");
    assert_eq!(sessions.open([field.as_bytes()]).user_id().await.unwrap(), Some(7));
}

/// The store fails while the new token is asked for, and the handler says so: that is what the client is told, and its token still opens
/// what it did.
#[tokio::test]
async fn a_store_that_fails_is_no_mistake_of_the_handler() {
    let store = FlakyStore::new(MemoryStore::new());
    let sessions = Sessions::<Api>::bearer(store.clone());
    let token = token_of(&sessions, 7).await;
    let field = format!("Bearer {token}");

    let session = sessions.open([field.as_bytes()]);
    session.regenerate().await.unwrap();
    store.fail(&[Deed::Replace]);
    assert_eq!(session.expose_token().await.unwrap_err().status(), 503);
    store.recover();
    let closed = sessions.close(&session, false).await;
    assert!(closed.error.is_none(), "{closed:?}");
    assert_eq!(sessions.open([field.as_bytes()]).user_id().await.unwrap(), Some(7));
    assert_eq!(store.inner.len(), 1, "of the other nobody has the token");
}

/// There is no cookie to be had, whoever asks.
#[tokio::test]
async fn a_bearer_session_has_no_cookie() {
    let sessions = Sessions::<Api>::bearer(MemoryStore::new());
    let session = sessions.create();
    session.set_user_id(7).await.unwrap();
    let error = sessions.set_cookie(&session).await.unwrap_err();
    assert!(matches!(error, SessionError::Unsupported) && error.to_string().contains("expose_token"), "{error}");
    let closed = sessions.close(&session, true).await;
    assert!(closed.error.is_none() && closed.set_cookie.is_none(), "{closed:?}");
    assert!(session.expose_token().await.unwrap().is_some(), "outside of a request there is time to ask afterwards");

    session.destroy().await.unwrap();
    assert!(sessions.close(&session, true).await.set_cookie.is_none(), "nor is one removed");
}

#[test]
fn the_error_says_what_to_do() {
    let error = SessionError::TokenNotExposed;
    assert_eq!(error.status(), 500);
    assert!(error.to_string().contains("send it what `expose_token` gives before the handler returns"), "{error}");
}
