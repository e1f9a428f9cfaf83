//! Promise 7, cross-site requests are refused by default: section 5 of `DESIGN.md`, combination by combination.
//!
//! What to expect is computed by [`Case::allowed`], written from the section's sentences and not from the library.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use cloakroom::{MemoryStore, RequestHead, Session, SessionError, SessionLayer, Sessions};
use http::{Method, Request, StatusCode, header};
use tests::web::{Browser, Routes, any, get, post};
use tests::{Reply, Shop, on_both};

/// A header field.
type Header = (&'static str, &'static str);

/// An origin as its three parts.
type Parts = (&'static str, &'static str, u16);

/// What an `Origin` header says.
#[derive(Clone, Copy, Debug)]
struct Said {
    text: &'static [u8],
    /// What it means; `None` for `null` and for what is no origin.
    means: Option<Parts>,
}

const fn said(text: &'static str, scheme: &'static str, host: &'static str, port: u16) -> Option<Said> {
    Some(Said { text: text.as_bytes(), means: Some((scheme, host, port)) })
}

const fn no_origin(text: &'static [u8]) -> Option<Said> {
    Some(Said { text, means: None })
}

const ORIGINS: &[Option<Said>] = &[
    None,
    said("https://shop.test", "https", "shop.test", 443),
    said("http://shop.test", "http", "shop.test", 80),
    said("https://SHOP.Test", "https", "shop.test", 443),
    said("https://shop.test:443", "https", "shop.test", 443),
    said("http://shop.test:80", "http", "shop.test", 80),
    said("http://shop.test:443", "http", "shop.test", 443),
    said("https://shop.test:8443", "https", "shop.test", 8443),
    said("https://evil.test", "https", "evil.test", 443),
    said("https://sub.shop.test", "https", "sub.shop.test", 443),
    said("https://test", "https", "test", 443),
    said("https://evilshop.test", "https", "evilshop.test", 443),
    said("https://shop.test.evil.test", "https", "shop.test.evil.test", 443),
    said("https://shop.test.", "https", "shop.test.", 443),
    said("https://admin.test", "https", "admin.test", 443),
    said("http://admin.test", "http", "admin.test", 80),
    said("https://admin.test:444", "https", "admin.test", 444),
    said("https://[2001:db8::1]", "https", "[2001:db8::1]", 443),
    said("http://[2001:db8::1]:3000", "http", "[2001:db8::1]", 3000),
    no_origin(b"null"),
    no_origin(b""),
    no_origin(b"shop.test"),
    no_origin(b"//shop.test"),
    no_origin(b"https://"),
    no_origin(b"https:shop.test"),
    no_origin(b"https://shop.test/"),
    no_origin(b"https://shop.test/path"),
    no_origin(b"https://shop.test?x"),
    no_origin(b"https://shop.test#x"),
    no_origin(b"https://user@shop.test"),
    no_origin(b"https://shop.test@evil.test"),
    no_origin(b"https://evil.test\\@shop.test"),
    no_origin(b"https://shop.test:"),
    no_origin(b"https://shop.test:99999"),
    no_origin(b"https://shop.test:+443"),
    no_origin(b"https://shop.test https://evil.test"),
    no_origin(b"https://evil.test, https://shop.test"),
    no_origin(b"https://shop.test\xff"),
    no_origin(b"https://[2001:db8::1"),
];

/// A `Host` header: host, and port where it is spelled out.
const HOSTS: &[Option<(&str, &str, Option<u16>)>] = &[
    None,
    Some(("shop.test", "shop.test", None)),
    Some(("Shop.TEST", "shop.test", None)),
    Some(("shop.test:443", "shop.test", Some(443))),
    Some(("shop.test:8443", "shop.test", Some(8443))),
    Some(("[2001:db8::1]", "[2001:db8::1]", None)),
    Some(("[2001:db8::1]:3000", "[2001:db8::1]", Some(3000))),
];

const METHODS: &[&str] = &["GET", "HEAD", "OPTIONS", "POST", "DELETE", "PURGE", "get"];

const SITES: &[Option<&str>] = &[
    None,
    Some("same-origin"),
    Some("none"),
    Some("same-site"),
    Some("cross-site"),
    Some(""),
    Some("garbage"),
    Some("same-origin, cross-site"),
];

