//! Sessions that began with another library go on with this one: what the guide shows, on the real crates.

#[path = "migrating/from_actix_session.rs"]
mod from_actix_session;
#[path = "migrating/from_tower_sessions.rs"]
mod from_tower_sessions;

use actix_session::SessionMiddleware as OldMiddleware;
use actix_session::storage::CookieSessionStore;
use actix_web::cookie::{Cookie, Key};
use actix_web::{App, test as harness, web};
use axum::Router;
use axum::routing::{get, post};
use cloakroom::{MemoryStore, Session, SessionData, SessionError, SessionLayer, SessionMiddleware, require_session};
use tests::Browser;
use tower_sessions::{MemoryStore as OldStore, SessionManagerLayer, SessionStore as _};

/// The cookie of the session that visitors had, and of the one that they get.
const OLD: &str = "id";
const NEW: &str = "__Host-shop";

#[derive(SessionData)]
pub struct Shop {
    #[session(owner)]
    user_id: Option<u64>,
    cart: Vec<String>,
}

#[require_session(Shop, user_id)]
async fn account(session: Session<Shop>, #[session] user_id: u64) -> Result<String, SessionError> {
    Ok(format!("{user_id} {}", session.cart().await?.join(" ")))
}

async fn sign_out(session: Session<Shop>) -> Result<&'static str, SessionError> {
    session.destroy().await.map(|()| "gone")
}

/// A browser that was signed in by tower-sessions.
async fn old_customer(store: &OldStore) -> Browser {
    async fn sign_in(session: tower_sessions::Session) {
        session.insert("user_id", 7_u64).await.unwrap();
        session.insert("cart", ["tea", "jam"]).await.unwrap();
        session.insert("of no use any more", true).await.unwrap();
    }
    let app = Router::new().route("/", post(sign_in)).layer(SessionManagerLayer::new(store.clone()));
    let mut browser = Browser::new(app);
    browser.post("/").await;
    assert!(browser.cookie(OLD).is_some());
    browser
}

/// The shop as it is now, with both layers for as long as old sessions live.
fn shop(old: &OldStore, new: impl cloakroom::SessionStore) -> Router {
    Router::new()
        .route("/", get(account))
        .route("/out", post(sign_out))
        .layer(axum::middleware::from_fn(from_tower_sessions::move_in))
        .layer(SessionLayer::<Shop>::new(new))
        .layer(SessionManagerLayer::new(old.clone()))
}

#[tokio::test]
async fn a_session_of_tower_sessions_moves_in_once() {
    let store = OldStore::default();
    let browser = old_customer(&store).await;
    let thief = browser.clone();
    let id = browser.cookie(OLD).unwrap().parse().unwrap();
    let shop = shop(&store, MemoryStore::new());

    let mut browser = browser.at(shop.clone());
    assert_eq!(browser.get("/").await.body, "7 tea jam");
    assert!(browser.cookie(NEW).is_some() && browser.cookie(OLD).is_none(), "{}", browser.cookie_header());
    assert_eq!(store.load(&id).await.unwrap(), None, "the old session has ended");
    assert_eq!(browser.get("/").await.body, "7 tea jam");
    assert_eq!(thief.at(shop.clone()).get("/").await.status, 401, "its cookie opens nothing");

    browser.post("/out").await;
    assert_eq!(browser.get("/").await.status, 401);
    assert_eq!(Browser::new(shop).get("/").await.status, 401, "who has no session gets none");
}

/// Ending the old session failed, so a visitor has both. The old one ends at the next visit, and moves in no second time.
#[tokio::test]
async fn an_old_session_brings_nothing_back_after_a_sign_out() {
    let store = OldStore::default();
    let old = old_customer(&store).await;
    let cookie = old.cookie(OLD).unwrap().to_owned();
    let record = store.load(&cookie.parse().unwrap()).await.unwrap().expect("the old session");
    let mut browser = old.at(shop(&store, MemoryStore::new()));
    browser.get("/").await;
    store.save(&record).await.unwrap();
    browser.set_cookie(OLD, &cookie);
    browser.post("/out").await;
    browser.set_cookie(OLD, &cookie);
    assert_eq!(browser.get("/").await.status, 401);
}

/// The new store is down: the old session stays, and is there when it is back.
#[tokio::test]
async fn a_store_that_is_down_loses_no_old_session() {
    let store = OldStore::default();
    let flaky = tests::FlakyStore::new(MemoryStore::new());
    let mut browser = old_customer(&store).await.at(shop(&store, flaky.clone()));
    flaky.fail_all();
    assert_eq!(browser.get("/").await.status, 503);
    flaky.recover();
    assert_eq!(browser.get("/").await.body, "7 tea jam");
}

#[test]
fn a_session_of_actix_session_moves_in() {
    actix_web::rt::System::new().block_on(from_a_cookie_of_actix_session());
}

async fn from_a_cookie_of_actix_session() {
    let key = Key::generate();
    let old = || OldMiddleware::builder(CookieSessionStore::default(), key.clone()).build();
    let sign_in = |session: actix_session::Session| async move {
        session.insert("user_id", 7_u64).unwrap();
        session.insert("cart", ["tea", "jam"]).unwrap();
        "in"
    };
    let before = harness::init_service(App::new().route("/", web::post().to(sign_in)).wrap(old())).await;
    let signed_in = harness::call_service(&before, harness::TestRequest::post().uri("/").to_request()).await;
    let cookie = signed_in.response().cookies().next().expect("a session").into_owned();

    let new = SessionMiddleware::<Shop>::new(MemoryStore::new());
    let app = App::new().route("/", web::get().to(account)).route("/out", web::post().to(sign_out));
    let app = app.wrap(actix_web::middleware::from_fn(from_actix_session::move_in)).wrap(new).wrap(old());
    let app = harness::init_service(app).await;
    let ask = async |request: harness::TestRequest, cookie: &Cookie<'static>| {
        let response = harness::call_service(&app, request.cookie(cookie.clone()).to_request()).await;
        let cookies: Vec<_> = response.response().cookies().map(Cookie::into_owned).collect();
        let body = harness::read_body(response).await;
        (String::from_utf8(body.to_vec()).unwrap(), cookies)
    };

    let (text, cookies) = ask(harness::TestRequest::get().uri("/"), &cookie).await;
    assert_eq!(text, "7 tea jam");
    let set = |name| cookies.iter().find(|cookie| cookie.name() == name).expect("this cookie is set");
    assert!(set(cookie.name()).value().is_empty(), "the old cookie is removed");
    let moved = set(NEW).clone();
    assert_eq!(ask(harness::TestRequest::get().uri("/"), &moved).await.0, "7 tea jam");
    assert_eq!(ask(harness::TestRequest::post().uri("/out"), &moved).await.0, "gone");
    assert_ne!(ask(harness::TestRequest::get().uri("/"), &moved).await.0, "7 tea jam");

    // What the guide warns of: a cookie that is its own session cannot be ended, so a copy of it moves in again.
    assert_eq!(ask(harness::TestRequest::get().uri("/"), &cookie).await.0, "7 tea jam");
}
