//! `#[require_session]`: who gets in, what the others get, and that nothing of the request is read before.

use axum::body::Body;
use cloakroom::{
    CookieAttributes, CookieSettings, Cookies, ManualClock, MemoryStore, Rejection, Session, SessionData, SessionError,
    SessionLayer, require_session, session_guard,
};
use futures_util::FutureExt as _;
use http::{Method, StatusCode, header};
use std::time::Duration;
use tests::web::{Answer, Browser, Framework, Json, Path, Routes, Sent, State, WithHeader, any, get, post};
use tests::{CountingStore, Deed, FlakyStore, Reply, Role, Shop, SteppedStore, Theme, UserId, on_both};

#[require_session(Shop, user_id)]
async fn account(#[session] user_id: UserId) -> String {
    format!("account of {}", user_id.0)
}

#[require_session(Shop, user_id, redirect = "/login")]
async fn orders(
    session: Session<Shop>,
    #[session] user_id: UserId,
    Path(page): Path<u32>,
) -> Result<String, SessionError> {
    Ok(format!("page {page} of {}, {} in the cart", user_id.0, session.cart().await?.len()))
}

#[require_session(Shop, user_id, role = Role::Admin, redirect = "/login?why=admin")]
async fn admin(State(greeting): State<&'static str>, #[session] role: Role) -> impl Answer {
    format!("{greeting}, {role:?}")
}

#[require_session(Shop, user_id)]
async fn takes_a_body(Json(number): Json<u32>) -> String {
    number.to_string()
}

#[require_session(Shop, user_id, role = Role::Admin)]
async fn takes_a_body_of_admins(Path(page): Path<u32>, Json(number): Json<u32>) -> String {
    format!("{page}: {number}")
}

#[require_session(Shop, user_id, redirect = "/login?next=/cart")]
async fn check_out() -> &'static str {
    "ordered"
}

#[require_session(Shop, user_id, fresh = "10m", redirect = "/login")]
async fn change_email() -> &'static str {
    "changed"
}

async fn is_even(session: &Session<Shop>) -> Result<bool, SessionError> {
    Ok(session.visits().await? % 2 == 0)
}

#[require_session(Shop, user_id, check = is_even)]
async fn even_only() -> &'static str {
    "even"
}

#[require_session(Shop, any(role = Role::Admin, visits = 3..=5))]
async fn admin_or_regular() -> &'static str {
    "welcome"
}

#[require_session(Shop, all(user_id = UserId(1..=9), not(theme = Theme::Dark)))]
async fn early_user_in_daylight() -> &'static str {
    "good morning"
}

#[require_session(Shop, notice = "secret" | "password")]
async fn says_the_word(#[session] notice: String) -> String {
    notice
}

fn teapot(rejection: &Rejection) -> Sent {
    Sent::new(StatusCode::IM_A_TEAPOT).body(format!("{:?}", rejection.reason))
}

#[require_session(Shop, user_id, reject = teapot)]
async fn with_own_rejection() -> &'static str {
    "tea"
}

async fn sign_in(session: Session<Shop>, Path((user, role)): Path<(u64, String)>) -> Result<(), SessionError> {
    session.mark_authenticated().await?;
    session.set_user_id(UserId(user)).await?;
    session.set_role(if role == "admin" { Role::Admin } else { Role::Customer }).await
}

async fn set(session: Session<Shop>, Path((field, value)): Path<(String, String)>) -> Result<(), SessionError> {
    match field.as_str() {
        "visits" => session.set_visits(value.parse().unwrap_or(0)).await,
        "theme" => session.set_theme(if value == "dark" { Theme::Dark } else { Theme::Light }).await,
        _ => session.set_notice(value).await,
    }
}

async fn ends_it(session: &Session<Shop>) -> bool {
    session.destroy().await.is_ok()
}

#[require_session(Shop, user_id, check = ends_it, role)]
async fn asks_after_the_end() {}

#[derive(SessionData)]
struct Panel {
    is_open: bool,
}

#[session_guard(Panel, is_open = true)]
struct PanelOpen;

/// Two sessions, each with its own guard.
#[require_session(Shop, user_id)]
async fn both(_: PanelOpen) -> &'static str {
    "both"
}

fn routes() -> Routes {
    Routes::new()
        .route("/in/{user}/{role}", post(sign_in))
        .route("/set/{field}/{value}", post(set))
        .route("/account", get(account))
        .route("/orders/{page}", get(orders).post(orders))
        .route("/admin", get(admin))
        .route("/body", post(takes_a_body))
        .route("/bodies/{page}", post(takes_a_body_of_admins))
        .route("/check-out", get(check_out).post(check_out))
        .route("/email", post(change_email))
        .route("/even", get(even_only))
        .route("/regular", get(admin_or_regular))
        .route("/morning", get(early_user_in_daylight))
        .route("/word", get(says_the_word))
        .route("/own", get(with_own_rejection))
        .route("/ended", get(asks_after_the_end))
        .with_state("hello")
}