const UPGRADES: &[Option<&str>] = &[None, Some("websocket"), Some("WebSocket"), Some("h2c")];

const COOKIES: &[Option<&str>] = &[
    None,
    Some("__Host-shop=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
    Some("theme=dark; __Host-other=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
];

/// What the application configured.
#[derive(Clone, Copy, Debug, Default)]
struct Config {
    public: Option<(&'static str, Parts)>,
    trusted: bool,
    same_site: bool,
    strict: bool,
    log_only: bool,
    exempt: bool,
}

const PUBLIC: (&str, Parts) = ("https://shop.test", ("https", "shop.test", 443));
const PUBLIC_WITH_PORT: (&str, Parts) = ("http://[2001:db8::1]:3000", ("http", "[2001:db8::1]", 3000));
const TRUSTED: Parts = ("https", "admin.test", 443);

impl Config {
    fn sessions(self) -> Sessions<Shop> {
        let mut sessions = Sessions::<Shop>::new(MemoryStore::new());
        if let Some((origin, _)) = self.public {
            sessions = sessions.with_public_origin(origin);
        }
        if self.trusted {
            sessions = sessions.with_trusted_origin("https://Admin.test:443");
        }
        if self.same_site {
            sessions = sessions.with_insecure_same_site_requests();
        }
        if self.strict {
            sessions = sessions.with_strict_origins();
        }
        if self.log_only {
            sessions = sessions.with_insecure_log_only_origins();
        }
        if self.exempt {
            sessions = sessions.with_insecure_cross_site_path("/callback");
        }
        sessions
    }

    /// Every combination of the settings that weigh evidence.
    fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for public in [None, Some(PUBLIC), Some(PUBLIC_WITH_PORT)] {
            for bits in 0..8 {
                let [trusted, same_site, strict] = [1, 2, 4].map(|bit| bits & bit != 0);
                all.push(Self { public, trusted, same_site, strict, ..Self::default() });
            }
        }
        all
    }
}

/// One request.
#[derive(Clone, Copy, Debug)]
struct Case {
    method: &'static str,
    path: &'static str,
    site: Option<&'static str>,
    origin: Option<Said>,
    host: Option<(&'static str, &'static str, Option<u16>)>,
    upgrade: Option<&'static str>,
    cookie: Option<&'static str>,
}

impl Case {
    /// Section 5 of `DESIGN.md`, sentence by sentence.
    fn allowed(&self, config: &Config) -> bool {
        // "a log-only mode, per-route exemption by name"
        if config.log_only || (config.exempt && self.path == "/callback") {
            return true;
        }
        // "`GET`, `HEAD`, `OPTIONS` pass (except a web-socket upgrade, which is checked like a POST)."
        let web_socket = self.upgrade.is_some_and(|upgrade| upgrade.to_lowercase() == "websocket");
        if ["GET", "HEAD", "OPTIONS"].contains(&self.method) && !web_socket {
            return true;
        }
        let origin = self.origin.and_then(|origin| origin.means);
        let is_trusted = config.trusted && origin == Some(TRUSTED);
        // "Else by `Sec-Fetch-Site`: `same-origin` and `none` pass; anything else is refused unless its `Origin` is trusted
        // (`same-site` needs opting in)."
        match self.site {
            Some("same-origin" | "none") => return true,
            Some("same-site") => return config.same_site || is_trusted,
            Some(_) => return is_trusted,
            None => {}
        }
        // "Both headers missing: pass …; `strict()` refuses where a session cookie came along."
        if self.origin.is_none() {
            let session_cookie = self.cookie.is_some_and(|cookie| cookie.starts_with("__Host-shop="));
            return !(config.strict && session_cookie);
        }
        // "Without it: `Origin`'s host and port must equal the configured public origin (then the scheme too), or, with none
        // configured, the request's own `Host` (scheme ignored …), or be trusted; `Origin: null` and any other is refused."
        let Some((scheme, host, port)) = origin else { return false };
        let is_own = match (config.public, self.host) {
            (Some((_, public)), _) => (scheme, host, port) == public,
            // A port that is not spelled out is the one that the browser's scheme implies.
            (None, Some((_, own, own_port))) => {
                host == own && port == own_port.unwrap_or(if scheme == "https" { 443 } else { 80 })
            }
            (None, None) => false,
        };
        is_own || is_trusted
    }

    fn passes(&self, sessions: &Sessions<Shop>) -> bool {
        let head = RequestHead {
            method: self.method,
            path: self.path,
            sec_fetch_site: self.site.map(str::as_bytes),
            origin: self.origin.map(|origin| origin.text),
            host: self.host.map(|(text, ..)| text.as_bytes()),
            upgrade: self.upgrade.map(str::as_bytes),
        };
        sessions.admit(&head, self.cookie.map(str::as_bytes)).is_ok()
    }
}

/// Calls `check` with every combination of the headers.
fn for_all_requests(path: &'static str, mut check: impl FnMut(Case)) {
    for &method in METHODS {
        for &site in SITES {
            for &origin in ORIGINS {
                for &host in HOSTS {
                    for &upgrade in UPGRADES {
                        for &cookie in COOKIES {
                            check(Case { method, path, site, origin, host, upgrade, cookie });
                        }
                    }
                }
            }
        }
    }
}

/// All combinations, under every configuration.
#[test]
fn every_combination_follows_the_design() {
    let configs = Config::all();
    let counts = std::thread::scope(|scope| {
        let threads = configs
            .chunks(12)
            .map(|configs| scope.spawn(|| configs.iter().copied().map(count_outcomes).collect::<Vec<_>>()));
        let threads: Vec<_> = threads.collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no mismatch")).collect::<Vec<_>>()
    });
    for (passed, refused) in counts {
        assert!(passed > 10_000 && refused > 10_000, "{passed} passed, {refused} refused: the cases are lopsided");
    }
}

fn count_outcomes(config: Config) -> (u64, u64) {
    let (mut passed, mut refused) = (0, 0);
    let sessions = config.sessions();
    for_all_requests("/cart", |case| {
        let passes = case.passes(&sessions);
        assert_eq!(passes, case.allowed(&config), "{case:?} under {config:?}; origin {:?}", case.origin_text());
        if passes { passed += 1 } else { refused += 1 }
    });
    (passed, refused)
}

impl Case {
    fn origin_text(&self) -> Option<String> {
        self.origin.map(|origin| origin.text.escape_ascii().to_string())
    }
}

#[test]
fn an_exempt_path_is_exactly_that_path() {
    let config = Config { exempt: true, ..Config::default() };
    let sessions = config.sessions();
    for path in ["/callback", "/callback/", "/callback/x", "/Callback", "/callbacks", "/", "//callback", "/x/callback"]
    {
        for_all_requests(path, |case| {
            if case.cookie.is_none() && case.upgrade.is_none() {
                assert_eq!(case.passes(&sessions), case.allowed(&config), "{case:?}");
            }
        });
    }
}

#[test]
fn log_only_refuses_nothing() {
    for strict in [false, true] {
        let sessions = Config { log_only: true, strict, ..Config::default() }.sessions();
        for_all_requests("/cart", |case| assert!(case.passes(&sessions), "{case:?}"));
    }
}

/// A setting that is no origin would trust nobody, or somebody else: it fails at start, and says how to write one.
#[test]
fn a_configured_origin_that_is_none_fails_at_start() {
    let bad = [
        "",
        "null",
        "shop.test",
        "https://",
        "https://shop.test/",
        "https://shop.test/x",
        "https://*.shop.test",
        "https://shop.test:x",
        "https://a@shop.test",
        "*",
        " https://shop.test",
        "https://shop.test,https://b.test",
    ];
    for origin in bad {
        for set in [Sessions::with_public_origin, Sessions::with_trusted_origin]
            as [fn(Sessions<Shop>, &str) -> Sessions<Shop>; 2]
        {
            let panic = std::panic::catch_unwind(|| drop(set(Sessions::new(MemoryStore::new()), origin)));
            let panic = panic.expect_err(origin);
            let message = panic.downcast_ref::<String>().expect("a message");
            assert!(message.contains(origin) && message.contains("https://shop.example"), "{message}");
        }
    }
}

/// An application that counts how often a handler ran.
fn app(change: impl FnOnce(SessionLayer<Shop>) -> SessionLayer<Shop>) -> (Browser, Arc<AtomicUsize>) {
    let runs = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&runs);
    let count = move |session: Session<Shop>| {
        let runs = Arc::clone(&counter);
        async move {
            runs.fetch_add(1, Ordering::SeqCst);
            session.update_visits(|visits| *visits += 1).await
        }
    };
    let visits = async |session: Session<Shop>| Ok::<_, SessionError>(session.visits().await?.to_string());
    let app = Routes::new()
        .route("/begin", post(async |session: Session<Shop>| session.set_visits(1).await))
        .route("/visits", get(visits))
        .route("/count", any(count.clone()))
        .route("/callback", post(count.clone()))
        .route("/destroy", post(async |session: Session<Shop>| session.destroy().await))
        .layer(change(SessionLayer::new(MemoryStore::new())));
    (Browser::new(app), runs)
}

fn with(browser: &Browser, method: Method, path: &str, headers: &[Header]) -> Request<Body> {
    let mut request = browser.request(method, path);
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    request
}

/// Asserts that the request is refused, and that nothing of it happened.
async fn refused(browser: &mut Browser, runs: &AtomicUsize, method: Method, headers: &[Header]) -> Reply {
    let (ran, before) = (runs.load(Ordering::SeqCst), browser.get("/visits").await.body);
    let reply = browser.fetch(with(browser, method, "/count", headers)).await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN, "{headers:?}: {reply:?}");
    assert_eq!(runs.load(Ordering::SeqCst), ran, "{headers:?}: the handler ran");
    assert!(reply.set_cookies().is_empty(), "{reply:?}");
    assert_eq!(browser.get("/visits").await.body, before, "{headers:?}: the session was changed");
    reply
}

