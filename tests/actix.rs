//! What only actix-web has: the order of `wrap`, scopes within scopes, errors that middleware returns, and its own kinds of response.

use actix_web::body::{BoxBody, MessageBody as _};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::{Next, from_fn};
use actix_web::test::{TestRequest, init_service};
use actix_web::{App, Error, HttpResponse, Responder, ResponseError, error, web};
use axum::response::IntoResponse as _;
use cloakroom::{
    CookieAttributes, Cookies, CookiesMiddleware, GuardMiddleware, MemoryStore, Rejection, Session, SessionData,
    SessionError, SessionMiddleware, require_session, session_guard,
};
use tests::{Deed, FlakyStore, Shop, UserId};

#[derive(SessionData)]
#[session(cookie = "desk")]
struct Desk {
    is_open: bool,
}

#[session_guard(Desk, is_open = true, redirect = "/open")]
struct DeskOpen;

#[require_session(Shop, user_id, redirect = "/login")]
async fn account(#[session] user_id: UserId) -> impl Responder {
    (format!("user {}", user_id.0), StatusCode::ACCEPTED)
}

async fn sign_in(session: Session<Shop>, user: web::Path<u64>) -> Result<HttpResponse, SessionError> {
    session.set_user_id(UserId(user.into_inner())).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn has_session(session: Option<Session<Shop>>) -> String {
    session.is_some().to_string()
}

fn sessions() -> SessionMiddleware<Shop> {
    SessionMiddleware::new(MemoryStore::new())
}

/// A reply as far as these tests look at it.
#[derive(Debug)]
struct Reply {
    status: u16,
    cookies: Vec<String>,
    location: Option<String>,
    body: String,
}

async fn send<S>(service: &S, request: TestRequest) -> Reply
where
    S: Service<actix_http::Request, Response = ServiceResponse<BoxBody>, Error = Error>,
{
    let response = match service.call(request.to_request()).await {
        Ok(response) => response.into_parts().1,
        Err(error) => error.error_response(),
    };
    let text = |value: &actix_web::http::header::HeaderValue| value.to_str().expect("text").to_owned();
    let cookies = response.headers().get_all("set-cookie").map(text).collect();
    let location = response.headers().get("location").map(text);
    let status = response.status().as_u16();
    let body = response.into_body().try_into_bytes().expect("a body that is there");
    Reply { status, cookies, location, body: String::from_utf8(body.to_vec()).expect("text") }
}

fn get(path: &str) -> TestRequest {
    TestRequest::get().uri(path)
}

fn page(path: &str) -> TestRequest {
    get(path).insert_header(("accept", "text/html"))
}

fn with(request: TestRequest, replies: &[&Reply]) -> TestRequest {
    let pairs = replies.iter().flat_map(|reply| &reply.cookies).filter_map(|text| text.split(';').next());
    request.insert_header(("cookie", pairs.collect::<Vec<_>>().join("; ")))
}

/// An application whose responses all have one kind of body.
macro_rules! service {
    ($app:expr) => {
        init_service($app.wrap(actix_web::middleware::from_fn(boxed))).await
    };
}

async fn boxed(
    request: ServiceRequest,
    next: Next<impl actix_web::body::MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    next.call(request).await.map(ServiceResponse::map_into_boxed_body)
}

#[tokio::test]
async fn handlers_are_registered_as_they_are() {
    let app = App::new().route("/in/{user}", web::post().to(sign_in)).route("/account", web::get().to(account));
    let service = service!(app.wrap(sessions()));
    let begun = send(&service, TestRequest::post().uri("/in/7")).await;
    assert_eq!((begun.status, begun.cookies.len()), (204, 1));
    let reply = send(&service, with(get("/account"), &[&begun])).await;
    assert_eq!((reply.status, reply.body.as_str()), (202, "user 7"));
    let reply = send(&service, page("/account")).await;
    assert_eq!((reply.status, reply.location.as_deref()), (303, Some("/login?next=/account")));
}

/// The last `wrap` is the outermost: what was wrapped before the session sees it, what comes after does not.
#[tokio::test]
async fn a_middleware_sees_the_session_if_it_is_within() {
    async fn look(
        mut request: ServiceRequest,
        next: Next<impl actix_web::body::MessageBody + 'static>,
    ) -> Result<ServiceResponse<BoxBody>, Error> {
        let session = request.extract::<Option<Session<Shop>>>().await?;
        let seen = match &session {
            Some(session) => session.update_visits(|visits| *visits += 1).await.is_ok(),
            None => false,
        };
        let mut response = next.call(request).await?.map_into_boxed_body();
        let seen = actix_web::http::header::HeaderValue::from_static(if seen { "/seen" } else { "/unseen" });
        response.headers_mut().insert(actix_web::http::header::LOCATION, seen);
        Ok(response)
    }
    let app = || App::new().route("/", web::get().to(has_session));
    let within = service!(app().wrap(from_fn(look)).wrap(sessions()));
    let reply = send(&within, get("/")).await;
    assert_eq!((reply.body.as_str(), reply.location.as_deref(), reply.cookies.len()), ("true", Some("/seen"), 1));
    let outside = service!(app().wrap(sessions()).wrap(from_fn(look)));
    let reply = send(&outside, get("/")).await;
    assert_eq!((reply.body.as_str(), reply.location.as_deref(), reply.cookies.len()), ("true", Some("/unseen"), 0));
    let without = service!(app());
    assert_eq!(send(&without, get("/")).await.body, "false");
}

/// Each scope has its own sessions and guards, and the way back is the whole path.
#[tokio::test]
async fn scopes_within_scopes_have_their_own() {
    let desk = SessionMiddleware::<Desk>::new(MemoryStore::new());
    let office = web::scope("/office")
        .service(
            web::scope("/desk")
                .route("/mine", web::get().to(async |_: Session<Desk>, _: Session<Shop>| "mine"))
                .route("/{number}", web::get().to(async |number: web::Path<u8>, _: DeskOpen| number.to_string()))
                .wrap(GuardMiddleware::<DeskOpen>::new()),
        )
        .route("/open", web::post().to(async |session: Session<Desk>| session.set_is_open(true).await.map(|()| "open")))
        .wrap(desk);
    let service = service!(App::new().service(office).route("/in/{user}", web::post().to(sign_in)).wrap(sessions()));
    let reply = send(&service, page("/office/desk/3?x=1")).await;
    assert_eq!(reply.location.as_deref(), Some("/open?next=/office/desk/3%3Fx%3D1"));
    let open = send(&service, TestRequest::post().uri("/office/open")).await;
    assert!(open.cookies.len() == 1 && open.cookies[0].starts_with("__Host-desk="), "{open:?}");
    assert_eq!(send(&service, with(get("/office/desk/3"), &[&open])).await.body, "3");
    let shop = send(&service, TestRequest::post().uri("/in/7")).await;
    assert!(shop.cookies.len() == 1 && shop.cookies[0].starts_with("__Host-shop="), "{shop:?}");
    assert_eq!(send(&service, with(get("/office/desk/mine"), &[&shop, &open])).await.body, "mine");
    assert_eq!(send(&service, with(get("/office/desk/mine"), &[&shop])).await.status, 401);
}

/// An error that middleware returns is a response too: its session is saved by its status, and its cookie goes along.
#[tokio::test]
async fn errors_of_middleware_within_carry_the_cookie() {
    async fn refuse(mut request: ServiceRequest, _: Next<BoxBody>) -> Result<ServiceResponse<BoxBody>, Error> {
        request.extract::<Session<Shop>>().await?.set_visits(3).await?;
        match request.path() {
            "/teapot" => Err(error::InternalError::new("tea", StatusCode::IM_A_TEAPOT).into()),
            _ => Err(error::ErrorBadGateway("broken")),
        }
    }
    let store = FlakyStore::new(MemoryStore::new());
    let service =
        init_service(App::new().wrap(from_fn(refuse)).wrap(SessionMiddleware::<Shop>::new(store.clone()))).await;
    let send = async |path| match service.call(get(path).to_request()).await {
        Ok(_) => panic!("an error becomes no response on its way"),
        Err(error) => {
            let response = error.error_response();
            assert_eq!(response.status(), error.as_response_error().status_code());
            (response.status().as_u16(), response.headers().contains_key("set-cookie"))
        }
    };
    assert_eq!(send("/teapot").await, (418, true));
    assert_eq!(send("/broken").await, (502, false), "a 5xx drops what was pending");
    store.fail(&[Deed::Create]);
    assert_eq!(send("/teapot").await, (503, false), "what was not saved is not said to be");
}

/// The same where the error of an outer session takes the place of the one that a middleware returned.
#[tokio::test]
async fn errors_of_middleware_keep_the_cookies_of_what_is_within() {
    async fn refuse(mut request: ServiceRequest, _: Next<BoxBody>) -> Result<ServiceResponse<BoxBody>, Error> {
        request.extract::<Session<Desk>>().await?.set_is_open(true).await?;
        request.extract::<Cookies>().await?.set("theme", "dark", CookieAttributes::new())?;
        request.extract::<Session<Shop>>().await?.set_visits(3).await?;
        Err(error::InternalError::new("tea", StatusCode::IM_A_TEAPOT).into())
    }
    let store = FlakyStore::new(MemoryStore::new());
    let app = App::new().wrap(from_fn(refuse)).wrap(CookiesMiddleware::new());
    let app = app.wrap(SessionMiddleware::<Desk>::new(MemoryStore::new()));
    let service = init_service(app.wrap(SessionMiddleware::<Shop>::new(store.clone()))).await;
    for (fault, status, names) in [
        (&[][..], 418, &["theme", "__Host-desk", "__Host-shop"][..]),
        (&[Deed::Create], 503, &["theme", "__Host-desk"]),
    ] {
        store.fail(fault);
        let Err(error) = service.call(get("/").to_request()).await else { panic!("an error becomes no response") };
        let response = error.error_response();
        let cookies = response.headers().get_all("set-cookie").filter_map(|text| text.to_str().ok()?.split('=').next());
        assert_eq!((response.status().as_u16(), cookies.collect::<Vec<_>>()), (status, names.to_vec()));
    }
}

/// Middleware may look for its own error in what comes out, where nothing has to be added.
#[tokio::test]
async fn errors_pass_unchanged_where_nothing_was_touched() {
    async fn refuse(_: ServiceRequest, _: Next<BoxBody>) -> Result<ServiceResponse<BoxBody>, Error> {
        Err(SessionError::Ended.into())
    }
    let app = App::new().wrap(from_fn(refuse)).wrap(CookiesMiddleware::new()).wrap(sessions());
    let Err(error) = init_service(app).await.call(get("/").to_request()).await else { panic!("it is refused") };
    assert!(matches!(error.as_error(), Some(SessionError::Ended)), "{error:?}");
}

fn of_actix(_: &Rejection) -> HttpResponse {
    HttpResponse::ImATeapot().body("actix")
}

fn of_axum(_: &Rejection) -> axum::response::Response {
    axum::response::Html("axum").into_response()
}

fn of_both(rejection: &Rejection) -> impl Responder + axum::response::IntoResponse {
    rejection.to_string()
}

#[require_session(Shop, user_id, reject = of_actix)]
async fn answered_by_actix() -> &'static str {
    "in"
}

