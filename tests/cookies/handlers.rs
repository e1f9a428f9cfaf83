//! What is set leaves with every response, and the session's cookie is the session's.

use cloakroom::{
    CookieError, CookieSettings, Cookies, CookiesLayer, MemoryStore, Policy, SealKeys, Session, SessionError,
    SessionLayer, Sessions,
};
use http::{Method, StatusCode, header};
use tests::web::{Browser, Routes, Sent, get, post};
use tests::{Shop, on_both};

use super::PLAIN;

const DARK: &str = "theme=dark; HttpOnly; SameSite=Lax; Secure; Path=/";

async fn dark(cookies: Cookies) -> Result<(), CookieError> {
    cookies.set("theme", "dark", PLAIN)
}

async fn theme(cookies: Cookies) -> Result<String, CookieError> {
    cookies.get("theme").map_or(Ok("none".into()), |theme| theme.text().map(str::to_owned))
}

fn app() -> Routes {
    Routes::new().route("/dark", post(dark)).route("/theme", get(theme)).layer(CookieSettings::default())
}

fn sessions() -> SessionLayer<Shop> {
    SessionLayer::from(Sessions::<Shop>::new(MemoryStore::new()).with_policy(Policy::of::<Shop>()))
}

async fn a_cookie_is_set_sent_back_and_removed() {
    let app = app().route("/gone", post(async |cookies: Cookies| cookies.delete("theme", PLAIN)));
    let mut browser = Browser::new(app.layer(CookieSettings::default()));
    assert_eq!(browser.get("/theme").await.body, "none");
    assert_eq!(browser.post("/dark").await.set_cookies(), [DARK]);
    assert_eq!(browser.get("/theme").await.body, "dark");
    assert_eq!(
        browser.post("/gone").await.set_cookies(),
        ["theme=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0"]
    );
    assert_eq!(browser.get("/theme").await.body, "none");
}

/// What a handler has set is not lost with a `?`, a redirect or another answer made after it.
async fn a_cookie_leaves_with_every_response() {
    async fn fails(cookies: Cookies) -> Result<(), CookieError> {
        dark(cookies.clone()).await?;
        cookies.set("a name", 1, PLAIN)
    }
    async fn elsewhere(cookies: Cookies) -> Result<Sent, CookieError> {
        dark(cookies).await.map(|()| Sent::see_other("/"))
    }
    async fn own(cookies: Cookies) -> Sent {
        dark(cookies).await.expect("set");
        Sent::new(StatusCode::SERVICE_UNAVAILABLE).header("set-cookie", "own=1")
    }
    let routes = Routes::new().route("/fails", get(fails)).route("/elsewhere", get(elsewhere)).route("/own", get(own));
    let mut browser = Browser::new(routes.layer(CookieSettings::default()));
    for (path, status, cookies) in
        [("/fails", 500, &[DARK] as &[_]), ("/elsewhere", 303, &[DARK]), ("/own", 503, &["own=1", DARK])]
    {
        let reply = browser.get(path).await;
        assert_eq!(
            (reply.status.as_u16(), reply.set_cookies()),
            (status, cookies.iter().map(|text| text.to_string()).collect()),
            "{path}"
        );
    }
}

/// What the browser sent wrong is its error; what the program did wrong is the program's. Neither shows a value.
async fn errors_are_responses() {
    let routes = Routes::new()
        .route("/pages", get(async |cookies: Cookies| cookies.get("pages").expect("sent").number::<u8>().map(drop)))
        .route("/long", get(async |cookies: Cookies| cookies.set("long", "x".repeat(5_000), PLAIN)))
        .route("/sign", get(async |cookies: Cookies| cookies.signed().map(drop)))
        .layer(CookieSettings::default());
    let mut browser = Browser::new(routes.route("/bare", get(theme)));
    browser.set_cookie("pages", "<script>");
    for (path, status, body) in [
        ("/pages", 400, "the cookie `pages` cannot be read"),
        ("/long", 413, "a cookie cannot hold this much"),
        ("/sign", 500, "a cookie failed"),
        (
            "/bare",
            500,
            "no `CookiesLayer` stands before this handler: add it with `Router::layer` (on actix: `CookiesMiddleware`, with `App::wrap`)",
        ),
    ] {
        let reply = browser.get(path).await;
        assert_eq!((reply.status.as_u16(), reply.body.as_str()), (status, body), "{path}");
        assert_eq!(reply.set_cookies(), [""; 0]);
    }
}

/// Whichever layer is the outer one: the token is neither shown nor changed, and the session goes on.
async fn the_sessions_cookie_is_the_sessions() {
    async fn sign_in(session: Session<Shop>) -> Result<(), SessionError> {
        session.set_visits(1).await
    }
    async fn pry(cookies: Cookies, session: Session<Shop>) -> String {
        let token = cookies.get("__Host-shop").expect("sent");
        let errors = [
            token.text().unwrap_err(),
            token.raw().unwrap_err(),
            cookies.set("__Host-shop", "stolen", PLAIN).unwrap_err(),
            cookies.delete("__Host-shop", PLAIN).unwrap_err(),
        ];
        for error in errors {
            assert!(matches!(&error, CookieError::Session { name } if name == "__Host-shop"), "{error}");
        }
        assert!(cookies.iter().all(|cookie| cookie.name() != "__Host-shop"));
        dark(cookies).await.expect("its own");
        session.visits().await.expect("a session").to_string()
    }
    let routes = || Routes::new().route("/in", post(sign_in)).route("/pry", get(pry));
    for app in [
        routes().layer(sessions()).layer(CookieSettings::default()),
        routes().layer(CookieSettings::default()).layer(sessions()),
    ] {
        let mut browser = Browser::new(app);
        browser.post("/in").await;
        let reply = browser.get("/pry").await;
        assert_eq!((reply.body.as_str(), reply.set_cookies().as_slice()), ("1", &[DARK.to_owned()][..]));
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        assert_eq!(reply.headers.get_all(header::VARY).iter().count(), 1, "said once");
    }
}

