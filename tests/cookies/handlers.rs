//! On every framework: what is set leaves with every response, and the session's cookie is the session's.

use cloakroom::{CookieError, CookieSettings, Cookies, MemoryStore, SealKeys, Session, SessionError, SessionLayer};
use futures_util::FutureExt as _;
use http::{Method, StatusCode, header};
use tests::web::{Browser, Framework, Routes, Sent, get, post};
use tests::{Shop, on_both};

use super::PLAIN;

const DARK: &str = "theme=dark; HttpOnly; SameSite=Lax; Secure; Path=/";

async fn dark(cookies: Cookies) -> Result<(), CookieError> {
    cookies.set("theme", "dark", PLAIN)
}

async fn theme(cookies: Cookies) -> Result<String, CookieError> {
    cookies.get("theme").map_or(Ok("none".into()), |theme| theme.text().map(str::to_owned))
}

fn routes() -> Routes {
    Routes::new().route("/dark", post(dark)).route("/theme", get(theme))
}

fn sessions() -> SessionLayer<Shop> {
    SessionLayer::new(MemoryStore::new())
}

async fn a_cookie_is_set_sent_back_and_removed() {
    let app = routes().route("/gone", post(async |cookies: Cookies| cookies.delete("theme", PLAIN)));
    let app = app.layer(CookieSettings::new());
    let mut browser = Browser::new(app);
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
    let never = Routes::new().route("/never", get(async || "reached")).before(|cookies| fails(cookies).boxed());
    let mut browser = Browser::new(routes.nest("/before", never).layer(CookieSettings::new()));
    for (path, status, cookies) in [
        ("/fails", 500, &[DARK] as &[_]),
        ("/elsewhere", 303, &[DARK]),
        ("/own", 503, &["own=1", DARK]),
        ("/before/never", 500, &[DARK]),
    ] {
        let reply = browser.get(path).await;
        let cookies: Vec<String> = cookies.iter().map(|text| text.to_string()).collect();
        assert_eq!((reply.status.as_u16(), reply.set_cookies()), (status, cookies), "{path}");
        assert_eq!(reply.header("cache-control"), Some("no-store"), "{path}");
    }
}

/// What the browser sent wrong is its error; what the program did wrong is the program's. Neither shows a value.
async fn errors_are_responses() {
    let routes = Routes::new()
        .route("/pages", get(async |cookies: Cookies| cookies.get("pages").expect("sent").number::<u8>().map(drop)))
        .route("/long", get(async |cookies: Cookies| cookies.set("long", "x".repeat(5_000), PLAIN)))
        .route("/sign", get(async |cookies: Cookies| cookies.signed().map(drop)))
        .layer(CookieSettings::new());
    let mut browser = Browser::new(Routes::new().nest("/in", routes).route("/bare", get(theme)));
    browser.set_cookie("pages", "<script>");
    let missing = match Framework::current() {
        Framework::Axum => "no `CookiesLayer` stands before this handler: add it with `Router::layer`",
        Framework::Actix => "no `CookiesMiddleware` stands before this handler: add it with `App::wrap`",
    };
    for (path, status, body) in [
        ("/in/pages", 400, "the cookie `pages` cannot be read"),
        ("/in/long", 413, "a cookie cannot hold this much"),
        ("/in/sign", 500, "a cookie failed"),
        ("/bare", 500, missing),
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
        routes().layer(sessions()).layer(CookieSettings::new()),
        routes().layer(CookieSettings::new()).layer(sessions()),
    ] {
        let mut browser = Browser::new(app);
        browser.post("/in").await;
        let reply = browser.get("/pry").await;
        assert_eq!((reply.body.as_str(), reply.set_cookies().as_slice()), ("1", &[DARK.to_owned()][..]));
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        assert_eq!(reply.headers.get_all(header::VARY).iter().count(), 1, "said once");
    }
}

/// The limit that the guide names: where the session's layer has not run, its cookie is one like any other.
async fn before_the_sessions_layer_nothing_knows_its_cookie() {
    let look = |cookies: Cookies| {
        async move {
            let token = cookies.get("__Host-shop").expect("the browser sent it").text()?.to_owned();
            cookies.set("seen", token, PLAIN)
        }
        .boxed()
    };
    let mut browser = Browser::new(routes().layer(sessions()).before(look).layer(CookieSettings::new()));
    browser.set_cookie("__Host-shop", "token");
    assert_eq!(browser.get("/theme").await.set_cookies(), ["seen=token; HttpOnly; SameSite=Lax; Secure; Path=/"]);

    let outside =
        Routes::new().route("/in", post(async |cookies: Cookies| cookies.set("__Host-shop", "planted", PLAIN)));
    let reply = Browser::new(outside.layer(CookieSettings::new())).post("/in").await;
    assert_eq!(reply.set_cookies(), ["__Host-shop=planted; HttpOnly; SameSite=Lax; Secure; Path=/"]);
}