/// The body tells whoever operates the application what did not match, and what to change.
async fn a_refusal_names_the_mismatch_and_the_setting() {
    let cases: [(&str, &[Header], &[&str]); 4] = [
        (
            "cross-site",
            &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.test")],
            &["cross-site", "https://evil.test", "with_trusted_origin"],
        ),
        (
            "same-site",
            &[("sec-fetch-site", "same-site"), ("origin", "https://blog.shop.test")],
            &["same-site", "https://blog.shop.test", "with_trusted_origin"],
        ),
        ("Origin", &[("origin", "https://evil.test")], &["https://evil.test", "shop.test", "with_public_origin"]),
        ("null", &[("origin", "null")], &["null"]),
    ];
    for (name, headers, mentions) in cases {
        let (mut browser, runs) = app(|layer| layer);
        browser.post("/begin").await;
        let reply = refused(&mut browser, &runs, Method::POST, headers).await;
        for mention in mentions {
            assert!(reply.body.contains(mention), "{name}: no `{mention}` in: {}", reply.body);
        }
        assert!(reply.header("content-type").unwrap().starts_with("text/plain"), "{name}");
    }
    let (mut browser, runs) = app(SessionLayer::with_strict_origins);
    browser.post("/begin").await;
    let reply = refused(&mut browser, &runs, Method::POST, &[]).await;
    assert!(reply.body.contains("with_strict_origins"), "{}", reply.body);
    let (mut browser, runs) = app(|layer| layer.with_public_origin("https://shop.test"));
    browser.post("/begin").await;
    let reply = refused(&mut browser, &runs, Method::POST, &[("origin", "http://shop.test")]).await;
    assert!(reply.body.contains("http://shop.test") && reply.body.contains("https://shop.test"), "{}", reply.body);
}

