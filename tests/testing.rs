//! `cloakroom::testing`: what it takes to test a handler, and that a session made for a test behaves as one from a browser.

use std::time::Duration;

use axum::extract::Path;
use axum::routing::get;
use axum::{Json, Router};
use cloakroom::{
    Clock, Format, Reason, Rejection, Session, SessionData, SessionError, require_session, session_guard, testing,
};
use http::{Request, StatusCode};
use tests::{CartItem, Role, Shop, Theme, UserId};
use tower::ServiceExt as _;

const MINUTE: Duration = Duration::from_secs(60);

async fn add(session: Session<Shop>, Json(item): Json<CartItem>) -> Result<Json<usize>, SessionError> {
    let size = session.update_cart(|cart| {
        cart.push(item.clone());
        cart.len()
    });
    Ok(Json(size.await?))
}

async fn sign_out(session: Session<Shop>) -> Result<(), SessionError> {
    session.destroy().await
}

#[session_guard(Shop, user_id)]
struct SignedIn {
    user_id: UserId,
}

#[require_session(Shop, user_id, role = Role::Admin, fresh = "10m")]
async fn close_shop(session: Session<Shop>, #[session] user_id: UserId, Path(shop): Path<u32>) -> String {
    let visits = session.visits().await.unwrap_or_default();
    format!("{user_id:?} closed {shop} after {visits}")
}

#[require_session(SignedIn)]
async fn account() -> &'static str {
    "yours"
}

/// The two lines of the promise: a session with data and a clock, and the handler.
#[tokio::test]
async fn a_handler_is_called_with_a_session_of_ones_own() {
    let (session, _clock) = testing::session(Shop { cart: vec![CartItem::one("tea")], ..testing::unset() });
    assert_eq!(add(session.clone(), Json(CartItem::one("milk"))).await.unwrap().0, 2);
    assert_eq!(session.cart().await.unwrap().len(), 2);
}

/// It needs no runtime to be made.
#[test]
fn a_session_is_made_without_a_runtime() {
    let (_, clock) = testing::session(Shop { visits: 3, ..testing::unset() });
    assert!(clock.now() > std::time::UNIX_EPOCH);
}

/// The session began in an earlier request: it has an id, and what has its unset value is not set.
#[tokio::test]
async fn the_session_is_one_that_was_there_before() {
    let data = Shop { user_id: Some(UserId(7)), notice: Some("hello".into()), theme: Theme::Dark, ..testing::unset() };
    let (session, clock) = testing::session(data.clone());
    assert!(!session.is_new().await.unwrap() && session.id().await.unwrap().is_some());
    assert_eq!(session.snapshot().await.unwrap(), data);
    assert!(session.has_theme().await.unwrap() && !session.has_role().await.unwrap());
    assert!(!session.has_cart().await.unwrap() && !session.has_visits().await.unwrap());
    assert_eq!(session.created_at().await.unwrap(), Some(clock.now()));

    let (session, _clock) = testing::anonymous::<Shop>();
    assert!(session.is_new().await.unwrap() && session.id().await.unwrap().is_none());
    let unset: Shop = testing::unset();
    assert_eq!(session.snapshot().await.unwrap(), unset);
    assert_eq!((unset.theme, unset.role, unset.user_id), (Theme::System, Role::Customer, None));
}

/// The next request finds what this one saved, and not the flash that it has shown.
#[tokio::test]
async fn the_next_request_finds_what_was_saved() {
    let (session, clock) = testing::session(Shop { notice: Some("saved".into()), ..testing::unset() });
    assert_eq!(session.notice().await.unwrap().as_deref(), Some("saved"));
    session.set_oauth_state("xyzzy".to_owned()).await.unwrap();
    let next = testing::next_request(&session).await;
    assert_eq!((next.notice().await.unwrap(), next.oauth_state().await.unwrap()), (None, Some("xyzzy".into())));

    clock.advance(11 * MINUTE);
    assert_eq!(next.oauth_state().await.unwrap(), None, "ten minutes are over");
    let next = testing::next_request(&next).await;
    assert!(!next.is_new().await.unwrap(), "the session itself is not");
    clock.advance(31 * MINUTE);
    assert!(testing::next_request(&next).await.is_new().await.unwrap(), "half an hour without a request");
}

