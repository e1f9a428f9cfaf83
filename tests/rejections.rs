//! What a client gets that a guard turns away: a page, a problem or a line of text, with what HTTP asks for; and the hook by which
//! an application answers for all its guards.

use std::error::Error as _;
use std::time::Duration;

use cloakroom::{
    Format, GuardLayer, MemoryStore, Reason, Rejection, Session, SessionData, SessionError, SessionLayer, StoreError,
    require_session, session_guard,
};
use http::{HeaderMap, Method, StatusCode, header};
use tests::secret::assert_secret;
use tests::web::{Both, Browser, Routes, Sent, get};
use tests::{FlakyStore, Reply, Role, Shop, UserId, on_both};

const PAGE: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const JSON: &str = "application/json, text/plain, */*";
const COOKIE: &str = "__Host-shop";

#[require_session(Shop, user_id)]
async fn account() -> &'static str {
    "account"
}

#[require_session(Shop, user_id, redirect = "/login?from=\"shop\"")]
async fn orders() -> &'static str {
    "orders"
}

#[require_session(Shop, user_id, role = Role::Admin, redirect = "/login")]
async fn admin() -> &'static str {
    "admin"
}

fn teapot(_: &Rejection) -> Sent {
    Sent::new(StatusCode::IM_A_TEAPOT).body("tea")
}

#[require_session(Shop, user_id, reject = teapot)]
async fn own_answer() -> &'static str {
    "own"
}

fn bare(_: &Rejection) -> Sent {
    Sent::new(StatusCode::UNAUTHORIZED)
}

#[require_session(Shop, user_id, reject = bare)]
async fn own_401() -> &'static str {
    "own"
}

async fn sign_in(session: Session<Shop>) -> Result<(), SessionError> {
    session.set_user_id(UserId(7)).await?;
    session.set_role(Role::Customer).await
}

fn routes() -> Routes {
    Routes::new()
        .route("/in", get(sign_in))
        .route("/account", get(account))
        .route("/orders", get(orders).post(orders))
        .route("/admin", get(admin))
        .route("/own", get(own_answer))
        .route("/own-401", get(own_401))
}

fn layer() -> Both<Shop> {
    SessionLayer::new(MemoryStore::new()).into()
}

fn browser(layer: Both<Shop>) -> Browser {
    Browser::new(routes().layer(layer))
}

async fn fetch(browser: &Browser, path: &str, accept: &str) -> Reply {
    let mut request = browser.request(Method::GET, path);
    request.headers_mut().insert(header::ACCEPT, accept.parse().unwrap());
    browser.fetch(request).await
}

/// All that the fields of one name say.
fn all(reply: &Reply, name: &str) -> Vec<String> {
    reply.headers.get_all(name).iter().map(|value| value.to_str().unwrap().to_owned()).collect()
}

/// A visitor whom a guard does not know, and one whom it does: what they ask for, its status, and what they may know of it.
async fn turned_away() -> [(Browser, &'static str, u16, &'static str); 2] {
    let mut customer = browser(layer());
    customer.get("/in").await;
    [(browser(layer()), "/account", 401, "sign in first"), (customer, "/admin", 403, "not allowed")]
}

async fn a_person_gets_a_page() {
    for (browser, path, status, text) in turned_away().await {
        let reply = fetch(&browser, path, PAGE).await;
        assert_eq!((reply.status.as_u16(), reply.header("content-type")), (status, Some("text/html; charset=utf-8")));
        let title = text[..1].to_uppercase() + &text[1..];
        for part in ["<!doctype html>", "<html lang=\"en\">", "<meta charset=\"utf-8\">", "<main>", "</html>"] {
            assert!(reply.body.contains(part), "{part}: {}", reply.body);
        }
        assert!(reply.body.contains(&format!("<title>{title}</title>")), "{}", reply.body);
        assert!(reply.body.contains(&format!("<h1>{title}</h1>")), "{}", reply.body);
        assert!(!reply.body.contains("<script") && !reply.body.contains("style"), "{}", reply.body);
        assert!(!reply.body.contains("user_id") && !reply.body.contains("role"), "{}", reply.body);
    }
}

async fn a_program_gets_a_problem() {
    for (browser, path, status, text) in turned_away().await {
        for accept in [JSON, "application/problem+json", "application/vnd.api+json"] {
            let reply = fetch(&browser, path, accept).await;
            assert_eq!(
                (reply.status.as_u16(), reply.header("content-type")),
                (status, Some("application/problem+json"))
            );
            let problem: serde_json::Value = serde_json::from_str(&reply.body).expect("JSON");
            let title = if status == 401 { "Unauthorized" } else { "Forbidden" };
            let expected = serde_json::json!({"type": "about:blank", "title": title, "status": status, "detail": text});
            assert_eq!(problem, expected, "and no name of a field");
        }
    }
}