/// What a page of another site wrote into the refused request's headers is text, never markup.
async fn a_refusal_quotes_no_markup() {
    let (mut browser, runs) = app(|layer| layer);
    let reply = refused(&mut browser, &runs, Method::POST, &[("origin", "https://<script>alert(1)</script>")]).await;
    assert_eq!(reply.header("content-type"), Some("text/plain; charset=utf-8"));
}

/// Defect 22: Lucia 2 and Astro (CVE-2024-56140) looked at the Content-Type, and were walked around with it.
async fn content_type_plays_no_part() {
    for content_type in [
        "application/json",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded;",
        "Application/JSON",
        "",
        "garbage",
    ] {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let (mut browser, runs) = app(|layer| layer);
            browser.post("/begin").await;
            let evil = [("content-type", content_type), ("origin", "https://evil.test")];
            refused(&mut browser, &runs, method.clone(), &evil).await;
            let evil = [("content-type", content_type), ("sec-fetch-site", "cross-site")];
            refused(&mut browser, &runs, method.clone(), &evil).await;
            let own = [("content-type", content_type), ("origin", "https://shop.test")];
            assert_eq!(browser.send(with(&browser, method, "/count", &own)).await.status, 200, "{content_type}");
        }
    }
}

/// Defect 22: `Origin: null` (a sandboxed frame, a redirect from another site) is nobody's, and trusting it is impossible.
async fn a_null_origin_is_refused() {
    for change in [
        |layer| layer,
        |layer: SessionLayer<Shop>| layer.with_public_origin("https://shop.test"),
        |layer: SessionLayer<Shop>| layer.with_trusted_origin("https://admin.test"),
    ] as [fn(SessionLayer<Shop>) -> SessionLayer<Shop>; 3]
    {
        let (mut browser, runs) = app(change);
        browser.post("/begin").await;
        refused(&mut browser, &runs, Method::POST, &[("origin", "null")]).await;
        refused(&mut browser, &runs, Method::POST, &[("origin", "null"), ("sec-fetch-site", "cross-site")]).await;
        let mut without_host = with(&browser, Method::POST, "/count", &[("origin", "null")]);
        without_host.headers_mut().remove(header::HOST);
        assert_eq!(browser.fetch(without_host).await.status, 403);
        let odd = with(&browser, Method::POST, "/count", &[("origin", "null"), ("host", "null")]);
        assert_eq!(browser.fetch(odd).await.status, 403, "a host that is called `null`");
    }
}