/// Set by a middleware that comes before the session: not sent.
#[tokio::test]
async fn a_middleware_cannot_set_it_either() {
    async fn plant(
        cookies: Cookies,
        request: axum::extract::Request,
        next: axum::middleware::Next,
    ) -> axum::response::Response {
        cookies.set("__Host-shop", "planted", PLAIN).expect("nobody knows of the session yet");
        next.run(request).await
    }
    let app = axum::Router::new().route("/theme", axum::routing::get(theme)).layer(sessions());
    let app = app.layer(axum::middleware::from_fn(plant)).layer(CookiesLayer::new());
    assert_eq!(tests::Browser::new(app).get("/theme").await.set_cookies(), [""; 0]);
}

/// Other sessions' cookies are cookies like all others.
async fn other_names_are_free() {
    let app = app().layer(sessions());
    let mut browser = Browser::new(app);
    browser.set_cookie("__Host-other", "x");
    assert_eq!(browser.post("/dark").await.set_cookies(), [DARK]);
}

/// A cache must not hand one visitor's cookie to another, nor a page that was made by cookies.
async fn caches_are_told() {
    let routes = app().route("/still", get(async |_: Cookies| "untouched")).route(
        "/public",
        get(async |cookies: Cookies| {
            dark(cookies).await.expect("set");
            Sent::default().header("cache-control", "public, max-age=60").header("vary", "Accept, cookie")
        }),
    );
    let mut browser = Browser::new(routes.layer(CookieSettings::default()));
    let mut told = async |method, path| {
        let reply = browser.send(browser.request(method, path)).await;
        let vary =
            reply.headers.get_all(header::VARY).iter().filter_map(|value| value.to_str().ok().map(str::to_owned));
        (reply.header("cache-control").map(str::to_owned), vary.collect::<Vec<_>>().join(" + "))
    };
    let owned = |text: &str| Some(text.to_owned());
    assert_eq!(told(Method::GET, "/still").await, (None, "".into()));
    assert_eq!(told(Method::GET, "/theme").await, (None, "Cookie".into()));
    assert_eq!(told(Method::POST, "/dark").await, (owned("no-store"), "".into()));
    assert_eq!(told(Method::GET, "/public").await, (owned("public, max-age=60"), "Accept, cookie".into()));
}

/// A task that goes on after the response learns that its cookie is lost.
async fn what_comes_late_is_an_error() {
    let (send, late) = std::sync::mpsc::channel();
    let handler = async move |cookies: Cookies| drop(send.send(cookies));
    let app = Routes::new().route("/", get(handler)).layer(CookieSettings::default());
    Browser::new(app).get("/").await;
    let error = late.recv().unwrap().set("theme", "dark", PLAIN).unwrap_err();
    assert!(matches!(error, CookieError::ResponseSent { .. }), "{error}");
}

/// One jar per request, whatever the number of layers: the outermost one's.
async fn the_outermost_layer_counts() {
    async fn sign(cookies: Cookies) -> Result<(), CookieError> {
        cookies.signed()?.set("cart", 7, PLAIN)
    }
    let inner = Routes::new().route("/", get(sign)).layer(CookieSettings::default());
    let reply = Browser::new(inner.layer(CookieSettings::default().with_keys(SealKeys::ephemeral()))).get("/").await;
    assert_eq!((reply.status.as_u16(), reply.set_cookies().len()), (200, 1));
}

/// Without TLS no browser but on `localhost` takes a `Secure` cookie: one switch, and the program stays as it is.
async fn development_needs_no_tls() {
    async fn set(cookies: Cookies) -> Result<(), CookieError> {
        let embedded = PLAIN.with_same_site(cloakroom::SameSite::None).with_partitioned();
        cookies.set("__Host-theme", "dark", embedded)?;
        cookies.signed()?.set("__Secure-cart", 7, PLAIN)
    }
    async fn read(cookies: Cookies) -> Result<String, CookieError> {
        let cart = cookies.signed()?.get("__Secure-cart").expect("sent").number::<u64>()?;
        Ok(format!("{} {cart}", cookies.get("__Host-theme").expect("sent").text()?))
    }
    let layer = CookieSettings::default().with_keys(SealKeys::ephemeral()).with_insecure_development_cookies();
    let mut browser = Browser::new(Routes::new().route("/", get(read).post(set)).layer(layer));
    let set = browser.post("/").await.set_cookies();
    assert_eq!(set[0], "theme=dark; HttpOnly; SameSite=Lax; Path=/");
    assert!(set[1].starts_with("cart=7.") && set[1].ends_with("; HttpOnly; SameSite=Lax; Path=/"), "{set:?}");
    assert_eq!(browser.get("/").await.body, "dark 7");
}

on_both!(
    a_cookie_is_set_sent_back_and_removed,
    a_cookie_leaves_with_every_response,
    errors_are_responses,
    the_sessions_cookie_is_the_sessions,
    other_names_are_free,
    caches_are_told,
    what_comes_late_is_an_error,
    the_outermost_layer_counts,
    development_needs_no_tls,
);