async fn who_says_nothing_gets_a_line() {
    for (browser, path, status, text) in turned_away().await {
        for reply in [browser.fetch(browser.request(Method::GET, path)).await, fetch(&browser, path, "*/*").await] {
            assert_eq!((reply.status.as_u16(), reply.body.as_str()), (status, text));
            assert_eq!(reply.header("content-type"), Some("text/plain; charset=utf-8"));
        }
    }
}

/// A cache that knows one answer has not seen the other.
async fn what_depends_on_accept_says_so() {
    let browser = browser(layer());
    for accept in [PAGE, JSON, "*/*"] {
        for path in ["/account", "/orders", "/admin"] {
            assert_eq!(all(&fetch(&browser, path, accept).await, "vary"), ["Accept", "Cookie"], "{path}, {accept}");
        }
    }
}

async fn a_script_that_names_html_second_is_not_redirected() {
    let browser = browser(layer());
    for (accept, status) in [
        (PAGE, 303),
        ("text/html", 303),
        ("text/html;q=0.5, application/json;q=0.4", 303),
        ("text/html;q=0.4, application/json;q=0.5", 401),
        ("application/json, text/html, */*", 401),
        ("text/html;q=0, */*", 401),
        ("text/*", 401),
        ("application/x-text/html", 401),
    ] {
        assert_eq!(fetch(&browser, "/orders", accept).await.status, status, "{accept}");
    }
}

/// RFC 9110, section 15.4.4: a redirect has a body for those who do not follow it.
async fn a_redirect_has_a_link_to_follow() {
    let reply = fetch(&browser(layer()), "/orders?a=1&b=2", PAGE).await;
    let location = "/login?from=\"shop\"&next=/orders%3Fa%3D1%26b%3D2";
    assert_eq!((reply.status.as_u16(), reply.header("location")), (303, Some(location)));
    let link = format!("<a href=\"{}\">", location.replace('&', "&amp;").replace('"', "&quot;"));
    assert!(reply.body.contains(&link), "{}", reply.body);
}

/// RFC 9110, section 15.5.2: a 401 says how to authenticate. Nothing else does.
async fn a_401_says_how_to_sign_in() {
    let mut browser = browser(layer());
    for accept in [PAGE, JSON, "*/*"] {
        assert_eq!(all(&fetch(&browser, "/account", accept).await, "www-authenticate"), ["Cookie realm=\"shop\""]);
    }
    let with_form = "Cookie realm=\"shop\", form-action=\"/login?from=\\\"shop\\\"\"";
    assert_eq!(all(&fetch(&browser, "/orders", JSON).await, "www-authenticate"), [with_form]);

    let redirect = fetch(&browser, "/orders", PAGE).await;
    assert_eq!((redirect.status.as_u16(), redirect.header("www-authenticate")), (303, None));
    browser.get("/in").await;
    let forbidden = fetch(&browser, "/admin", JSON).await;
    assert_eq!((forbidden.status.as_u16(), forbidden.header("www-authenticate")), (403, None));
}

async fn a_store_that_is_down_is_a_page_too() {
    let store = FlakyStore::new(MemoryStore::new());
    let mut browser = browser(SessionLayer::new(store.clone()).into());
    browser.get("/in").await;
    store.fail_all();
    let text = "the session store is not available; try again later";
    for (accept, part) in [
        (PAGE, format!("<h1>T{}</h1>", &text[1..])),
        (JSON, format!("\"detail\":\"{text}\"")),
        ("*/*", text.to_owned()),
    ] {
        let reply = fetch(&browser, "/orders", accept).await;
        assert_eq!((reply.status.as_u16(), reply.header("www-authenticate")), (503, None));
        assert!(reply.body.contains(&part), "{}", reply.body);
    }
}

/// The example of the documentation, but for the page.
fn themed(rejection: &Rejection) -> Sent {
    match rejection.prefers() {
        Format::Html if rejection.location.is_none() => Sent::new(rejection.status()).body("<h1>Ours</h1>"),
        _ => rejection.into(),
    }
}