/// Defect 22: "allowed sub-domains" by the last two labels let all of `co.uk` in.
async fn a_public_suffix_in_common_is_not_the_same_host() {
    let (mut browser, runs) = app(|layer| layer.with_public_origin("https://shop.co.uk"));
    refused(&mut browser, &runs, Method::POST, &[("host", "shop.co.uk"), ("origin", "https://evil.co.uk")]).await;
    let (mut browser, runs) = app(|layer| layer.with_trusted_origin("https://co.uk"));
    refused(&mut browser, &runs, Method::POST, &[("host", "shop.co.uk"), ("origin", "https://evil.co.uk")]).await;
}

/// A proxy's forwarded headers can be sent by anyone: they neither help nor hurt.
async fn forwarded_headers_are_never_trusted() {
    let (mut browser, runs) = app(|layer| layer);
    browser.post("/begin").await;
    let evil = [
        ("origin", "https://evil.test"),
        ("x-forwarded-host", "evil.test"),
        ("x-forwarded-proto", "https"),
        ("forwarded", "host=evil.test"),
    ];
    refused(&mut browser, &runs, Method::POST, &evil).await;
    let own = [("origin", "https://shop.test"), ("x-forwarded-host", "evil.test")];
    assert_eq!(browser.send(with(&browser, Method::POST, "/count", &own)).await.status, 200);
}

/// A page of another site can open a web socket with the visitor's cookie: no CORS stands in its way, so the upgrade is checked.
async fn a_web_socket_from_another_site_is_refused() {
    let (mut browser, runs) = app(|layer| layer);
    browser.post("/begin").await;
    refused(
        &mut browser,
        &runs,
        Method::GET,
        &[("upgrade", "websocket"), ("connection", "upgrade"), ("origin", "https://evil.test")],
    )
    .await;
    let own = [("upgrade", "websocket"), ("connection", "upgrade"), ("origin", "https://shop.test")];
    assert_eq!(browser.send(with(&browser, Method::GET, "/count", &own)).await.status, 200);
    let list = [("upgrade", "h2c, websocket"), ("connection", "upgrade"), ("origin", "https://evil.test")];
    refused(&mut browser, &runs, Method::GET, &list).await;
}

