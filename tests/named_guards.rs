//! `#[session_guard]`: one guard, and the same answer wherever it stands.

use axum::body::Body;
use axum::response::IntoResponse as _;
use bytes::Bytes;
use cloakroom::{
    Guard, GuardLayer, MemoryStore, Reason, Rejection, Session, SessionData, SessionError, SessionLayer, Sessions,
    require_session, session_guard,
};
use http::{Method, Request, StatusCode};
use std::collections::HashMap;
use tests::web::{Answer, Browser, Framework, Path, Query, Routes, Sent, State, get, post};
use tests::{CountingStore, Deed, FlakyStore, Role, Shop, Theme, UserId, Visitor, on_both};

#[session_guard(Shop, user_id, redirect = "/login")]
pub struct SignedIn {
    pub user_id: UserId,
}

#[session_guard(Shop, SignedIn, role = Role::Admin)]
pub struct Admin {
    pub user_id: UserId,
    role: Role,
}

#[session_guard(Shop, theme = Theme::Dark)]
struct Nocturnal;

fn teapot(rejection: &Rejection) -> Sent {
    Sent::new(StatusCode::IM_A_TEAPOT).body(format!("{:?}", rejection.reason))
}

#[session_guard(Shop, all(SignedIn, not(Nocturnal)), reject = teapot)]
struct Diurnal;

mod elsewhere {
    use tests::{Shop, UserId};

    /// In a module of its own, seen through its path alone.
    #[cloakroom::session_guard(Shop, user_id = UserId(..=9))]
    pub(crate) struct Early {
        pub(crate) user_id: UserId,
    }
}

#[require_session(SignedIn)]
async fn account() -> &'static str {
    "account"
}

#[require_session(SignedIn)]
async fn account_of(#[session] user_id: UserId, body: String) -> String {
    format!("{} says {body}", user_id.0)
}

async fn extracted(Admin { user_id, role }: Admin) -> String {
    format!("{} is {role:?}", user_id.0)
}

#[require_session(Shop, Admin, visits = 3)]
async fn third_visit(#[session] visits: u64, #[session] mut user_id: UserId) -> String {
    user_id.0 += 1;
    format!("{} before {}, {visits}", user_id.0 - 1, user_id.0)
}

/// A guard that stands first says whose session it is, and is a need as well.
#[require_session(Admin, visits = 3)]
async fn third_visit_of_an_admin() {}

/// Its outcome is that of `SignedIn`, which stands first, and not that of `Diurnal`.
#[require_session(SignedIn, Diurnal)]
async fn signed_in_by_day() {}

#[require_session(Shop, any(Admin, Nocturnal), SignedIn)]
async fn admin_or_nocturnal(#[session] user_id: UserId) -> String {
    user_id.0.to_string()
}

#[require_session(Diurnal)]
async fn by_day() {}

#[require_session(Diurnal, redirect = "/sleep")]
async fn by_day_or_sleep() {}

#[require_session(elsewhere::Early)]
async fn early(#[session] user_id: UserId) -> String {
    user_id.0.to_string()
}

struct Pages;

#[require_session]
impl Pages {
    const NAME: &str = "pages";

    #[require_session(Shop, user_id, check = Self::is_known)]
    async fn show(
        State(greeting): State<&'static str>,
        #[session] user_id: UserId,
        Path(page): Path<u8>,
    ) -> impl Answer {
        format!("{greeting} {} on {page} of {}", user_id.0, Self::NAME)
    }

    async fn is_known(session: &Session<Shop>) -> Result<bool, SessionError> {
        Ok(session.visits().await? > 0)
    }

    /// A handler for any kind of body.
    #[require_session(Shop, user_id)]
    async fn keep<T>(session: Session<Shop>, body: T) -> Result<String, SessionError>
    where
        T: AsRef<[u8]> + Send + 'static,
    {
        session.set_notice(String::from_utf8_lossy(body.as_ref()).into_owned()).await?;
        Ok("kept".to_owned())
    }
}

struct MorePages;

impl MorePages {
    /// A guard with a name needs no place beside the block.
    #[require_session(Admin)]
    async fn show(Query(query): Query<HashMap<String, String>>) -> String {
        query.len().to_string()
    }
}

