//! What is logged, and what never is. Every test here begins with `Log::start()`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use cloakroom::store::{SessionStore, StoreError, StoreKey};
use cloakroom::{AtLimit, MemoryStore, SealKeys, Session, SessionError, SessionLayer, Sessions, session_guard};
use http::{Method, header};
use tests::secret::{assert_secret, key};
use tests::web::{Browser, Routes, get, post};
use tests::{Around, Deed, FlakyStore, Log, Role, Shop, UserId, Visitor, Wrapped, on_both};
use tracing::Subscriber;
use tracing::span::{Attributes, Id};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

const COOKIE: &str = "__Host-shop";

/// A day at the shop, at the most talkative level: whatever happens, no token and no storage key is logged.
async fn the_log_never_shows_a_token() {
    let log = Log::start();
    let store = FlakyStore::new(MemoryStore::new().with_max_sessions(3));
    let app = Routes::new()
        .route("/in", post(async |session: Session<Shop>| session.set_user_id(UserId(7)).await))
        .route("/write", post(async |session: Session<Shop>| session.update_visits(|visits| *visits += 1).await))
        .route("/read", get(async |session: Session<Shop>| session.visits().await.map(|visits| visits.to_string())))
        .route("/out", post(async |session: Session<Shop>| session.destroy().await))
        .layer(SessionLayer::<Shop>::new(store.clone()));
    let mut tokens = Vec::new();
    let mut browser = Browser::new(app);
    for path in ["/write", "/in", "/in", "/write", "/out", "/in"] {
        browser.post(path).await;
        tokens.extend(browser.cookie(COOKIE).map(str::to_owned));
    }
    let old = tokens[0].clone();
    store.fail_all();
    for path in ["/in", "/write", "/out"] {
        assert_eq!(browser.post(path).await.status, 503);
    }
    assert_eq!(browser.get("/read").await.status, 503);
    store.fail(&[Deed::Touch, Deed::Replace, Deed::Create]);
    assert_eq!(browser.post("/in").await.status, 503);
    store.recover();

    let mut thief = browser.clone();
    thief.set_cookie(COOKIE, &old);
    assert_eq!(thief.get("/read").await.body, "0");
    thief.post("/write").await;
    let both = format!("{COOKIE}={old}; {}", browser.cookie_header());
    let mut request = browser.request(Method::GET, "/read");
    request.headers_mut().insert(header::COOKIE, both.parse().unwrap());
    assert_eq!(browser.fetch(request).await.body, "0");
    let mut foreign = browser.request(Method::POST, "/out");
    foreign.headers_mut().insert(header::ORIGIN, "https://evil.test".parse().unwrap());
    assert_eq!(browser.fetch(foreign).await.status, 403);

    // A record that no program can read, and a store so full that sessions have to go.
    let token = browser.cookie(COOKIE).unwrap().to_owned();
    let stored = store.load(&key("shop", &token)).await.unwrap().expect("the session");
    store.replace(&key("shop", &token), &stored.version, "garbage".into(), stored.expires_at).await.unwrap();
    assert_eq!(browser.get("/read").await.status, 500);
    for _ in 0..5 {
        let mut other = browser.clone();
        other.set_cookie(COOKIE, "none");
        other.post("/write").await;
        tokens.extend(other.cookie(COOKIE).map(str::to_owned));
    }

    let text = log.text();
    for event in
        ["cannot load", "cannot commit", "cannot destroy", "cannot read", "cross-site", "two different", "is full"]
    {
        assert!(text.contains(event), "no `{event}` event was logged, so nothing was proved:\n{text}");
    }
    tokens.sort();
    tokens.dedup();
    assert!(tokens.len() >= 9, "{}", tokens.len());
    assert_secret(&text, &tokens);
}

on_both!(the_log_never_shows_a_token);

