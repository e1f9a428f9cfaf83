//! Promise 1, nothing is lost: what requests that overlap write is merged, on every store.
//!
//! The table in `PEERS.md` (50 requests on one session whose handlers overlap): other libraries keep 1 of 50 additions to one
//! list, and 1 of 50 different fields (defects 4 and 5). Here both columns must be 50.

use std::sync::Arc;
use std::time::SystemTime;

use cloakroom::store::SessionStore;
use cloakroom::{ManualClock, MemoryStore, Session, SessionData, SessionError, SessionLayer};
use tests::web::{Browser, Path, Routes, get, post};
use tests::{CartItem, Place, Shop, on_both, on_every_store_and_framework};
use tokio::sync::Barrier;

const REQUESTS: usize = 50;

/// Fifty fields, so that fifty requests can each set their own.
#[derive(SessionData, Debug)]
#[session(cookie = "wide")]
struct Wide {
    f00: u32,
    f01: u32,
    f02: u32,
    f03: u32,
    f04: u32,
    f05: u32,
    f06: u32,
    f07: u32,
    f08: u32,
    f09: u32,
    f10: u32,
    f11: u32,
    f12: u32,
    f13: u32,
    f14: u32,
    f15: u32,
    f16: u32,
    f17: u32,
    f18: u32,
    f19: u32,
    f20: u32,
    f21: u32,
    f22: u32,
    f23: u32,
    f24: u32,
    f25: u32,
    f26: u32,
    f27: u32,
    f28: u32,
    f29: u32,
    f30: u32,
    f31: u32,
    f32: u32,
    f33: u32,
    f34: u32,
    f35: u32,
    f36: u32,
    f37: u32,
    f38: u32,
    f39: u32,
    f40: u32,
    f41: u32,
    f42: u32,
    f43: u32,
    f44: u32,
    f45: u32,
    f46: u32,
    f47: u32,
    f48: u32,
    f49: u32,
    begun: bool,
}

macro_rules! wide_keys {
    ($($key:ident)*) => { [$(Wide::$key),*] };
}

/// The key of the field with this number.
fn wide_key(number: usize) -> cloakroom::Key<Wide, u32> {
    let keys = wide_keys![
        F00 F01 F02 F03 F04 F05 F06 F07 F08 F09 F10 F11 F12 F13 F14 F15 F16 F17 F18 F19 F20 F21 F22 F23 F24
        F25 F26 F27 F28 F29 F30 F31 F32 F33 F34 F35 F36 F37 F38 F39 F40 F41 F42 F43 F44 F45 F46 F47 F48 F49
    ];
    keys[number]
}

/// One session, one request per task, all handlers inside at once.
async fn overlap(browser: &Browser, path: impl Fn(usize) -> String) {
    let requests = (0..REQUESTS).map(|number| browser.spawn(browser.request(http::Method::POST, &path(number))));
    for request in requests.collect::<Vec<_>>() {
        let reply = request.await.unwrap();
        assert!(reply.status.is_success(), "{reply:?}");
        assert!(reply.set_cookies().is_empty(), "an update of a live session needs no new cookie: {reply:?}");
    }
}

/// However slow the machine, nobody runs out of time against rivals.
fn standing_clock() -> ManualClock {
    ManualClock::at(SystemTime::now())
}

/// Fifty requests add to one list, each having read the list before any has written.
async fn fifty_additions_to_one_list(place: Place<impl SessionStore>) {
    let barrier = Arc::new(Barrier::new(REQUESTS));
    let app = Routes::new()
        .route("/begin", post(async |session: Session<Shop>| session.set_visits(1).await))
        .route(
            "/add/{item}",
            post(async move |session: Session<Shop>, Path(item): Path<String>| {
                session.cart().await?;
                barrier.wait().await;
                session.update_cart(|cart| cart.push(CartItem::one(item.clone()))).await
            }),
        )
        .route("/cart", get(async |session: Session<Shop>| session.cart().await.map(|cart| cart.len().to_string())))
        .layer(SessionLayer::<Shop>::new(place.store().await).with_clock(standing_clock()));
    let mut browser = Browser::new(app);
    browser.post("/begin").await;
    overlap(&browser, |number| format!("/add/{number}")).await;
    assert_eq!(browser.get("/cart").await.body, "50", "additions to the same list were lost");
}

/// Fifty requests set a field each, all having read the session before any has written.
async fn fifty_different_fields(place: Place<impl SessionStore>) {
    let barrier = Arc::new(Barrier::new(REQUESTS));
    let app = Routes::new()
        .route("/begin", post(async |session: Session<Wide>| session.set_begun(true).await))
        .route(
            "/set/{number}",
            post(async move |session: Session<Wide>, Path(number): Path<usize>| {
                assert!(session.begun().await?);
                barrier.wait().await;
                session.set(wide_key(number), number as u32 + 1).await
            }),
        )
        .route(
            "/all",
            get(async |session: Session<Wide>| Ok::<_, SessionError>(format!("{:?}", session.snapshot().await?))),
        )
        .layer(SessionLayer::<Wide>::new(place.store().await).with_clock(standing_clock()));
    let mut browser = Browser::new(app);
    browser.post("/begin").await;
    overlap(&browser, |number| format!("/set/{number}")).await;
    let all = browser.get("/all").await.body;
    let kept = (0..REQUESTS).filter(|number| all.contains(&format!("f{number:02}: {}", number + 1))).count();
    assert_eq!(kept, REQUESTS, "different fields overwrote each other: {all}");
}

on_every_store_and_framework!(fifty_additions_to_one_list, fifty_different_fields);

/// Updates that race inside one request count too.
async fn updates_of_one_request_at_once() {
    let app = Routes::new()
        .route(
            "/",
            post(async |session: Session<Shop>| {
                let (a, b, c) = tokio::join!(
                    session.update_visits(|visits| *visits += 1),
                    session.update_visits(|visits| *visits += 10),
                    session.update_visits(|visits| *visits += 100),
                );
                for done in [a, b, c] {
                    done?;
                }
                Ok::<_, SessionError>(session.visits().await?.to_string())
            }),
        )
        .layer(SessionLayer::<Shop>::new(MemoryStore::new()));
    assert_eq!(Browser::new(app).post("/").await.body, "111");
}

/// An update sees what the same request has set, and commits its own field alone.
async fn an_update_builds_on_what_the_request_has_set() {
    let app = Routes::new()
        .route(
            "/fails",
            post(async |session: Session<Shop>| {
                session.set_visits(5).await?;
                session.set_cart(vec![CartItem::one("never kept")]).await?;
                session.update_visits(|visits| *visits += 1).await?;
                Ok::<_, SessionError>(http::StatusCode::INTERNAL_SERVER_ERROR)
            }),
        )
        .route(
            "/",
            get(async |session: Session<Shop>| Ok::<_, SessionError>(format!("{:?}", session.snapshot().await?))),
        )
        .layer(SessionLayer::<Shop>::new(MemoryStore::new()));
    let mut browser = Browser::new(app);
    assert_eq!(browser.post("/fails").await.status, 500);
    let body = browser.get("/").await.body;
    assert!(body.contains("visits: 6"), "a committed update must stay, whatever the status: {body}");
    assert!(body.contains("cart: []"), "a pending write must go with a 5xx: {body}");
}

on_both!(updates_of_one_request_at_once, an_update_builds_on_what_the_request_has_set,);