/// A function whose signature cannot change: a server function, or a method of a service.
async fn in_the_body(session: Session<Shop>) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    let SignedIn { user_id } = SignedIn::check(&session).await?;
    Ok(user_id.0.to_string())
}

async fn sign_in(session: Session<Shop>, Path((user, role)): Path<(u64, String)>) -> Result<(), SessionError> {
    session.set_user_id(UserId(user)).await?;
    session.set_role(if role == "admin" { Role::Admin } else { Role::Customer }).await
}

async fn set(session: Session<Shop>, Path((field, value)): Path<(String, String)>) -> Result<(), SessionError> {
    match field.as_str() {
        "visits" => session.set_visits(value.parse().unwrap_or(0)).await,
        _ => session.set_theme(if value == "dark" { Theme::Dark } else { Theme::Light }).await,
    }
}

fn routes() -> Routes {
    let office = Routes::new().route("/desk", get(|| async { "desk" }).post(|body: Bytes| async { body }));
    Routes::new()
        .route("/account", get(account).post(account_of))
        .route("/extracted", get(extracted))
        .route("/third", get(third_visit))
        .route("/third-admin", get(third_visit_of_an_admin))
        .route("/first-or-next", get(signed_in_by_day))
        .route("/either", get(admin_or_nocturnal))
        .route("/day", get(by_day))
        .route("/sleep", get(by_day_or_sleep))
        .route("/early", get(early))
        .route("/pages/{page}", get(Pages::show))
        .route("/keep", post(Pages::keep::<String>))
        .route("/more", get(MorePages::show))
        .nest("/office", office.layer(GuardLayer::<Admin>::new()))
        .route("/in/{user}/{role}", post(sign_in))
        .route("/set/{field}/{value}", post(set))
        .with_state("hello")
}

fn browser() -> Browser {
    Browser::new(routes().layer(SessionLayer::<Shop>::new(MemoryStore::new())))
}

async fn statuses(browser: &mut Browser, paths: &[&str]) -> Vec<u16> {
    let mut statuses = Vec::new();
    for path in paths {
        statuses.push(browser.get(path).await.status.as_u16());
    }
    statuses
}

async fn the_same_guard_answers_the_same_wherever_it_stands() {
    let mut browser = browser();
    let admin = ["/extracted", "/more", "/office/desk"];
    assert_eq!(statuses(&mut browser, &admin).await, [401; 3]);
    browser.post("/in/7/customer").await;
    assert_eq!(statuses(&mut browser, &admin).await, [403; 3]);
    browser.post("/in/7/admin").await;
    assert_eq!(statuses(&mut browser, &admin).await, [200; 3]);
}

async fn the_struct_is_what_was_proved() {
    let mut browser = browser();
    browser.post("/in/7/admin").await;
    assert_eq!(browser.get("/extracted").await.body, "7 is Admin");
    assert_eq!(browser.get("/account").await.body, "account");
    assert_eq!(browser.get("/early").await.body, "7");
    browser.post("/set/visits/3").await;
    assert_eq!(browser.get("/third").await.body, "7 before 8, 3", "a field of its own, and one of the named guard's");
    browser.post("/in/10/admin").await;
    assert_eq!(browser.get("/early").await.status, 403);
}

async fn a_guard_that_stands_first_is_a_need_as_well() {
    let mut browser = browser();
    browser.post("/set/visits/3").await;
    assert_eq!(browser.get("/third-admin").await.status, 401);
    browser.post("/in/7/customer").await;
    browser.post("/set/visits/3").await;
    assert_eq!(browser.get("/third-admin").await.status, 403);
    browser.post("/in/7/admin").await;
    browser.post("/set/visits/3").await;
    assert_eq!(browser.get("/third-admin").await.status, 200);
    browser.post("/set/visits/4").await;
    assert_eq!(browser.get("/third-admin").await.status, 403);
}

async fn guards_with_names_stand_in_groups() {
    let mut browser = browser();
    browser.post("/set/theme/dark").await;
    assert_eq!(browser.get("/either").await.status, 401);
    browser.post("/in/7/customer").await;
    browser.post("/set/theme/light").await;
    assert_eq!(browser.get("/either").await.status, 403);
    browser.post("/set/theme/dark").await;
    assert_eq!(browser.get("/either").await.body, "7");
    browser.post("/set/theme/light").await;
    browser.post("/in/7/admin").await;
    assert_eq!(browser.get("/either").await.body, "7");
}

