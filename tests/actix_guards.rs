//! Guards on handlers as actix-web has them: its own attributes for routes, and parameters in any order.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

use actix_web::body::MessageBody;
use actix_web::dev::{Service as _, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Next, from_fn};
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::{App, Error, get, post, web};
use cloakroom::{
    CookieAttributes, Cookies, CookiesMiddleware, MemoryStore, Session, SessionError, SessionMiddleware,
    require_session, session_guard,
};
use tests::{Shop, SteppedStore, UserId};

#[session_guard(Shop, user_id, redirect = "/login")]
struct SignedIn {
    user_id: UserId,
}

#[post("/in")]
async fn sign_in(session: Session<Shop>) -> Result<&'static str, SessionError> {
    session.set_user_id(UserId(7)).await.map(|()| "in")
}

#[get("/above/{page}")]
#[require_session(Shop, user_id, redirect = "/login")]
async fn route_above(#[session] user_id: UserId, page: web::Path<u32>) -> String {
    format!("page {page} of {}", user_id.0)
}

#[require_session(Shop, user_id, redirect = "/login")]
#[get("/below/{page}")]
async fn route_below(#[session] user_id: UserId, page: web::Path<u32>) -> String {
    format!("page {page} of {}", user_id.0)
}

static RAN: AtomicUsize = AtomicUsize::new(0);

#[post("/body-first")]
async fn body_first(number: web::Json<u32>, SignedIn { user_id }: SignedIn) -> String {
    RAN.fetch_add(1, Ordering::SeqCst);
    format!("{number} of {}", user_id.0)
}

#[post("/guard-first")]
async fn guard_first(SignedIn { user_id }: SignedIn, number: web::Json<u32>) -> String {
    RAN.fetch_add(1, Ordering::SeqCst);
    format!("{number} of {}", user_id.0)
}

/// A guard that waits for its store, where a middleware asks for it beside what is at fault: its answer, and the cookies from within.
#[tokio::test]
async fn a_guard_of_a_middleware_that_waits_keeps_the_cookies() {
    async fn ask(
        _: SignedIn,
        _: web::Path<u32>,
        request: ServiceRequest,
        next: Next<impl MessageBody + 'static>,
    ) -> Result<ServiceResponse<impl MessageBody>, Error> {
        next.call(request).await
    }
    async fn set(
        mut request: ServiceRequest,
        next: Next<impl MessageBody + 'static>,
    ) -> Result<ServiceResponse<impl MessageBody>, Error> {
        request.extract::<Cookies>().await?.set("theme", "dark", CookieAttributes::new())?;
        next.call(request).await
    }
    let store = SteppedStore::new(MemoryStore::new());
    let page = web::resource("/page/{number}").wrap(from_fn(ask)).wrap(from_fn(set)).wrap(CookiesMiddleware::new());
    let app = init_service(App::new().service(page).wrap(SessionMiddleware::<Shop>::new(store.clone()))).await;
    let request =
        TestRequest::get().uri("/page/one").insert_header(("cookie", format!("__Host-shop={}", "A".repeat(43))));
    store.step(true);
    let mut answered = std::pin::pin!(app.call(request.to_request()));
    let error = loop {
        match futures_util::poll!(answered.as_mut()) {
            Poll::Ready(Err(error)) => break error,
            Poll::Ready(Ok(_)) => panic!("an error becomes no response on its way"),
            Poll::Pending => store.wake(),
        }
    };
    let response = error.error_response();
    assert_eq!(response.status(), 401);
    assert!(response.cookies().any(|cookie| cookie.name() == "theme"), "{response:?}");
}

/// An application with these handlers, and a visitor's cookie.
macro_rules! app {
    ($($handler:ident),+) => {{
        let sessions = SessionMiddleware::<Shop>::new(MemoryStore::new());
        let app = init_service(App::new().service(sign_in)$(.service($handler))+.wrap(sessions)).await;
        let begun = call_service(&app, TestRequest::post().uri("/in").to_request()).await;
        let cookie = begun.response().cookies().next().expect("a session begins").into_owned();
        (app, cookie)
    }};
}

async fn told(response: ServiceResponse) -> (u16, String) {
    let status = response.status().as_u16();
    (status, String::from_utf8(read_body(response).await.to_vec()).expect("text"))
}

#[tokio::test]
async fn actix_attributes_stand_above_or_below() {
    let (app, cookie) = app!(route_above, route_below);
    for path in ["/above/2", "/below/2"] {
        let page = || TestRequest::get().uri(path).insert_header(("accept", "text/html"));
        let stranger = call_service(&app, page().to_request()).await;
        let location = stranger.headers().get("location").and_then(|value| value.to_str().ok());
        assert_eq!((stranger.status().as_u16(), location), (303, Some(&*format!("/login?next={path}"))));
        let visitor = call_service(&app, page().cookie(cookie.clone()).to_request()).await;
        assert_eq!(told(visitor.map_into_boxed_body()).await, (200, "page 2 of 7".to_owned()));
    }
}

/// A body that comes first is read first, and what is wrong with it is said to strangers; but none of them gets in.
#[tokio::test]
async fn a_guard_behind_the_body_keeps_strangers_out() {
    let (app, cookie) = app!(body_first, guard_first);
    let upload = |path: &str, body: &'static str| {
        TestRequest::post().uri(path).insert_header(("content-type", "application/json")).set_payload(body)
    };
    for (path, broken) in [("/body-first", 400), ("/guard-first", 401)] {
        for (body, status) in [("5", 401), ("five", broken)] {
            let stranger = call_service(&app, upload(path, body).to_request()).await;
            assert_eq!(stranger.status(), status, "{path} {body}");
        }
        assert_eq!(RAN.load(Ordering::SeqCst), 0, "a stranger got in at {path}");
        let visitor = call_service(&app, upload(path, "5").cookie(cookie.clone()).to_request()).await;
        assert_eq!(told(visitor.map_into_boxed_body()).await, (200, "5 of 7".to_owned()));
        assert_eq!(RAN.swap(0, Ordering::SeqCst), 1);
    }
}