/// The Cookie header of a live session.
async fn begin(sessions: &Sessions<Shop>) -> String {
    let session = sessions.open([]);
    session.set_visits(1).await.unwrap();
    let set_cookie = sessions.close(&session, true).await.set_cookie.expect("a session begins");
    set_cookie.split(';').next().unwrap_or_default().to_owned()
}

/// An adapter may print what a response has to carry: whether there is a cookie, and never which one.
#[tokio::test]
async fn what_a_response_carries_shows_no_token() {
    for sessions in [Sessions::<Shop>::new(MemoryStore::new()), Sessions::sealed(SealKeys::ephemeral())] {
        let session = sessions.open([]);
        session.set_visits(1).await.unwrap();
        let closed = sessions.close(&session, true).await;
        let shown = format!("{closed:?} {closed:#?}");
        let set_cookie = closed.set_cookie.expect("a session begins");
        let (name, value) = set_cookie.split(';').next().and_then(|pair| pair.split_once('=')).expect("a cookie");
        assert!(name == COOKIE && shown.contains("has_cookie: true"), "{shown}");
        assert!(!shown.contains(value) && !shown.contains(&value[..20]), "{shown}");
    }
}

/// Changes that nobody saved after the head had left are lost; a log line says so.
#[tokio::test]
async fn dropping_what_a_stream_never_saved_logs_an_event() {
    let log = Log::start();
    let sessions = Sessions::<Shop>::new(MemoryStore::new());
    let cookie = begin(&sessions).await;
    let session = sessions.open([cookie.as_bytes()]);
    sessions.close(&session, true).await;
    session.set_visits(99).await.unwrap();
    assert!(!log.text().contains("never saved"), "{}", log.text());
    drop(session);
    assert!(log.text().contains("WARN") && log.text().contains("session changes were never saved"), "{}", log.text());
}

#[tokio::test]
async fn a_destroy_that_a_stream_never_awaited_logs_an_event() {
    let log = Log::start();
    let sessions = Sessions::<Shop>::new(MemoryStore::new());
    let cookie = begin(&sessions).await;
    let session = sessions.open([cookie.as_bytes()]);
    sessions.close(&session, true).await;
    drop(session.destroy());
    drop(session);
    assert!(log.text().contains("ERROR") && log.text().contains("`destroy()` was not awaited"), "{}", log.text());
}

/// A late write to a session that has ended is dropped without an error; a log line says so, and shows no token.
#[tokio::test]
async fn a_late_write_that_is_dropped_logs_an_event() {
    let log = Log::start();
    let sessions = Sessions::<Shop>::new(MemoryStore::new());
    let first = sessions.open([]);
    first.set_visits(1).await.unwrap();
    let set_cookie = sessions.close(&first, true).await.set_cookie.unwrap();
    let cookie = set_cookie.split(';').next().unwrap();

    let late = sessions.open([cookie.as_bytes()]);
    late.visits().await.unwrap();
    late.set_visits(9).await.unwrap();
    let rival = sessions.open([cookie.as_bytes()]);
    rival.destroy().await.unwrap();
    sessions.close(&rival, true).await;
    let closed = sessions.close(&late, true).await;
    assert!(closed.error.is_none() && closed.set_cookie.is_none(), "{closed:?}");
    assert!(log.text().contains("what it set is dropped"), "{}", log.text());
    assert!(!log.text().contains(cookie.split_once('=').unwrap().1));
}

#[session_guard(Shop, user_id, role = Role::Admin)]
struct Admin;