fn browser() -> Browser {
    Browser::new(routes().layer(SessionLayer::<Shop>::new(MemoryStore::new())))
}

async fn a_session_that_lacks_a_need_gets_401() {
    let mut browser = browser();
    assert_eq!(browser.get("/account").await.status, 401);
    browser.post("/set/visits/1").await;
    assert_eq!(browser.get("/account").await.status, 401, "a session, but nobody in it");
    browser.post("/in/7/customer").await;
    let reply = browser.get("/account").await;
    assert_eq!((reply.status.as_u16(), reply.body.as_str()), (200, "account of 7"));
}

async fn a_value_that_will_not_do_gets_403() {
    let mut browser = browser();
    assert_eq!(browser.get("/admin").await.status, 401);
    browser.post("/in/7/customer").await;
    assert_eq!(browser.get("/admin").await.status, 403);
    // Signing in again would not help, so nobody is sent there.
    let reply = browser.fetch(browser.navigation(Method::GET, "/admin")).await;
    assert_eq!(reply.status, 403);
    browser.post("/in/7/admin").await;
    assert_eq!(browser.get("/admin").await.body, "hello, Admin");
}

async fn browsers_are_sent_to_sign_in_and_programs_are_told() {
    let browser = browser();
    let reply = browser.fetch(browser.navigation(Method::GET, "/orders/2?sort=a&b=%20")).await;
    assert_eq!(reply.status, 303);
    assert_eq!(reply.header("location"), Some("/login?next=/orders/2%3Fsort%3Da%26b%3D%2520"));
    assert_eq!(reply.header("cache-control"), Some("no-store"), "the answer depends on the cookie");

    let reply = browser.fetch(browser.navigation(Method::HEAD, "/orders/2")).await;
    assert_eq!(reply.header("location"), Some("/login?next=/orders/2"), "what a GET would be told");

    let reply = browser.fetch(browser.navigation(Method::POST, "/orders/2")).await;
    assert_eq!(
        (reply.status.as_u16(), reply.header("location")),
        (303, Some("/login")),
        "a POST cannot be asked for again"
    );

    let reply = browser.fetch(browser.navigation(Method::GET, "/admin")).await;
    assert_eq!(reply.header("location"), Some("/login?why=admin&next=/admin"));

    for method in [Method::GET, Method::POST] {
        let reply = browser.fetch(browser.navigation(method, "/check-out")).await;
        assert_eq!(reply.header("location"), Some("/login?next=/cart"), "the guard names the way back itself");
    }

    let reply = browser.fetch(browser.request(Method::GET, "/orders/2")).await;
    assert_eq!((reply.status.as_u16(), reply.header("location")), (401, None));

    let mut script = browser.navigation(Method::GET, "/orders/2");
    script.headers_mut().insert("sec-fetch-mode", "cors".parse().unwrap());
    assert_eq!(browser.fetch(script).await.status, 401, "a script that says it accepts HTML is still a script");
}

/// A router's catch-all may stand behind a guard, so the path may be anything that a link can name.
async fn the_way_back_never_leads_off_the_site() {
    let app = Routes::new().fallback(any(change_email)).layer(SessionLayer::<Shop>::new(MemoryStore::new()));
    let browser = Browser::new(app);
    for path in ["//evil.example/", "//evil.example/%2e%2e", "///evil.example"] {
        let reply = browser.fetch(browser.navigation(Method::GET, path)).await;
        assert_eq!((reply.status.as_u16(), reply.header("location")), (303, Some("/login")), "{path}");
    }
}

async fn the_way_back_is_the_whole_path_also_from_a_nested_router() {
    let app = Routes::new().nest("/shop", routes()).layer(SessionLayer::<Shop>::new(MemoryStore::new()));
    let browser = Browser::new(app);
    let reply = browser.fetch(browser.navigation(Method::GET, "/shop/orders/2")).await;
    assert_eq!(reply.header("location"), Some("/login?next=/shop/orders/2"));
}

async fn what_was_proved_arrives_beside_the_other_parameters() {
    let mut browser = browser();
    browser.post("/in/7/customer").await;
    assert_eq!(browser.get("/orders/3").await.body, "page 3 of 7, 0 in the cart");
}

/// Defect 12: a guard that runs after the body was parsed tells strangers what the body should look like, and costs their upload.
async fn the_body_is_not_read_before_the_guard_has_spoken() {
    let browser = browser();
    let mut request = browser.request(Method::POST, "/body");
    *request.body_mut() = Body::from_stream(futures_util::stream::poll_fn(
        |_| -> std::task::Poll<Option<Result<bytes::Bytes, std::io::Error>>> { panic!("the body was read") },
    ));
    request.headers_mut().insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
    assert_eq!(browser.fetch(request).await.status, 401);
}