/// What a shop's ordinary traffic looks like: none of it may be turned away by default.
async fn ordinary_traffic_passes() {
    let ordinary: [(&str, Method, &[Header]); 7] = [
        ("a link from another site", Method::GET, &[("sec-fetch-site", "cross-site")]),
        ("a form of this site", Method::POST, &[("sec-fetch-site", "same-origin"), ("origin", "https://shop.test")]),
        ("an older browser's form", Method::POST, &[("origin", "https://shop.test")]),
        ("a page that the visitor opened", Method::POST, &[("sec-fetch-site", "none")]),
        ("curl, a mobile application, a webhook", Method::POST, &[]),
        ("a preflight", Method::OPTIONS, &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.test")]),
        (
            "a form behind a proxy that ends TLS",
            Method::POST,
            &[("host", "shop.test:8080"), ("origin", "http://shop.test:8080")],
        ),
    ];
    for (what, method, headers) in ordinary {
        let (mut browser, _) = app(|layer| layer);
        browser.post("/begin").await;
        assert_eq!(browser.send(with(&browser, method, "/count", headers)).await.status, 200, "{what}");
        assert_eq!(browser.get("/visits").await.body, "2", "{what}");
    }
}

/// HTTP/2 sends the host as `:authority`, which arrives in the request's address.
async fn the_authority_of_http_2_is_the_host() {
    let (browser, _) = app(|layer| layer);
    for (origin, status) in [("https://shop.test", 200), ("https://evil.test", 403)] {
        let mut request = with(&browser, Method::POST, "/count", &[("origin", origin)]);
        request.headers_mut().remove(header::HOST);
        *request.uri_mut() = "https://shop.test/count".parse().unwrap();
        assert_eq!(browser.fetch(request).await.status, status, "{origin}");
    }
}

/// `strict` turns a script with a cookie away, and leaves one without alone.
async fn strict_is_about_session_cookies_alone() {
    let (mut browser, runs) = app(SessionLayer::with_strict_origins);
    assert_eq!(browser.post("/begin").await.status, 200);
    refused(&mut browser, &runs, Method::POST, &[]).await;
    let (mut other, _) = app(SessionLayer::with_strict_origins);
    other.set_cookie("theme", "dark");
    assert_eq!(other.post("/count").await.status, 200, "a cookie that is not the session's");
    let own = with(&browser, Method::POST, "/count", &[("origin", "https://shop.test")]);
    assert_eq!(browser.fetch(own).await.status, 200);
}

/// The callback of a sign-in service is posted by its page; only what is named is exempt, and everything else stays shut.
async fn an_exempt_path_lets_a_callback_in() {
    let (browser, runs) = app(|layer| layer.with_insecure_cross_site_path("/callback"));
    let callback = [("origin", "https://accounts.test"), ("sec-fetch-site", "cross-site")];
    assert_eq!(browser.fetch(with(&browser, Method::POST, "/callback", &callback)).await.status, 200);
    assert_eq!(browser.fetch(with(&browser, Method::POST, "/callback?state=1", &callback)).await.status, 200);
    assert_eq!(runs.load(Ordering::SeqCst), 2);
    for path in ["/count", "/destroy", "/count?/callback", "/callback/../count"] {
        assert_eq!(browser.fetch(with(&browser, Method::POST, path, &callback)).await.status, 403, "{path}");
    }
}

/// Nobody is signed out by another site's form.
async fn another_site_cannot_sign_a_visitor_out() {
    let (mut browser, _) = app(|layer| layer);
    browser.post("/begin").await;
    let reply = browser.send(with(&browser, Method::POST, "/destroy", &[("origin", "https://evil.test")])).await;
    assert_eq!(reply.status, 403);
    assert_eq!(browser.get("/visits").await.body, "1");
}

/// Log-only: the request goes through as if nothing were configured.
async fn log_only_runs_the_handler() {
    let (mut browser, runs) = app(SessionLayer::with_insecure_log_only_origins);
    browser.post("/begin").await;
    let reply = browser.send(with(&browser, Method::POST, "/count", &[("origin", "https://evil.test")])).await;
    assert_eq!((reply.status.as_u16(), runs.load(Ordering::SeqCst)), (200, 1));
}

on_both!(
    a_refusal_names_the_mismatch_and_the_setting,
    a_refusal_quotes_no_markup,
    content_type_plays_no_part,
    a_null_origin_is_refused,
    a_public_suffix_in_common_is_not_the_same_host,
    forwarded_headers_are_never_trusted,
    a_web_socket_from_another_site_is_refused,
    ordinary_traffic_passes,
    the_authority_of_http_2_is_the_host,
    strict_is_about_session_cookies_alone,
    an_exempt_path_lets_a_callback_in,
    another_site_cannot_sign_a_visitor_out,
    log_only_runs_the_handler,
);
