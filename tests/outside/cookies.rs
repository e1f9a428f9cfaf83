//! The texts of header fields: Cookie to token, session to `Set-Cookie`.

use std::time::Duration;

use axum::Router;
use axum::routing::post;
use cloakroom::{MemoryStore, Policy, Session, SessionError, SessionLayer, Sessions};
use tests::{Browser, CountingStore, Shop, UserId};

use crate::{begin, cookie, parsed, resume, who};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The policies that change what stands behind a cookie's value, or before its name.
fn policies() -> [Policy; 5] {
    let policy = Policy::of::<Shop>;
    [
        policy(),
        policy().with_domain("shop.example"),
        policy().with_path("/shop"),
        policy().with_same_site(cookie::SameSite::None).with_partitioned(),
        policy().with_insecure_development_cookie(),
    ]
}

/// Sets the owner; with a lifetime of its own where the path says so.
fn routes() -> Router {
    Router::new()
        .route("/in", post(async |session: Session<Shop>| session.set_user_id(UserId(7)).await))
        .route("/remember", post(remember))
        .route("/out", post(async |session: Session<Shop>| session.destroy().await))
}

async fn remember(session: Session<Shop>) -> Result<(), SessionError> {
    session.set_expiry(30 * DAY, 90 * DAY).await?;
    session.set_user_id(UserId(7)).await
}

/// The text without the token.
fn without_token(text: &str) -> String {
    let (name, rest) = text.split_once('=').expect("a cookie");
    let (token, attributes) = rest.split_once(';').expect("attributes");
    assert_eq!(token.len(), 43, "{text}");
    format!("{name};{attributes}")
}

/// Whoever hands a session to a browser in a way of their own sends what the layer would have sent.
#[tokio::test]
async fn set_cookie_and_removal_are_those_of_the_layer() {
    for policy in policies() {
        let sessions = Sessions::<Shop>::new(MemoryStore::new()).with_policy(policy.clone());
        let mut browser = Browser::new(routes().layer(SessionLayer::from(sessions.clone())));
        for (path, own) in [("/in", false), ("/remember", true)] {
            let sent = browser.post(path).await.set_cookies().remove(0);
            let session = sessions.create();
            session.set_user_id(UserId(7)).await.unwrap();
            if own {
                session.set_expiry(30 * DAY, 90 * DAY).await.unwrap();
            }
            let text = sessions.set_cookie(&session).await.unwrap().expect("a session");
            assert_eq!(without_token(&text), without_token(&sent), "{policy:?}");
            assert_eq!(text.contains("; Max-Age=7776000"), own, "{text}");

            // It is the session's cookie, as it stands and whoever asks; `close` says it once.
            let token = session.expose_token().await.unwrap().expect("a session");
            assert!(text.contains(&token));
            let resumed = resume(&sessions, &token);
            assert_eq!(sessions.set_cookie(&resumed).await.unwrap(), Some(text.clone()), "{policy:?}");
            assert_eq!(sessions.close(&resumed, true).await.set_cookie, None, "nothing is new");
            assert_eq!(
                sessions.open([text.split(';').next().unwrap().as_bytes()]).user_id().await.unwrap(),
                Some(UserId(7))
            );
        }
        assert_eq!(browser.post("/out").await.set_cookies(), [sessions.removal_cookie()]);
    }
}

#[tokio::test]
async fn close_gives_the_cookie_of_what_was_begun() {
    let sessions = Sessions::<Shop>::new(MemoryStore::new());
    let session = sessions.create();
    session.set_user_id(UserId(7)).await.unwrap();
    let text = sessions.close(&session, true).await.set_cookie.expect("a session begins");
    assert_eq!(sessions.set_cookie(&session).await.unwrap(), Some(text));

    // It goes on afterwards: there is no response whose head could have left.
    session.regenerate().await.unwrap();
    let renewed = sessions.close(&session, true).await.set_cookie.expect("a new token");
    let token = session.expose_token().await.unwrap().expect("a session");
    assert!(renewed.contains(&token));
    session.destroy().await.unwrap();
    assert_eq!(who(&sessions, &token).await, None, "`destroy` waits for no close");
    assert_eq!(sessions.close(&session, true).await.set_cookie, Some(sessions.removal_cookie()));
}

/// There is nothing to hand out where there is no session.
#[tokio::test]
async fn no_session_has_no_cookie() {
    let sessions = Sessions::<Shop>::new(MemoryStore::new());
    assert_eq!(sessions.set_cookie(&sessions.create()).await.unwrap(), None);
    assert_eq!(sessions.set_cookie(&resume(&sessions, &"A".repeat(43))).await.unwrap(), None);
}

/// In a handler: the cookie is the response's, whoever asks for the token meanwhile.
#[tokio::test]
async fn a_handler_that_asks_for_the_token_keeps_its_cookie() {
    let sessions = Sessions::<Shop>::new(MemoryStore::new());
    let session = sessions.open([]);
    session.set_user_id(UserId(7)).await.unwrap();
    let token = session.expose_token().await.unwrap().expect("a session");
    let closed = sessions.close(&session, true).await;
    assert!(closed.set_cookie.is_some_and(|text| text.contains(&token)) && closed.error.is_none());
    assert!(matches!(session.regenerate().await, Err(SessionError::ResponseSent)));
    assert_eq!(session.expose_token().await.unwrap(), Some(token), "to look at it changes nothing");
}

#[tokio::test]
async fn a_token_is_found_in_header_text_without_asking_anybody() {
    let (store, calls) = CountingStore::<MemoryStore>::new(MemoryStore::new());
    let sessions = Sessions::<Shop>::new(store);
    let (_, token) = begin(&sessions).await;
    calls.take();
    let own = cookie(&token);
    let unknown = cookie(&"A".repeat(43));
    let beside = format!("theme=dark; {own}; other=\u{e4}");
    let found = [vec![&*own], vec![&*beside], vec!["theme=dark", &*own], vec![&*own, &*own]];
    for fields in found {
        let found = sessions.find_token(fields.iter().map(|field| field.as_bytes()));
        assert_eq!(found, Some(parsed(&token)), "{fields:?}");
    }
    assert_eq!(
        sessions.find_token([unknown.as_bytes()]),
        Some(parsed(&"A".repeat(43))),
        "nobody looks whether it opens"
    );
    let cut = &own[..own.len() - 1];
    let bare = own.replace("__Host-", "");
    let bearer = format!("Bearer {token}");
    let none = [vec![], vec![""], vec![&*own, &*unknown], vec![cut], vec![&*bare], vec![&*token], vec![&*bearer]];
    for fields in none {
        assert_eq!(sessions.find_token(fields.iter().map(|field| field.as_bytes())), None, "{fields:?}");
    }
    assert_eq!(calls.take(), []);
}
