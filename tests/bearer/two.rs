//! Bearer tokens beside cookies: two doors, and no way from one to the other.

use cloakroom::{MemoryStore, Session, SessionError, SessionLayer, Sessions};
use http::{HeaderValue, Method, header};
use tests::web::{Browser, Routes, get, post};
use tests::{Shop, UserId, on_both};

use crate::{Api, App, challenge};

on_both!(
    a_request_that_brings_both_has_two_sessions,
    no_token_opens_what_is_behind_the_other_door,
    requests_from_other_sites_are_refused_by_cookie_alone,
    a_cookies_guard_says_cookie,
);

/// Both in one application, on one store.
fn both(store: &MemoryStore) -> Routes {
    let who = async |shop: Session<Shop>, api: Session<Api>| {
        Ok::<_, SessionError>(format!("{:?} {:?}", shop.user_id().await?, api.user_id().await?))
    };
    let sign_in = async |api: Session<Api>| {
        api.set_user_id(8).await?;
        Ok::<_, SessionError>(api.expose_token().await?.unwrap_or_default())
    };
    Routes::new()
        .route("/who", get(who))
        .route("/shop/in", post(async |shop: Session<Shop>| shop.set_user_id(UserId(7)).await))
        .route("/shop/out", post(async |shop: Session<Shop>| shop.destroy().await))
        .route("/api/in", post(sign_in))
        .route("/api/out", post(async |api: Session<Api>| api.destroy().await))
        .layer(SessionLayer::<Api>::bearer(store.clone()))
        .layer(SessionLayer::<Shop>::new(store.clone()))
}

async fn a_request_that_brings_both_has_two_sessions() {
    let mut browser = Browser::new(both(&MemoryStore::new()));
    browser.post("/shop/in").await;
    let token = browser.post("/api/in").await.body;
    let bearer = HeaderValue::from_str(&format!("Bearer {token}")).unwrap();
    let with_both = |method, path| {
        let mut request = browser.request(method, path);
        request.headers_mut().insert(header::AUTHORIZATION, bearer.clone());
        request
    };
    let reply = browser.fetch(with_both(Method::GET, "/who")).await;
    assert_eq!(reply.body, "Some(UserId(7)) Some(8)");
    let vary: Vec<&HeaderValue> = reply.headers.get_all("vary").iter().collect();
    assert_eq!(vary, ["Authorization", "Cookie"]);
    assert_eq!(browser.fetch(browser.request(Method::GET, "/who")).await.body, "Some(UserId(7)) None");

    // To end one is not to end the other.
    assert_eq!(browser.fetch(with_both(Method::POST, "/api/out")).await.set_cookies(), [] as [String; 0]);
    assert_eq!(browser.fetch(with_both(Method::GET, "/who")).await.body, "Some(UserId(7)) None");
}

/// A stolen cookie is no bearer token and the other way round, of one type of session or of two, on one store.
async fn no_token_opens_what_is_behind_the_other_door() {
    let store = MemoryStore::new();
    let mut browser = Browser::new(both(&store));
    browser.post("/shop/in").await;
    let api = browser.post("/api/in").await.body;
    let shop = browser.cookie("__Host-shop").expect("a cookie").to_owned();
    let who = async |cookie: &str, bearer: &str| {
        let mut request = App::request(Method::GET, "/who", Some(&format!("Bearer {bearer}")));
        request.headers_mut().insert(header::COOKIE, HeaderValue::from_str(cookie).unwrap());
        browser.fetch(request).await.body
    };
    assert_eq!(who(&format!("__Host-shop={shop}"), &api).await, "Some(UserId(7)) Some(8)");
    assert_eq!(who(&format!("__Host-shop={api}; __Host-api={api}"), &shop).await, "None None");

    // The same struct on another server, behind the same store: its storage keys are others.
    drop(browser);
    let by_cookie = Sessions::<Api>::new(store.clone());
    let session = by_cookie.create();
    session.set_user_id(9).await.unwrap();
    let token = session.expose_token().await.unwrap().expect("a session");
    let stolen = by_cookie.resume(api.parse().unwrap()).unwrap();
    assert_eq!(stolen.user_id().await.unwrap(), None);
    drop((by_cookie, session, stolen));
    let by_bearer = Sessions::<Api>::bearer(store);
    assert_eq!(by_bearer.resume(token.parse().unwrap()).unwrap().user_id().await.unwrap(), None);
    assert_eq!(by_bearer.resume(api.parse().unwrap()).unwrap().user_id().await.unwrap(), Some(8));
}

/// Browsers send cookies by themselves, and bearer tokens never: so other sites' pages can do no harm with these.
async fn requests_from_other_sites_are_refused_by_cookie_alone() {
    let store = MemoryStore::new();
    let foreign = |path| {
        let mut request = App::request(Method::POST, path, None);
        request.headers_mut().insert(header::ORIGIN, HeaderValue::from_static("https://app.example"));
        request.headers_mut().insert("sec-fetch-site", HeaderValue::from_static("cross-site"));
        request
    };
    let api = App::new(crate::routes().layer(SessionLayer::<Api>::bearer(store.clone()).with_strict_origins()));
    let reply = api.send(foreign("/in")).await;
    assert_eq!((reply.status.as_u16(), reply.body.len()), (200, 43));

    let browser = Browser::new(both(&store));
    assert_eq!(
        browser.fetch(foreign("/api/in")).await.status,
        403,
        "where a cookie's layer stands before it, that one refuses"
    );
}

/// With one struct for both, no handler could tell by which door its visitor came.
#[test]
#[should_panic(expected = "sessions called `api` come in cookies and by bearer tokens")]
fn one_struct_is_not_both() {
    let _cookie = Sessions::<Api>::new(MemoryStore::new());
    let _bearer = Sessions::<Api>::bearer(MemoryStore::new());
}

/// A guard of a cookie's session still asks for a cookie.
async fn a_cookies_guard_says_cookie() {
    #[cloakroom::require_session(Shop, user_id)]
    async fn me() {}
    let router = both(&MemoryStore::new()).route("/me", get(me)).layer(SessionLayer::<Shop>::new(MemoryStore::new()));
    let reply = App::new(router).ask("/me", &"A".repeat(43)).await;
    assert_eq!((reply.status.as_u16(), challenge(&reply.headers)), (401, Some(r#"Cookie realm="shop""#)));
}