/// Runs a request whose store takes its time.
async fn stepped(store: &SteppedStore<MemoryStore>, request: impl Future<Output = Reply>) -> Reply {
    tokio::pin!(request);
    store.step(true);
    let reply = loop {
        match futures_util::poll!(request.as_mut()) {
            std::task::Poll::Ready(reply) => break reply,
            std::task::Poll::Pending => store.wake(),
        }
        tokio::task::yield_now().await;
    };
    store.step(false);
    reply
}

/// The guard speaks first however long it takes, whatever is wrong with the path or the body; and the body is there afterwards.
async fn a_guard_that_waits_for_the_store_still_comes_first() {
    let store = SteppedStore::new(MemoryStore::new());
    let theme = |cookies: Cookies| async move { cookies.set("theme", "dark", CookieAttributes::new()) }.boxed();
    let app = routes().before(theme).layer(CookieSettings::new()).layer(SessionLayer::<Shop>::new(store.clone()));
    let mut browser = Browser::new(app.layer(WithHeader("x-frame-options", "DENY")));
    let upload = |browser: &Browser, path: &str, kind: &str, body: Body| {
        let mut request = browser.request(Method::POST, path);
        *request.body_mut() = body;
        request.headers_mut().insert(header::CONTENT_TYPE, kind.parse().unwrap());
        request
    };
    let unread = || {
        let panics = |_: &mut std::task::Context<'_>| -> std::task::Poll<Option<Result<bytes::Bytes, std::io::Error>>> {
            panic!("the body was read")
        };
        Body::from_stream(futures_util::stream::poll_fn(panics))
    };
    browser.post("/in/7/customer").await;
    for (path, kind) in [("/bodies/1", "application/json"), ("/bodies/1", "text/plain"), ("/bodies/one", "text/plain")]
    {
        let reply = stepped(&store, browser.fetch(upload(&browser, path, kind, unread()))).await;
        assert_eq!(reply.status, 403, "{path} {kind}: {reply:?}");
        // A response like any other, for the middleware around it and within.
        assert_eq!(reply.header("x-frame-options"), Some("DENY"), "{path} {kind}");
        assert!(reply.set_cookies().iter().any(|cookie| cookie.starts_with("theme=dark;")), "{reply:?}");
    }
    browser.post("/in/7/admin").await;
    let reply = stepped(&store, browser.fetch(upload(&browser, "/bodies/1", "application/json", "5".into()))).await;
    assert_eq!((reply.status.as_u16(), reply.body.as_str()), (200, "1: 5"));
    let reply = stepped(&store, browser.fetch(upload(&browser, "/bodies/one", "application/json", "5".into()))).await;
    assert!(reply.status.is_client_error() && reply.status != 403, "{reply:?}");
    let reply = stepped(&store, browser.fetch(upload(&browser, "/bodies/1", "text/plain", "5".into()))).await;
    assert!(reply.status.is_client_error() && reply.status != 403, "{reply:?}");
}

async fn a_step_up_asks_again_after_ten_minutes() {
    let clock = ManualClock::default();
    let store = MemoryStore::new().with_clock(clock.clone());
    let mut browser = Browser::new(routes().layer(SessionLayer::<Shop>::new(store).with_clock(clock.clone())));
    browser.post("/in/7/customer").await;
    clock.advance(Duration::from_millis(599_999));
    assert_eq!(browser.post("/email").await.status, 200);
    clock.advance(Duration::from_millis(1));
    assert_eq!(browser.post("/email").await.status, 401);
    let reply = browser.fetch(browser.navigation(Method::POST, "/email")).await;
    assert_eq!(reply.header("location"), Some("/login"));
    browser.post("/in/7/customer").await;
    assert_eq!(browser.post("/email").await.status, 200);
}

async fn a_check_of_the_applications_own() {
    let mut browser = browser();
    assert_eq!(browser.get("/even").await.status, 401, "the needs before it come first");
    browser.post("/in/7/customer").await;
    assert_eq!(browser.get("/even").await.body, "even");
    browser.post("/set/visits/3").await;
    assert_eq!(browser.get("/even").await.status, 403);
}

