//! Promise 8, errors are values: whatever fails, the session that was there is there afterwards, and nobody is told a lie.
//!
//! The store that is down, the record that cannot be read, the handler that fails, panics or goes away, the response that has
//! left. Defects 7, 9, 15, 16 and 17 of `PEERS.md`.

mod commits;
mod handlers;
mod limits;
mod nested;
mod store_down;
mod stored;
mod streams;
mod wire;

use cloakroom::store::SessionStore;
use cloakroom::{Session, SessionError, SessionLayer};
use tests::web::{Browser, Routes, get, post};
use tests::{CartItem, Reply, Role, Shop, UserId};

const COOKIE: &str = "__Host-shop";

/// What `/all` shows of the session that [`begin`] makes.
const INTACT: &str = "Some(UserId(7)) Admin 1 3 None";

async fn sign_in(session: Session<Shop>) -> Result<(), SessionError> {
    session.set_user_id(UserId(7)).await?;
    session.set_role(Role::Admin).await?;
    session.set_cart(vec![CartItem::one("hat")]).await?;
    session.set_visits(3).await
}

async fn all(session: Session<Shop>) -> Result<String, SessionError> {
    let Shop { user_id, role, cart, visits, notice, .. } = session.snapshot().await?;
    Ok(format!("{user_id:?} {role:?} {} {visits} {notice:?}", cart.len()))
}

async fn sign_out(session: Session<Shop>) -> Result<(), SessionError> {
    session.destroy().await
}

fn routes() -> Routes {
    Routes::new().route("/in", post(sign_in)).route("/all", get(all)).route("/out", post(sign_out))
}

/// An application whose `/do` is this handler.
macro_rules! app {
    ($store:expr, $handler:expr) => {
        $crate::routes()
            .route("/do", tests::web::post($handler))
            .layer(cloakroom::SessionLayer::<tests::Shop>::new($store))
    };
}
use app;

/// A browser that is signed in.
async fn begin(app: Routes) -> Browser {
    let mut browser = Browser::new(app);
    assert_eq!(browser.post("/in").await.status, 200);
    assert_intact(&browser).await;
    browser
}

/// Does this browser's cookie still open the session as it began?
async fn assert_intact(browser: &Browser) {
    assert_eq!(see(browser).await, INTACT);
}

async fn see(browser: &Browser) -> String {
    browser.clone().get("/all").await.body
}

/// The same cookies before the plain routes, on another face of the same store.
fn plain(store: impl SessionStore) -> Routes {
    routes().layer(SessionLayer::<Shop>::new(store))
}

/// The way out, as another device finds it: a handler can go there in the middle of its own request.
fn elsewhere(store: impl SessionStore) -> axum::Router {
    axum::Router::new().route("/out", axum::routing::post(sign_out)).layer(SessionLayer::<Shop>::new(store))
}

/// A failure that says no more than its status.
fn assert_opaque(reply: &Reply) {
    let inside = ["refused", "user_id", "visits", "picky", "rmp", "msgpack", "spoiled", "format", "damaged", "replace"];
    for word in inside {
        assert!(!reply.body.contains(word), "the inside stays inside: {}", reply.body);
    }
}

/// This failure left the browser's cookie alone.
fn assert_no_cookie(reply: &Reply) {
    assert!(reply.set_cookies().is_empty(), "{reply:?}");
}
