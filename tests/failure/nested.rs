//! A commit that fails after what stands within has done its work: the answer is the error's, and the cookies that were earned leave with it.

use cloakroom::{
    CookieAttributes, CookieSettings, Cookies, MemoryStore, Session, SessionData, SessionError, SessionLayer,
};
use tests::web::{Browser, Routes, get, post};
use tests::{Deed, FlakyStore, Shop, UserId, on_both};

use crate::{COOKIE, assert_opaque};

#[derive(SessionData)]
#[session(cookie = "office")]
struct Office {
    #[session(owner)]
    user_id: Option<UserId>,
    visits: u64,
}

const OFFICE: &str = "__Host-office";

async fn visit_office(office: Session<Office>) -> Result<(), SessionError> {
    office.set_visits(1).await
}

async fn sign_in_to_both(office: Session<Office>, shop: Session<Shop>) -> Result<(), SessionError> {
    office.set_user_id(UserId(7)).await?;
    shop.set_visits(1).await
}

async fn who(office: Session<Office>) -> Result<String, SessionError> {
    Ok(format!("{:?} {}", office.user_id().await?, office.visits().await?))
}

/// The office's sign-in is there, and its old token is retired: without the new one the visitor would be signed out.
async fn a_rotation_within_keeps_its_cookie() {
    let store = FlakyStore::new(MemoryStore::new());
    let routes = Routes::new()
        .route("/office", post(visit_office))
        .route("/in", post(sign_in_to_both))
        .route("/who", get(who))
        .layer(SessionLayer::<Office>::new(MemoryStore::new()))
        .layer(SessionLayer::<Shop>::new(store.clone()));
    let mut browser = Browser::new(routes);
    browser.post("/office").await;
    let old = browser.clone();
    store.fail(&[Deed::Create]);
    let reply = browser.post("/in").await;
    assert_eq!(reply.status, 503);
    assert_opaque(&reply);
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    assert_eq!(browser.cookie(COOKIE), None, "what was not saved has no cookie");
    assert_ne!(browser.cookie(OFFICE), old.cookie(OFFICE));
    assert_eq!(browser.get("/who").await.body, "Some(UserId(7)) 1", "SIGNED OUT");
    assert_eq!(old.clone().get("/who").await.body, "None 0", "the old token is retired");
}

/// What was set leaves with the response, whatever that is.
async fn cookies_of_the_applications_own_leave_as_well() {
    async fn both(cookies: Cookies, shop: Session<Shop>) -> Result<(), SessionError> {
        cookies.set("theme", "dark", CookieAttributes::new()).expect("set");
        shop.set_visits(1).await
    }
    let store = FlakyStore::new(MemoryStore::new());
    let routes = Routes::new().route("/both", post(both));
    let routes = routes.layer(CookieSettings::new()).layer(SessionLayer::<Shop>::new(store.clone()));
    let mut browser = Browser::new(routes);
    store.fail_all();
    let reply = browser.post("/both").await;
    assert_eq!((reply.status.as_u16(), reply.header("cache-control")), (503, Some("no-store")));
    assert_eq!(reply.set_cookies(), ["theme=dark; HttpOnly; SameSite=Lax; Secure; Path=/"]);
}

on_both!(a_rotation_within_keeps_its_cookie, cookies_of_the_applications_own_leave_as_well);