async fn an_application_can_have_its_own_pages_and_leave_the_rest() {
    let mut browser = browser(layer().with_rejection(themed));
    let page = fetch(&browser, "/account", PAGE).await;
    assert_eq!((page.status.as_u16(), page.body.as_str()), (401, "<h1>Ours</h1>"));
    assert_eq!(all(&page, "www-authenticate"), ["Cookie realm=\"shop\""], "the layer adds what HTTP asks for");
    assert_eq!(all(&page, "vary"), ["Accept", "Cookie"]);

    let redirect = fetch(&browser, "/orders", PAGE).await;
    assert_eq!(redirect.status, 303);
    assert!(redirect.header("location").unwrap().ends_with("next=/orders"));
    let program = fetch(&browser, "/account", JSON).await;
    assert_eq!(program.header("content-type"), Some("application/problem+json"));
    assert_eq!(all(&program, "www-authenticate").len(), 1);
    assert_eq!(all(&program, "vary"), ["Accept", "Cookie"], "said once");

    assert_eq!(fetch(&browser, "/own", PAGE).await.body, "tea", "a guard's own answer comes first");
    let own = fetch(&browser, "/own-401", PAGE).await;
    assert_eq!((own.status.as_u16(), own.header("www-authenticate")), (401, None), "and is left alone");

    browser.get("/in").await;
    let page = fetch(&browser, "/admin", PAGE).await;
    assert_eq!((page.status.as_u16(), page.body.as_str()), (403, "<h1>Ours</h1>"));
    assert_eq!(fetch(&browser, "/account", PAGE).await.body, "account", "who may pass, passes");
}

/// All that an application can learn of a rejection, as text.
fn told(rejection: &Rejection) -> Sent {
    let header = |headers: &HeaderMap| headers.get("x-request-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
    let id = rejection.headers().and_then(header);
    Sent::default().body(format!(
        "{:?} {:?} {} {:?} {:?} {:?}",
        rejection.reason,
        rejection.location,
        rejection.status().as_u16(),
        rejection.method().map(Method::as_str),
        rejection.uri().map(ToString::to_string),
        id
    ))
}

async fn the_hook_sees_everything() {
    let app = Routes::new().nest("/shop", routes()).layer(layer().with_rejection(told));
    let mut browser = Browser::new(app);
    let mut request = browser.request(Method::POST, "/shop/orders?page=2");
    request.headers_mut().insert("x-request-id", "abc".parse().unwrap());
    request.headers_mut().insert(header::ACCEPT, PAGE.parse().unwrap());
    let expected = "Missing(\"user_id\") Some(\"/login?from=\\\"shop\\\"\") 303 Some(\"POST\") Some(\"/shop/orders?page=2\") \
                    Some(\"abc\")";
    assert_eq!(browser.fetch(request).await.body, expected);
    browser.get("/shop/in").await;
    let body = fetch(&browser, "/shop/admin", PAGE).await.body;
    assert_eq!(body, "Mismatch(\"role\") None 403 Some(\"GET\") Some(\"/shop/admin\") None");
}

/// The layer's settings and the middleware's.
macro_rules! with_settings {
    () => {
        |layer| {
            let layer = layer.with_idle(Duration::from_secs(60)).with_absolute(Duration::from_secs(600));
            layer.with_public_origin("https://shop.test").with_strict_origins()
        }
    };
}

/// What is set later does not take the hook away, and what the hook says counts: to hide that there is a page, for one.
async fn the_hook_stays_through_the_other_settings() {
    let layer = layer()
        .with_rejection(|rejection: &Rejection| match rejection.reason {
            Reason::Missing(_) => Sent::new(StatusCode::NOT_FOUND),
            _ => Sent::see_other("/elsewhere"),
        })
        .map(with_settings!(), with_settings!());
    let mut browser = browser(layer);
    let reply = fetch(&browser, "/account", PAGE).await;
    assert_eq!((reply.status.as_u16(), reply.header("www-authenticate")), (404, None));
    browser.get("/in").await;
    assert_eq!(fetch(&browser, "/admin", PAGE).await.header("location"), Some("/elsewhere"));
}

async fn a_hook_that_panics_leaves_the_door_shut() {
    let app = routes().layer(layer().with_rejection(|_: &Rejection| panic!("a mistake"))).catch_panic();
    assert_eq!(Browser::new(app).get("/account").await.status, 500);
}

/// One answer, wherever the guard stands. Inside a body the function answers, and still says how to sign in.
async fn the_hook_answers_for_guards_of_every_kind() {
    #[session_guard(Shop, user_id, redirect = "/login")]
    struct SignedIn;
    async fn in_the_body(session: Session<Shop>) -> Result<&'static str, Rejection> {
        SignedIn::check(&session).await.map(|_| "in")
    }
    let app = Routes::new()
        .nest("/layer", Routes::new().route("/in", get(async || "in")).layer(GuardLayer::<SignedIn>::new()))
        .route("/extractor", get(async |_: SignedIn| "in"))
        .route("/body", get(in_the_body))
        .layer(layer().with_rejection(told));
    let browser = Browser::new(app);
    for path in ["/layer/in", "/extractor"] {
        let expected = format!("Missing(\"user_id\") None 401 Some(\"GET\") Some({path:?}) None");
        assert_eq!(fetch(&browser, path, JSON).await.body, expected);
    }
    let reply = fetch(&browser, "/body", PAGE).await;
    assert_eq!((reply.status.as_u16(), reply.body.as_str()), (401, "sign in first"));
    assert_eq!(all(&reply, "www-authenticate"), ["Cookie realm=\"shop\", form-action=\"/login\""]);
}

