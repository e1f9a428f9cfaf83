//! Sends N requests through an application in process, so that an instruction counter can be put on it.
//!
//! `benches APP ENDPOINT N`: APP is `bare`, `layer` (one layer that does nothing), `cloakroom` (in memory) or `sealed` (in the cookie);
//! `benches/run` takes the difference of N and 2N requests for each.

use std::convert::Infallible;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::get;
use cloakroom::{MemoryStore, SealKeys, Session, SessionData, SessionError, SessionLayer, Sessions};
use http::header;
use http_body_util::BodyExt as _;
use serde::{Deserialize, Serialize};
use tower::{Service, ServiceExt as _};

/// Sessions made beforehand: as many for N requests as for 2N, so that making them cancels out.
const PREPARED: usize = 1_000;

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
enum Role {
    #[default]
    Customer,
    Admin,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Item {
    product: String,
    quantity: u32,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Preferences {
    theme: String,
    language: String,
}

/// The record of the comparison: 8 fields, a cart of 10.
#[derive(Clone, Debug, SessionData)]
#[session(cookie = "shop")]
struct Shop {
    user_id: u64,
    user_name: String,
    role: Role,
    signed_in_at: u64,
    cart: Vec<Item>,
    preferences: Preferences,
    csrf: String,
    #[session(flash)]
    notice: Option<String>,
}

fn filled() -> Shop {
    let item = |number| Item { product: format!("product-{number:04}"), quantity: number };
    Shop {
        user_id: 123_456_789,
        user_name: "ada.lovelace@io.".into(),
        role: Role::Admin,
        signed_in_at: 1_780_000_000,
        cart: (0..10).map(item).collect(),
        preferences: Preferences { theme: "dark".into(), language: "en-GB".into() },
        csrf: "0123456789abcdef0123456789abcdef".into(),
        notice: None,
    }
}

async fn hello() -> &'static str {
    "hello"
}

async fn read(session: Session<Shop>) -> Result<String, SessionError> {
    session.user_name().await
}

async fn read8(session: Session<Shop>) -> Result<String, SessionError> {
    let user =
        (session.user_id().await?, session.user_name().await?, session.role().await?, session.signed_in_at().await?);
    let rest = (session.cart().await?, session.preferences().await?, session.csrf().await?, session.notice().await?);
    std::hint::black_box((&user, &rest));
    Ok(user.1)
}

async fn write(session: Session<Shop>) -> Result<&'static str, SessionError> {
    // Differs each time, since setting what is there already writes nothing.
    session.set_signed_in_at(session.signed_in_at().await? + 1).await?;
    Ok("hello")
}

async fn add(session: Session<Shop>) -> Result<&'static str, SessionError> {
    session.update_cart(|cart| cart[0].quantity += 1).await?;
    Ok("hello")
}

async fn login(session: Session<Shop>) -> Result<&'static str, SessionError> {
    session.regenerate().await?;
    session.set_user_id(987_654_321).await?;
    Ok("hello")
}

async fn logout(session: Session<Shop>) -> Result<&'static str, SessionError> {
    session.destroy().await?;
    Ok("hello")
}

#[derive(Clone)]
struct Nothing<S>(S);

impl<S: Service<Request, Response = Response, Error = Infallible>> Service<Request> for Nothing<S> {
    type Response = Response;
    type Error = Infallible;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Infallible>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> S::Future {
        self.0.call(request)
    }
}

fn plain() -> Router {
    ["/none", "/read", "/read8", "/write", "/add", "/login", "/logout"]
        .into_iter()
        .fold(Router::new(), |router, path| router.route(path, get(hello)))
}

fn with_sessions(sessions: Sessions<Shop>) -> Router {
    Router::new()
        .route("/none", get(hello))
        .route("/read", get(read))
        .route("/read8", get(read8))
        .route("/write", get(write))
        .route("/add", get(add))
        .route("/login", get(login))
        .route("/logout", get(logout))
        .layer(SessionLayer::from(sessions))
}

/// Cookie headers of sessions with the whole record in them.
async fn prepare(sessions: &Sessions<Shop>) -> Vec<String> {
    let mut cookies = Vec::with_capacity(PREPARED);
    for _ in 0..PREPARED {
        let session = sessions.open([]);
        session.set_all(filled()).await.expect("the record fits");
        let closed = sessions.close(&session, true).await;
        let cookie = closed.set_cookie.expect("a session begins");
        cookies.push(cookie.split(';').next().unwrap_or_default().to_owned());
    }
    cookies
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [app, endpoint, count] = arguments.as_slice() else { panic!("usage: benches APP ENDPOINT N") };
    let count: usize = count.parse().expect("a number of requests");
    assert!(count <= PREPARED, "at most {PREPARED} requests: each login and logout needs a session of its own");

    let sessions = match app.as_str() {
        "sealed" => Sessions::<Shop>::sealed(SealKeys::ephemeral()),
        _ => Sessions::new(MemoryStore::new()),
    };
    let cookies = prepare(&sessions).await;
    let router = match app.as_str() {
        "bare" => plain(),
        "layer" => plain().layer(tower::layer::layer_fn(Nothing)),
        "cloakroom" | "sealed" => with_sessions(sessions),
        _ => panic!("no app `{app}`"),
    };
    let mut service = router.into_service::<Body>();
    let path = format!("/{}", endpoint.trim_end_matches("-cookieless"));
    let each_its_own = matches!(endpoint.as_str(), "login" | "logout");
    for number in 0..count {
        let mut request = Request::builder().uri(&path).header(header::HOST, "shop.test");
        if !endpoint.ends_with("-cookieless") {
            request = request.header(header::COOKIE, &cookies[if each_its_own { number } else { 0 }]);
        }
        let request = request.body(Body::empty()).expect("a valid request");
        let response = service.ready().await.expect("ready").call(request).await.expect("routers do not fail");
        assert!(response.status().is_success());
        std::hint::black_box(response.into_body().collect().await.expect("a body").to_bytes());
    }
}