#[require_session(Shop, user_id, reject = of_axum)]
async fn answered_by_axum() -> &'static str {
    "in"
}

#[require_session(Shop, user_id, reject = of_both)]
async fn answered_by_both() -> &'static str {
    "in"
}

/// A guard's own answer is sent by the framework that knows it; the other one has the built-in answer.
#[tokio::test]
async fn a_guards_own_answer_is_of_the_framework_that_asks() {
    let app = App::new()
        .route("/actix", web::get().to(answered_by_actix))
        .route("/axum", web::get().to(answered_by_axum))
        .route("/both", web::get().to(answered_by_both));
    let service = service!(app.wrap(sessions()));
    let mut answers = Vec::new();
    for path in ["/actix", "/axum", "/both"] {
        let reply = send(&service, get(path)).await;
        answers.push((reply.status, reply.body));
    }
    let built_in = (401, "sign in first".to_owned());
    let own = (200, "the session lacks `user_id`".to_owned());
    assert_eq!(answers, [(418, "actix".to_owned()), built_in.clone(), own.clone()]);

    use axum::routing::get as on_axum;
    let app = axum::Router::new()
        .route("/actix", on_axum(answered_by_actix))
        .route("/axum", on_axum(answered_by_axum))
        .route("/both", on_axum(answered_by_both))
        .layer(cloakroom::SessionLayer::<Shop>::new(MemoryStore::new()));
    let mut browser = tests::Browser::new(app);
    let mut answers = Vec::new();
    for path in ["/actix", "/axum", "/both"] {
        let reply = browser.get(path).await;
        answers.push((reply.status.as_u16(), reply.body));
    }
    assert_eq!(answers, [built_in, (200, "axum".to_owned()), own]);
}

/// Whatever a handler may return may answer for all guards.
#[tokio::test]
async fn the_hook_takes_any_responder() {
    let app = || App::new().route("/account", web::get().to(account));
    let pair = |rejection: &Rejection| (rejection.to_string(), StatusCode::NOT_FOUND);
    let reply = send(&service!(app().wrap(sessions().with_rejection(pair))), get("/account")).await;
    assert_eq!((reply.status, reply.body.as_str()), (404, "the session lacks `user_id`"));
    fn itself(rejection: &Rejection) -> &Rejection {
        rejection
    }
    let reply = send(&service!(app().wrap(sessions().with_rejection(itself))), page("/account")).await;
    assert_eq!((reply.status, reply.location.as_deref()), (303, Some("/login?next=/account")));
    assert_eq!(Rejection::from(SessionError::Ended).status_code(), StatusCode::CONFLICT);
}