async fn the_outcome_is_the_guards_own_or_that_of_the_first_it_names() {
    let mut browser = browser();
    let location = |path| (browser.fetch(browser.navigation(Method::GET, path)), path);
    for (path, expected) in [
        ("/account", "/login?next=/account"),
        ("/extracted", "/login?next=/extracted"),
        ("/third", "/login?next=/third"),
        ("/third-admin", "/login?next=/third-admin"),
        ("/first-or-next", "/login?next=/first-or-next"),
        ("/office/desk", "/login?next=/office/desk"),
        ("/sleep", "/sleep?next=/sleep"),
    ] {
        let (reply, path) = location(path);
        assert_eq!(reply.await.header("location"), Some(expected), "{path}");
    }
    assert_eq!(browser.get("/day").await.status, 418);
    browser.post("/in/7/customer").await;
    browser.post("/set/theme/dark").await;
    let reply = browser.get("/day").await;
    assert_eq!((reply.status.as_u16(), reply.body.as_str()), (418, "Mismatch(\"not(Nocturnal)\")"));
    assert_eq!(browser.get("/sleep").await.status, 403, "its own outcome replaces the named guard's");
}

async fn functions_in_impl_blocks_have_guards() {
    let mut browser = browser();
    assert_eq!(browser.get("/pages/2").await.status, 401);
    browser.post("/in/7/customer").await;
    assert_eq!(browser.get("/pages/2").await.status, 403, "the check is of the block");
    browser.post("/set/visits/1").await;
    assert_eq!(browser.get("/pages/2").await.body, "hello 7 on 2 of pages");
    assert_eq!(browser.post("/keep").await.body, "kept");
    assert_eq!(browser.get("/more?a=1&b=2").await.status, 403);
}

async fn a_layer_reads_no_body_and_names_what_it_lacks() {
    let browser = browser();
    let mut request = browser.request(Method::POST, "/office/desk");
    *request.body_mut() = Body::from_stream(futures_util::stream::poll_fn(
        |_| -> std::task::Poll<Option<Result<Bytes, std::io::Error>>> { panic!("the body was read") },
    ));
    assert_eq!(browser.fetch(request).await.status, 401);

    let reply = Browser::new(routes()).get("/office/desk").await;
    assert!(
        reply.status == 500 && reply.body.contains(Framework::current().layer()) && reply.body.contains("Shop"),
        "{}",
        reply.body
    );
}

async fn a_layer_and_the_guards_behind_it_ask_the_store_once() {
    let (store, calls) = CountingStore::new(MemoryStore::new());
    let app = routes().layer(GuardLayer::<SignedIn>::new()).route(
        "/sign-in",
        post(|session: Session<Shop>| async move {
            session.set_user_id(UserId(7)).await?;
            session.set_role(Role::Admin).await
        }),
    );
    let mut browser = Browser::new(app.layer(SessionLayer::<Shop>::new(store)));
    browser.post("/sign-in").await;
    calls.take();
    assert_eq!(browser.get("/extracted").await.status, 200);
    assert_eq!(calls.take(), [Deed::LoadCurrent]);
}

async fn a_store_that_is_down_is_no_missing_user() {
    let store = FlakyStore::new(MemoryStore::new());
    let mut browser = Browser::new(routes().layer(SessionLayer::<Shop>::new(store.clone())));
    browser.post("/in/7/admin").await;
    store.fail_all();
    assert_eq!(statuses(&mut browser, &["/extracted", "/more", "/office/desk", "/either"]).await, [503; 4]);
}

#[tokio::test]
async fn a_guard_in_a_functions_body() {
    let sessions = Sessions::<Shop>::new(MemoryStore::new());
    let session = sessions.open([]);
    let error = in_the_body(session.clone()).await.expect_err("nobody is signed in");
    let rejection = error.downcast_ref::<Rejection>().expect("the rejection itself");
    assert!(matches!(rejection.reason, Reason::Missing("user_id")) && rejection.status() == 401);
    assert_eq!(rejection.location, None, "there is no request to send elsewhere");

    session.set_user_id(UserId(7)).await.unwrap();
    assert_eq!(in_the_body(session.clone()).await.unwrap(), "7");
    let rejection = Admin::check(&session).await.map(|_| ()).expect_err("a customer");
    assert!(matches!(rejection.reason, Reason::Missing("role")), "{rejection:?}");
}