/// Defect 12: `A && B || C` let a user without a role in.
async fn groups_mean_what_they_say() {
    let mut browser = browser();
    assert_eq!(browser.get("/regular").await.status, 401);
    browser.post("/in/7/customer").await;
    assert_eq!(browser.get("/regular").await.status, 403, "signed in, so signing in would not help");
    browser.post("/set/visits/4").await;
    assert_eq!(browser.get("/regular").await.status, 200);
    browser.post("/set/visits/6").await;
    browser.post("/in/7/admin").await;
    assert_eq!(browser.get("/regular").await.status, 200);

    assert_eq!(browser.get("/morning").await.status, 200);
    browser.post("/set/theme/dark").await;
    assert_eq!(browser.get("/morning").await.status, 403);
    browser.post("/set/theme/light").await;
    browser.post("/in/10/admin").await;
    assert_eq!(browser.get("/morning").await.status, 403);
}

async fn guards_look_at_a_flash_without_taking_it() {
    let mut browser = browser();
    browser.post("/set/notice/other").await;
    assert_eq!(browser.get("/word").await.status, 403);
    browser.post("/set/notice/secret").await;
    assert_eq!(browser.get("/word").await.body, "secret");
    assert_eq!(browser.get("/word").await.body, "secret");
}

async fn a_rejection_of_the_applications_own() {
    let reply = browser().get("/own").await;
    assert_eq!((reply.status.as_u16(), reply.body.as_str()), (418, "Missing(\"user_id\")"));
}

async fn a_store_that_is_down_is_no_missing_user() {
    let store = FlakyStore::new(MemoryStore::new());
    let mut browser = Browser::new(routes().layer(SessionLayer::<Shop>::new(store.clone())));
    browser.post("/in/7/customer").await;
    store.fail_all();
    let reply = browser.fetch(browser.navigation(Method::GET, "/orders/1")).await;
    assert_eq!((reply.status.as_u16(), reply.header("location")), (503, None));
}

async fn guards_never_ask_a_cache() {
    let (store, calls) = CountingStore::new(MemoryStore::new());
    let mut browser = Browser::new(routes().layer(SessionLayer::<Shop>::new(store)));
    browser.post("/in/7/customer").await;
    calls.take();
    browser.get("/orders/1").await;
    assert_eq!(calls.take(), [Deed::LoadCurrent], "one call for guard, parameter and handler together");
}

async fn a_guard_without_its_layer_names_it() {
    let reply = Browser::new(routes()).get("/account").await;
    assert_eq!(reply.status, 500);
    assert!(reply.body.contains(Framework::current().layer()) && reply.body.contains("Shop"), "{}", reply.body);
}

async fn what_was_ended_before_a_need_is_asked_holds_nothing() {
    let mut browser = browser();
    browser.post("/in/7/admin").await;
    assert_eq!(browser.get("/ended").await.status, 401);
    assert_eq!(browser.get("/account").await.status, 401);

    let sign_out = |session: Session<Shop>| async move { session.destroy().await }.boxed();
    let app = Routes::new().route("/account", get(account)).before(sign_out);
    let app = app.route("/in/{user}/{role}", post(sign_in)).layer(SessionLayer::<Shop>::new(MemoryStore::new()));
    let mut browser = Browser::new(app);
    browser.post("/in/7/admin").await;
    assert_eq!(browser.get("/account").await.status, 401);
}

async fn two_sessions_are_guarded_each_on_its_own() {
    let open = async |session: Session<Panel>| session.set_is_open(true).await;
    let app = Routes::new()
        .route("/both", get(both))
        .route("/open", post(open))
        .route("/in/{user}/{role}", post(sign_in))
        .layer(SessionLayer::<Shop>::new(MemoryStore::new()))
        .layer(SessionLayer::<Panel>::new(MemoryStore::new()));
    let (mut shop, mut panel) = (Browser::new(app.clone()), Browser::new(app));
    shop.post("/in/7/customer").await;
    assert_eq!(shop.get("/both").await.status, 401);
    panel.post("/open").await;
    assert_eq!(panel.get("/both").await.status, 401);
    panel.post("/in/7/customer").await;
    assert_eq!(panel.get("/both").await.body, "both");
}

on_both!(
    a_session_that_lacks_a_need_gets_401,
    a_value_that_will_not_do_gets_403,
    browsers_are_sent_to_sign_in_and_programs_are_told,
    the_way_back_never_leads_off_the_site,
    the_way_back_is_the_whole_path_also_from_a_nested_router,
    what_was_proved_arrives_beside_the_other_parameters,
    the_body_is_not_read_before_the_guard_has_spoken,
    a_guard_that_waits_for_the_store_still_comes_first,
    a_step_up_asks_again_after_ten_minutes,
    a_check_of_the_applications_own,
    groups_mean_what_they_say,
    guards_look_at_a_flash_without_taking_it,
    a_rejection_of_the_applications_own,
    a_store_that_is_down_is_no_missing_user,
    guards_never_ask_a_cache,
    a_guard_without_its_layer_names_it,
    what_was_ended_before_a_need_is_asked_holds_nothing,
    two_sessions_are_guarded_each_on_its_own,
);