/// One visitor's whole visit, with values that would stand out: what was logged, and the public ids before and after signing in.
async fn one_visit() -> (String, Vec<String>, [String; 2]) {
    let log = Log::start();
    let mut visitor = Visitor::new(Sessions::<Shop>::new(MemoryStore::new()));
    let mut tokens = Vec::new();
    visitor.visit(async |session| session.set_oauth_state("hunter2".to_owned()).await).await.unwrap();
    tokens.extend(visitor.token().map(str::to_owned));
    let before = visitor.visit(async |session| session.id().await).await.unwrap().expect("a record");
    visitor.visit(async |session| Admin::check(&session).await.map(drop)).await.unwrap_err();
    visitor
        .visit(async |session| {
            session.set_user_id(UserId(4_242_424_242)).await.unwrap();
            session.set_role(Role::Customer).await.unwrap();
        })
        .await;
    tokens.extend(visitor.token().map(str::to_owned));
    let after = visitor.visit(async |session| session.id().await).await.unwrap().expect("a record");
    visitor.visit(async |session| Admin::check(&session).await.map(drop)).await.unwrap_err();
    let mut rival = visitor.clone();
    visitor
        .visit(async |session| {
            session.visits().await.unwrap();
            rival.visit(async |session| session.update_visits(|visits| *visits = 5_151_515).await).await.unwrap();
            session.set_notice("hunter2".to_owned()).await.unwrap();
        })
        .await;
    visitor.visit(async |session| session.destroy().await).await.unwrap();
    (log.text(), tokens, [before, after].map(|id| id.to_string()))
}

/// The lines of an event, without their times.
fn events<'a>(log: &'a str, event: &str) -> Vec<&'a str> {
    log.lines()
        .filter(|line| line.contains(event))
        .filter_map(|line| line.split_once(' ').map(|(_, rest)| rest.trim()))
        .collect()
}

fn has(line: &str, level: &str, fields: &[&str]) -> bool {
    line.starts_with(level) && fields.iter().all(|field| line.split([' ', '{', '}']).any(|word| word == *field))
}

/// The table in the documentation of `cloakroom::observe`, event by event.
#[tokio::test]
async fn each_event_has_its_level_and_its_fields() {
    let (log, _, [before, after]) = one_visit().await;
    let (before, after) = (format!("id={before}"), format!("id={after}"));
    let shop = "session=\"shop\"";
    for (event, level, fields) in [
        ("loaded a session", "DEBUG", vec![shop, &before, "found=\"live\""]),
        ("committed a session", "DEBUG", vec![shop, &before, "how=\"created\""]),
        ("committed a session", "DEBUG", vec![shop, &after, "how=\"rotated\""]),
        ("committed a session", "DEBUG", vec![shop, &after, "how=\"replaced\""]),
        ("another request wrote to the session first", "DEBUG", vec![shop, "lost=1"]),
        ("a guard turned a request away", "DEBUG", vec![shop, "reason=\"missing\"", "need=user_id"]),
        ("a guard turned a request away", "DEBUG", vec![shop, "reason=\"mismatch\"", "need=role"]),
        ("signed in", "INFO", vec![shop, &after]),
        ("signed out", "INFO", vec![shop, &after, "reason=\"destroyed\""]),
    ] {
        let lines = events(&log, event);
        assert!(lines.iter().any(|line| has(line, level, &fields)), "no {level} `{event}` with {fields:?}:\n{log}");
        assert!(lines.iter().all(|line| line.starts_with(level)), "{lines:#?}");
    }
    let writes = events(&log, "committed a session");
    assert!(writes.iter().all(|line| line.contains("session.commit{session=\"shop\"}")), "{writes:#?}");
}

/// What a store logs while it is asked stands in a span that says for which session.
#[tokio::test]
async fn a_store_is_asked_within_a_span() {
    #[derive(Clone)]
    struct Talks;
    impl Around for Talks {
        async fn before(&self, deed: Deed, _: &StoreKey) -> Result<(), StoreError> {
            tracing::debug!(?deed, "the store was asked");
            Ok(())
        }
    }
    let log = Log::start();
    let store = Wrapped { inner: MemoryStore::new(), around: Talks };
    let mut visitor = Visitor::new(Sessions::<Shop>::new(store));
    visitor.visit(async |session| session.set_visits(1).await).await.unwrap();
    let id = visitor.visit(async |session| session.id().await).await.unwrap().expect("a record");
    let (log, asked) = (log.text(), format!("session.load{{session=\"shop\" id={id}}}"));
    let lines = events(&log, "the store was asked");
    assert!(lines[0].contains("session.commit{session=\"shop\"}") && lines[0].contains("Create"), "{lines:#?}");
    assert!(lines[1].contains(&asked) && lines[1].contains("Load"), "{lines:#?}");
}