/// A new token goes with the browser, a removed cookie does not, and who holds an old session finds nothing.
#[tokio::test]
async fn the_next_request_has_the_cookie_that_this_one_was_given() {
    let (session, _clock) = testing::session(Shop { visits: 3, ..testing::unset() });
    let before = session.id().await.unwrap();
    session.set_user_id(UserId(7)).await.unwrap();
    let signed_in = testing::next_request(&session).await;
    assert_ne!(signed_in.id().await.unwrap(), before, "signing in gives a new token");
    assert_eq!(signed_in.visits().await.unwrap(), 3);
    let untouched = testing::next_request(&testing::next_request(&signed_in).await).await;
    assert_eq!(untouched.user_id().await.unwrap(), Some(UserId(7)));

    sign_out(untouched.clone()).await.unwrap();
    let after = testing::next_request(&untouched).await;
    assert!(after.is_new().await.unwrap() && after.user_id().await.unwrap().is_none());
    let elsewhere = testing::next_request(&signed_in).await;
    assert!(elsewhere.user_id().await.unwrap().is_none(), "logout is final");
}

/// What one handler does to a session, another one sees: also where two overlap.
#[tokio::test]
async fn two_requests_of_one_browser_overlap() {
    let (first, _clock) = testing::session(Shop { visits: 1, ..testing::unset() });
    let second = testing::next_request(&first).await;
    let third = testing::next_request(&first).await;
    second.visits().await.unwrap();
    third.visits().await.unwrap();
    second.update_visits(|visits| *visits += 1).await.unwrap();
    third.update_visits(|visits| *visits += 1).await.unwrap();
    assert_eq!(testing::next_request(&third).await.visits().await.unwrap(), 3);
}

/// A guarded handler takes what its guard proved, and the guard says no as it does before a request.
#[tokio::test]
async fn a_guarded_handler_is_called_with_what_its_guard_proved() {
    let (session, clock) =
        testing::session(Shop { user_id: Some(UserId(7)), role: Role::Admin, visits: 3, ..testing::unset() });
    let turned_away = testing::pass(&session).await.map(|pass| close_shop(pass, session.clone(), Path(1))).map(drop);
    assert!(matches!(turned_away.unwrap_err().reason, Reason::Missing("fresh")));

    session.mark_authenticated().await.unwrap();
    let closed = close_shop(testing::pass(&session).await.unwrap(), session.clone(), Path(1)).await;
    assert_eq!(closed, "UserId(7) closed 1 after 3");
    assert_eq!(account(testing::pass(&session).await.unwrap()).await, "yours");

    clock.advance(11 * MINUTE);
    let late = testing::pass(&session).await.map(|pass| close_shop(pass, session.clone(), Path(1))).map(drop);
    let late: Rejection = late.unwrap_err();
    assert_eq!((late.status(), late.prefers()), (StatusCode::UNAUTHORIZED, Format::Text));

    let (customer, _clock) = testing::session(Shop { user_id: Some(UserId(8)), ..testing::unset() });
    customer.set_role(Role::Customer).await.unwrap();
    let forbidden = testing::pass(&customer).await.map(|pass| close_shop(pass, customer.clone(), Path(1))).map(drop);
    assert!(matches!(forbidden.unwrap_err().reason, Reason::Mismatch("role")));
}

#[tokio::test]
async fn a_guard_with_a_name_is_asked_directly() {
    let (session, _clock) = testing::session(Shop { user_id: Some(UserId(7)), ..testing::unset() });
    assert_eq!(SignedIn::check(&session).await.unwrap().user_id, UserId(7));
    let (stranger, _clock) = testing::anonymous();
    assert!(SignedIn::check(&stranger).await.is_err());
}

/// Routes, extractors and guards before them, without the session's layer.
#[tokio::test]
async fn a_router_is_asked_with_a_session_of_ones_own() {
    let routes = || -> Router { Router::new().route("/close/{shop}", get(close_shop)).route("/mine", get(account)) };
    let ask = |path: &str| Request::builder().uri(path).body(axum::body::Body::empty()).unwrap();
    let (session, _clock) = testing::session(Shop { user_id: Some(UserId(7)), ..testing::unset() });
    let status = async |request: Request<axum::body::Body>| routes().oneshot(request).await.unwrap().status();
    assert_eq!(status(testing::with_session(ask("/mine"), &session)).await, 200);
    assert_eq!(status(testing::with_session(ask("/close/1"), &session)).await, 401);
    session.mark_authenticated().await.unwrap();
    session.set_role(Role::Admin).await.unwrap();
    assert_eq!(status(testing::with_session(ask("/close/1"), &session)).await, 200);
    assert_eq!(status(ask("/mine")).await, 500, "without a session there is no answer");
}

/// A value that nobody can store is the test's own mistake, and is said at once.
#[test]
#[should_panic(expected = "these values can be stored")]
fn what_cannot_be_stored_is_said_at_once() {
    #[derive(SessionData)]
    struct Notes {
        text: String,
    }
    let _ = testing::session(Notes { text: "x".repeat(1 << 20) });
}