/// Two types of session have a hook each.
async fn a_hook_is_for_the_guards_of_its_own_session() {
    #[derive(SessionData)]
    #[session(cookie = "staff")]
    struct Staff {
        badge: Option<u32>,
    }
    #[require_session(Staff, badge)]
    async fn back_office() -> &'static str {
        "orders"
    }
    let staff = SessionLayer::<Staff>::new(MemoryStore::new());
    let app = routes().route("/office", get(back_office)).layer(layer().with_rejection(themed)).layer(staff);
    let reply = fetch(&Browser::new(app), "/office", PAGE).await;
    assert!(reply.body.contains("Sign in first"), "{}", reply.body);
    assert_eq!(all(&reply, "www-authenticate"), ["Cookie realm=\"staff\""]);
}

/// Inside a body there is no request at hand, and `?` does the rest.
async fn a_rejection_can_be_returned_by_hand() {
    async fn by_hand(session: Session<Shop>) -> Result<&'static str, Rejection> {
        if !session.has_user_id().await? {
            return Err(Reason::Missing("user_id").into());
        }
        Ok("in")
    }
    let store = FlakyStore::new(MemoryStore::new());
    let mut browser =
        Browser::new(routes().route("/hand", get(by_hand)).layer(SessionLayer::<Shop>::new(store.clone())));
    let reply = browser.get("/hand").await;
    assert_eq!((reply.status.as_u16(), reply.body.as_str()), (401, "sign in first"));
    assert_eq!(all(&reply, "www-authenticate"), ["Cookie"]);
    browser.get("/in").await;
    assert_eq!(browser.get("/hand").await.body, "in");
    store.fail_all();
    assert_eq!(browser.get("/hand").await.status, 503);
}

#[test]
fn a_rejection_is_an_error_like_any_other() {
    fn is_error<T: std::error::Error + Send + Sync + 'static>() {}
    is_error::<Rejection>();
    assert!(size_of::<Rejection>() <= 112, "{} bytes in each `Result`", size_of::<Rejection>());

    let missing = Rejection::from(Reason::Missing("user_id"));
    assert_eq!(missing.to_string(), "the session lacks `user_id`");
    assert!(missing.source().is_none() && missing.method().is_none() && missing.uri().is_none());
    assert!(missing.headers().is_none());
    assert_eq!((missing.prefers(), missing.location), (Format::Text, None));

    let failed = Rejection::from(SessionError::Store(StoreError::message("the disk is full")));
    assert_eq!(failed.status(), 503);
    assert!(matches!(failed.source().and_then(|source| source.downcast_ref()), Some(SessionError::Store(_))));
    assert!(!failed.to_string().is_empty());
}

/// The copy of the head holds the cookie. Neither the rejection nor its header fields show it.
async fn a_rejection_shows_no_secret() {
    let show = |rejection: &Rejection| {
        let headers = rejection.headers().expect("a request");
        assert!(headers.contains_key(header::COOKIE) && headers.contains_key(header::AUTHORIZATION));
        Sent::default().body(format!("{rejection:?} {rejection:#?} {rejection} {headers:?}"))
    };
    let mut browser = browser(layer().with_rejection(show));
    browser.get("/in").await;
    let token = browser.cookie(COOKIE).expect("a session").to_owned();
    let mut request = browser.request(Method::GET, "/admin");
    request.headers_mut().insert(header::AUTHORIZATION, "Bearer abracadabra".parse().unwrap());
    let text = browser.fetch(request).await.body;
    assert!(text.contains("/admin") && text.contains("Mismatch") && text.contains("shop.test"), "{text}");
    assert!(!text.contains("abracadabra"), "{text}");
    assert_secret(&text, &[token]);
}

on_both!(
    a_person_gets_a_page,
    a_program_gets_a_problem,
    who_says_nothing_gets_a_line,
    what_depends_on_accept_says_so,
    a_script_that_names_html_second_is_not_redirected,
    a_redirect_has_a_link_to_follow,
    a_401_says_how_to_sign_in,
    a_store_that_is_down_is_a_page_too,
    an_application_can_have_its_own_pages_and_leave_the_rest,
    the_hook_sees_everything,
    the_hook_stays_through_the_other_settings,
    a_hook_that_panics_leaves_the_door_shut,
    the_hook_answers_for_guards_of_every_kind,
    a_hook_is_for_the_guards_of_its_own_session,
    a_rejection_can_be_returned_by_hand,
    a_rejection_shows_no_secret,
);