/// Whoever watches is told of each load once, be the record in a store or at hand.
#[tokio::test]
async fn a_load_has_one_span() {
    struct Loads(Arc<AtomicUsize>);
    impl<S: Subscriber> Layer<S> for Loads {
        fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
            self.0.fetch_add(usize::from(attributes.metadata().name() == "session.load"), Relaxed);
        }
    }
    let _log = Log::start();
    for sessions in [Sessions::<Shop>::new(MemoryStore::new()), Sessions::sealed(SealKeys::ephemeral())] {
        let mut visitor = Visitor::new(sessions);
        visitor.visit(async |session| session.set_visits(1).await).await.unwrap();
        let loads = Arc::new(AtomicUsize::new(0));
        let watching = tracing::subscriber::set_default(tracing_subscriber::registry().with(Loads(Arc::clone(&loads))));
        assert_eq!(visitor.visit(async |session| session.visits().await).await.unwrap(), 1);
        drop(watching);
        assert_eq!(loads.load(Relaxed), 1);
    }
}

/// By default a log shows who comes and goes, and nothing of the requests between.
#[tokio::test]
async fn at_info_only_coming_and_going_is_logged() {
    let (log, ..) = one_visit().await;
    let quiet: Vec<_> = log.lines().filter(|line| !line.contains(" DEBUG ") && !line.contains(" TRACE ")).collect();
    assert_eq!(quiet.len(), 2, "{quiet:#?}");
    assert!(quiet[0].contains("signed in") && quiet[1].contains("signed out"), "{quiet:#?}");
}

#[tokio::test]
async fn no_value_and_no_token_is_logged() {
    let (log, tokens, _) = one_visit().await;
    for value in ["hunter2", "4242424242", "5151515"] {
        assert!(!log.contains(value), "{log}");
    }
    assert_secret(&log, &tokens);
}

/// Who made room for a newer session was signed out, and that is said once, when it has happened.
#[tokio::test]
async fn an_eviction_is_logged_once() {
    let log = Log::start();
    let sessions = Sessions::<Shop>::new(MemoryStore::new()).with_session_limit(1, AtLimit::EvictOldest);
    for _ in 0..2 {
        let mut visitor = Visitor::new(sessions.clone());
        visitor.visit(async |session| session.set_user_id(UserId(1)).await).await.unwrap();
    }
    let text = log.text();
    let told: Vec<_> = text.lines().filter(|line| line.contains(" INFO ")).collect();
    assert_eq!(told.len(), 3, "{told:#?}");
    assert!(told[1].contains("signed out") && told[1].contains("reason=\"evicted\""), "{told:#?}");
}