/// Set by a middleware that comes before the session: not sent.
async fn a_middleware_cannot_set_it_either() {
    let plant = |cookies: Cookies| async move { cookies.set("__Host-shop", "planted", PLAIN) }.boxed();
    let app = routes().layer(sessions()).before(plant).layer(CookieSettings::new());
    assert_eq!(Browser::new(app).get("/theme").await.set_cookies(), [""; 0]);
}

/// A bearer session has no cookie, so one of its name is the application's, whichever layer is the outer one.
async fn a_bearer_sessions_name_is_free() {
    async fn handler(cookies: Cookies, session: Session<Shop>) -> Result<String, CookieError> {
        session.visits().await.expect("nobody's session");
        let sent = cookies.get("__Host-shop").expect("sent").text()?.to_owned();
        cookies.set("__Host-shop", "mine", PLAIN)?;
        Ok(sent)
    }
    let routes = || Routes::new().route("/", get(handler));
    let bearer = || SessionLayer::<Shop>::bearer(MemoryStore::new());
    for app in
        [routes().layer(bearer()).layer(CookieSettings::new()), routes().layer(CookieSettings::new()).layer(bearer())]
    {
        let mut browser = Browser::new(app);
        browser.set_cookie("__Host-shop", "theirs");
        let reply = browser.get("/").await;
        assert_eq!((reply.status.as_u16(), reply.body.as_str()), (200, "theirs"));
        assert_eq!(reply.set_cookies(), ["__Host-shop=mine; HttpOnly; SameSite=Lax; Secure; Path=/"]);
    }
}

/// Other sessions' cookies are cookies like all others.
async fn other_names_are_free() {
    let mut browser = Browser::new(routes().layer(CookieSettings::new()).layer(sessions()));
    browser.set_cookie("__Host-other", "x");
    assert_eq!(browser.post("/dark").await.set_cookies(), [DARK]);
}

/// A cache must not hand one visitor's cookie to another, nor a page that was made by cookies.
async fn caches_are_told() {
    let routes = routes().route("/still", get(async |_: Cookies| "untouched")).route(
        "/public",
        get(async |cookies: Cookies| {
            dark(cookies).await.expect("set");
            Sent::default().header("cache-control", "public, max-age=60").header("vary", "Accept, cookie")
        }),
    );
    let mut browser = Browser::new(routes.layer(CookieSettings::new()));
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
    let handler = move |cookies: Cookies| {
        send.send(cookies).expect("the test waits");
        std::future::ready(())
    };
    let app = Routes::new().route("/", get(handler)).layer(CookieSettings::new());
    Browser::new(app).get("/").await;
    let error = late.recv().unwrap().set("theme", "dark", PLAIN).unwrap_err();
    assert!(matches!(error, CookieError::ResponseSent { .. }), "{error}");
}

/// A handler that may stand with or without a layer.
async fn the_layer_may_be_missing() {
    let routes = || Routes::new().route("/is", get(async |cookies: Option<Cookies>| cookies.is_some().to_string()));
    let app = Routes::new().nest("/with", routes().layer(CookieSettings::new())).nest("/without", routes());
    let mut browser = Browser::new(app);
    assert_eq!(
        (browser.get("/with/is").await.body, browser.get("/without/is").await.body),
        ("true".into(), "false".into())
    );
}

/// One jar per request, whatever the number of layers: the outermost one's.
async fn the_outermost_layer_counts() {
    async fn sign(cookies: Cookies) -> Result<(), CookieError> {
        cookies.signed()?.set("cart", 7, PLAIN)
    }
    let inner = Routes::new().route("/", get(sign)).layer(CookieSettings::new());
    let reply = Browser::new(inner.layer(CookieSettings::new().with_keys(SealKeys::ephemeral()))).get("/").await;
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
    let layer = CookieSettings::new().with_keys(SealKeys::ephemeral()).with_insecure_development_cookies();
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
    a_middleware_cannot_set_it_either,
    before_the_sessions_layer_nothing_knows_its_cookie,
    a_bearer_sessions_name_is_free,
    other_names_are_free,
    caches_are_told,
    what_comes_late_is_an_error,
    the_layer_may_be_missing,
    the_outermost_layer_counts,
    development_needs_no_tls,
);