/// A service of another framework finds the session in its request.
#[tokio::test]
async fn a_service_without_extractors() {
    async fn service(request: Request<Body>) -> Result<http::Response<Body>, std::convert::Infallible> {
        async fn answer(request: Request<Body>) -> Result<String, Rejection> {
            let session = Session::<Shop>::from_extensions(request.extensions())?;
            Ok(SignedIn::check(&session).await?.user_id.0.to_string())
        }
        Ok(answer(request).await.into_response())
    }
    let sign_in = async |session: Session<Shop>| session.set_user_id(UserId(7)).await;
    let app = axum::Router::new().route("/in", axum::routing::post(sign_in));
    let app = app.route_service("/service", tower::service_fn(service));
    assert_eq!(tests::Browser::new(app.clone()).get("/service").await.status, 500, "there is no layer");
    let mut browser = tests::Browser::new(app.layer(SessionLayer::<Shop>::new(MemoryStore::new())));
    assert_eq!(browser.get("/service").await.status, 401);
    browser.post("/in").await;
    assert_eq!(browser.get("/service").await.body, "7");
}

/// Generic code takes any guard.
async fn a_guard_is_a_type() {
    fn guarded<G: Guard>(routes: Routes) -> Routes {
        routes.layer(GuardLayer::<G>::new())
    }
    let app = guarded::<Nocturnal>(Routes::new().route("/", get(|| async {})));
    let browser = Browser::new(app.layer(SessionLayer::<Shop>::new(MemoryStore::new())));
    assert_eq!(browser.fetch(browser.request(Method::GET, "/")).await.status, 401);
}

/// What an older version of the program wrote.
#[derive(SessionData)]
#[session(cookie = "staff")]
struct OldStaff {
    user_id: String,
    rank: String,
}

/// Neither field reads as its type any more, and both have a value while they are not set.
#[derive(SessionData)]
#[session(cookie = "staff")]
struct Staff {
    #[session(on_invalid = "default")]
    user_id: u64,
    #[session(on_invalid = "default", default = 7)]
    rank: u8,
}

#[session_guard(Staff, user_id)]
struct IsSet;

#[session_guard(Staff, user_id)]
struct HandedOver {
    user_id: u64,
}

#[session_guard(Staff, rank = 7)]
struct Matched;

#[session_guard(Staff, not(user_id), not(rank = 7))]
struct Neither;

#[tokio::test]
async fn what_no_longer_reads_is_not_set() {
    let store = MemoryStore::new();
    let cookie = {
        let mut visitor = Visitor::new(Sessions::<OldStaff>::new(store.clone()));
        let write = async |session: Session<OldStaff>| {
            session.set_user_id("ann".to_owned()).await.and(session.set_rank("high".to_owned()).await)
        };
        visitor.request(write).await.0.unwrap();
        visitor.cookie().unwrap().to_owned()
    };
    let mut visitor = Visitor::new(Sessions::<Staff>::new(store)).with_cookie(cookie);
    let look = async |session: Session<Staff>| {
        assert_eq!((session.user_id().await.unwrap(), session.rank().await.unwrap()), (0, 7));
        assert!(IsSet::check(&session).await.is_err(), "let in by bytes that count as unset");
        assert!(HandedOver::check(&session).await.map(|guard| guard.user_id).is_err(), "let in as user 0");
        assert!(Matched::check(&session).await.is_err(), "let in by the value that an unset field reads as");
        assert!(Neither::check(&session).await.is_ok());
    };
    visitor.request(look).await;
}

on_both!(
    the_same_guard_answers_the_same_wherever_it_stands,
    the_struct_is_what_was_proved,
    a_guard_that_stands_first_is_a_need_as_well,
    guards_with_names_stand_in_groups,
    the_outcome_is_the_guards_own_or_that_of_the_first_it_names,
    functions_in_impl_blocks_have_guards,
    a_layer_reads_no_body_and_names_what_it_lacks,
    a_layer_and_the_guards_behind_it_ask_the_store_once,
    a_store_that_is_down_is_no_missing_user,
    a_guard_is_a_type,
);
