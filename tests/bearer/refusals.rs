//! What a program is told that is turned away: RFC 6750, section 3.

use cloakroom::{GuardLayer, ManualClock, MemoryStore, Rejection, SessionLayer, Sessions};
use http::{StatusCode, header};
use std::time::Duration;
use tests::on_both;
use tests::web::{Both, Routes, Sent, get};

use crate::{Admin, Api, App, SignedIn, app, challenge, routes};

on_both!(
    without_a_token_no_error_is_named,
    a_token_that_will_not_do_is_invalid,
    a_session_without_the_right_is_told_so,
    every_way_to_turn_away_says_it,
    a_rejection_shows_no_token,
    an_own_challenge_stays,
);

const BARE: &str = r#"Bearer realm="api""#;
const INVALID: &str = r#"Bearer realm="api", error="invalid_token""#;
const TOO_LITTLE: &str = r#"Bearer realm="api", error="insufficient_scope""#;

async fn assert_told(app: &App, path: &str, authorization: Option<&str>, status: StatusCode, text: &str) {
    let reply = app.ask_with(path, authorization).await;
    assert_eq!((reply.status, challenge(&reply.headers)), (status, Some(text)), "{path} {authorization:?}");
    assert_eq!(reply.headers.get_all(header::WWW_AUTHENTICATE).iter().count(), 1);
}

/// "If the request lacks any authentication information", the answer "SHOULD NOT include an error code".
async fn without_a_token_no_error_is_named() {
    let app = app(MemoryStore::new());
    for path in ["/me", "/checked", "/admin"] {
        for authorization in [None, Some("Basic YWRhOmVuZ2luZQ==")] {
            assert_told(&app, path, authorization, StatusCode::UNAUTHORIZED, BARE).await;
        }
    }
}

/// "Expired, revoked, malformed, or invalid for other reasons."
async fn a_token_that_will_not_do_is_invalid() {
    let clock = ManualClock::default();
    let store = MemoryStore::new().with_clock(clock.clone());
    let app = App::of(Sessions::bearer(store).with_clock(clock.clone()));
    let expired = app.signed_in().await;
    clock.advance(Duration::from_secs(3600));
    let revoked = app.signed_in().await;
    app.ask("/out", &revoked).await;
    let retired = app.signed_in().await;
    app.ask("/renew", &retired).await;
    for token in [&*expired, &*revoked, &*retired, &"A".repeat(43), "malformed", ""] {
        for path in ["/me", "/checked", "/admin"] {
            assert_told(&app, path, Some(&format!("Bearer {token}")), StatusCode::UNAUTHORIZED, INVALID).await;
        }
    }
}

/// "The request requires higher privileges than provided."
async fn a_session_without_the_right_is_told_so() {
    let sessions = Sessions::<Api>::bearer(MemoryStore::new());
    let app = App::of(sessions.clone());
    let session = sessions.create();
    session.set_user_id(7).await.unwrap();
    session.set_is_admin(false).await.unwrap();
    let token = session.expose_token().await.unwrap().expect("a session");
    assert_told(&app, "/admin", Some(&format!("Bearer {token}")), StatusCode::FORBIDDEN, TOO_LITTLE).await;
    session.set_is_admin(true).await.unwrap();
    session.save().await.unwrap();
    let reply = app.ask("/admin", &token).await;
    assert_eq!((reply.status, challenge(&reply.headers)), (StatusCode::OK, None));
}

/// A router's guard and an application's own answers say the same.
async fn every_way_to_turn_away_says_it() {
    fn plain(rejection: &Rejection) -> Sent {
        Sent::new(rejection.status()).body("no")
    }
    let guarded = Routes::new().route("/me", get(async || "in")).layer(GuardLayer::<SignedIn>::new());
    let behind_a_layer = guarded.layer(SessionLayer::<Api>::bearer(MemoryStore::new()));
    let layer = Both::from(SessionLayer::<Api>::bearer(MemoryStore::new())).with_rejection(plain);
    for app in [App::new(behind_a_layer), App::new(routes().layer(layer))] {
        assert_told(&app, "/me", None, StatusCode::UNAUTHORIZED, BARE).await;
        assert_told(&app, "/me", Some("Bearer hello"), StatusCode::UNAUTHORIZED, INVALID).await;
    }
}

/// An application that logs a rejection logs no token with it.
async fn a_rejection_shows_no_token() {
    let sessions = Sessions::<Api>::bearer(MemoryStore::new());
    let session = sessions.create();
    session.set_calls(1).await.unwrap();
    let token = session.expose_token().await.unwrap().expect("a session");
    let shown = Admin::check(&session).await.map(drop).expect_err("nobody is signed in");
    assert!(!format!("{shown:?} {shown}").contains(&token[..8]));

    fn telling(rejection: &Rejection) -> Sent {
        let told = format!("{rejection:?} {:?}", rejection.headers());
        Sent::new(StatusCode::OK).body(told)
    }
    let router = routes().layer(Both::from(SessionLayer::from(sessions)).with_rejection(telling));
    let reply = App::new(router).ask("/me", &token).await;
    assert!(reply.body.contains("Sensitive") && !reply.body.contains(&token[..8]), "{}", reply.body);
}

/// What the application says itself stays.
async fn an_own_challenge_stays() {
    fn own(rejection: &Rejection) -> Sent {
        Sent::new(rejection.status()).header("www-authenticate", "DPoP")
    }
    let layer = Both::from(SessionLayer::<Api>::bearer(MemoryStore::new())).with_rejection(own);
    let app = App::new(routes().layer(layer));
    assert_told(&app, "/me", None, StatusCode::UNAUTHORIZED, "DPoP").await;
}