/// To clear the owner is to sign out as well; a new proof of who one is, is a sign-in; a write is neither.
#[tokio::test]
async fn what_counts_as_coming_and_going() {
    let log = Log::start();
    let mut visitor = Visitor::new(Sessions::<Shop>::new(MemoryStore::new()));
    let mut logged = 0;
    let mut since = |log: &Log| {
        let text = log.text();
        let new = text[logged..].lines().filter_map(|line| line.split_once("signed ")).map(|(_, rest)| rest.to_owned());
        let new: Vec<String> = new.filter_map(|rest| rest.split_once(' ').map(|(word, _)| word.to_owned())).collect();
        logged = text.len();
        new
    };
    visitor.visit(async |session| session.set_user_id(UserId(1)).await).await.unwrap();
    assert_eq!(since(&log), ["in"], "a session that begins with an owner");
    visitor.visit(async |session| session.set_visits(1).await).await.unwrap();
    visitor.visit(async |session| session.regenerate().await).await.unwrap();
    visitor.visit(async |session| session.set_user_id(UserId(1)).await).await.unwrap();
    assert!(since(&log).is_empty(), "the same visitor as before");
    visitor.visit(async |session| session.mark_authenticated().await).await.unwrap();
    assert_eq!(since(&log), ["in"]);
    visitor.visit(async |session| session.set_user_id(UserId(2)).await).await.unwrap();
    assert_eq!(since(&log), ["in"], "somebody else");
    visitor.visit(async |session| session.clear_user_id().await).await.unwrap();
    assert_eq!(since(&log), ["out"]);
    let signs_in_and_writes = async |session: Session<Shop>| {
        session.set_user_id(UserId(7)).await?;
        session.update_visits(|visits| *visits += 1).await
    };
    visitor.visit(signs_in_and_writes).await.unwrap();
    assert_eq!(
        since(&log),
        ["in"],
        "the new token goes first here, and the owner comes to a record that has its key already"
    );
    let proves_and_writes = async |session: Session<Shop>| {
        session.mark_authenticated().await?;
        session.update_visits(|visits| *visits += 1).await
    };
    visitor.visit(proves_and_writes).await.unwrap();
    assert_eq!(since(&log), ["in"]);
    visitor.visit(async |session| session.clear_user_id().await).await.unwrap();
    assert_eq!(since(&log), ["out"]);
    visitor.visit(async |session| session.destroy().await).await.unwrap();
    assert!(since(&log).is_empty(), "nobody was signed in");
}

/// Puts what is no record in the place of one.
async fn damage(store: &MemoryStore, token: &str) {
    let key = key("shop", token);
    let stored = store.load(&key).await.unwrap().expect("the session");
    store.replace(&key, &stored.version, "garbage".into(), stored.expires_at).await.unwrap();
}

/// Whoever sees the 500 finds the reason in the log, also where the request had read the session before.
#[tokio::test]
async fn a_commit_that_meets_a_damaged_record_is_logged() {
    let log = Log::start();
    for regenerates in [false, true] {
        let store = MemoryStore::new();
        let mut visitor = Visitor::new(Sessions::<Shop>::new(store.clone()));
        visitor.visit(async |session| session.set_visits(1).await.unwrap()).await;
        let token = visitor.token().expect("a cookie").to_owned();
        let handler = async |session: Session<Shop>| {
            session.visits().await.unwrap();
            damage(&store, &token).await;
            session.set_visits(2).await.unwrap();
            if regenerates {
                session.regenerate().await.unwrap();
            }
            Log::start();
        };
        let (_, closed) = visitor.request(handler).await;
        assert!(matches!(closed.error, Some(SessionError::Record(_))), "{closed:?}");
        let told = |line: &str| line.contains("ERROR") && line.contains("cannot read a stored session");
        assert!(log.text().lines().any(told), "{}", log.text());
    }
}

/// A rotation that goes on from where the store has failed before, and fails again.
#[tokio::test]
async fn every_failure_of_a_rotation_is_logged() {
    let log = Log::start();
    let store = FlakyStore::new(MemoryStore::new());
    let mut visitor = Visitor::new(Sessions::<Shop>::new(store.clone()));
    visitor.visit(async |session| session.set_visits(1).await.unwrap()).await;
    let handler = async |session: Session<Shop>| {
        session.visits().await.unwrap();
        session.regenerate().await.unwrap();
        for down in [Deed::Replace, Deed::LoadCurrent] {
            store.fail(&[down]);
            Log::start();
            assert_eq!(session.save().await.unwrap_err().status(), 503, "{down:?}");
            assert!(log.text().contains("cannot commit a session"), "{down:?}: {}", log.text());
        }
        store.recover();
    };
    visitor.visit(handler).await;
}
