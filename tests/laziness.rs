//! Promise 4, you pay for what you use: the store is asked no more often than the answer needs.
//!
//! The table "Store commands for one request" in `PEERS.md`, row "the least that is possible", and what follows from it.

use std::time::Duration;

use cloakroom::{ManualClock, MemoryStore, Session, SessionError, SessionLayer, Sessions, require_session};
use futures_util::FutureExt as _;
use http::{Method, StatusCode, header};
use tests::Deed::{Create, Delete, Load, LoadCurrent, Replace, Touch};
use tests::web::{Browser, Handle, Parameters, Routes, Sent, post};
use tests::{Calls, CartItem, CountingStore, Deed, Reply, Role, Shop, SteppedStore, Theme, UserId, Visitor, on_both};

const COOKIE: &str = "__Host-shop";

/// Well-formed, and opens nothing.
const FORGED: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// What the request brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Brings {
    NoCookie,
    Session,
    Forged,
    Malformed,
}

/// One request, and what it cost.
struct Visit {
    calls: Vec<Deed>,
    reply: Reply,
    /// Records in the store, those of before included.
    records: usize,
}

/// Runs `handler` for one visitor of a shop.
async fn visit<P: Parameters<M>, M: 'static>(brings: Brings, handler: impl Handle<P>) -> Visit {
    let memory = MemoryStore::new();
    let (store, calls) = CountingStore::new(memory.clone());
    let app =
        Routes::new().route("/begin", post(begin)).route("/", post(handler)).layer(SessionLayer::<Shop>::new(store));
    let mut browser = Browser::new(app);
    match brings {
        Brings::NoCookie => {}
        Brings::Session => assert_eq!(browser.post("/begin").await.status, 200),
        Brings::Forged => browser.set_cookie(COOKIE, FORGED),
        Brings::Malformed => browser.set_cookie(COOKIE, &FORGED[1..]),
    }
    calls.take();
    let reply = browser.post("/").await;
    Visit { calls: calls.take(), reply, records: memory.len() }
}

/// The calls alone, of a request that went well.
async fn calls<P: Parameters<M>, M: 'static>(brings: Brings, handler: impl Handle<P>) -> Vec<Deed> {
    let visit = visit(brings, handler).await;
    assert_eq!(visit.reply.status, 200, "{:?}", visit.reply);
    visit.calls
}

async fn begin(session: Session<Shop>) -> Result<(), SessionError> {
    session.set_role(Role::Admin).await?;
    session.set_visits(1).await?;
    session.set_notice("welcome".to_owned()).await?;
    session.set_oauth_state("state".to_owned()).await
}

async fn read(session: Session<Shop>) -> Result<(), SessionError> {
    session.role().await.map(drop)
}

async fn write(session: Session<Shop>) -> Result<(), SessionError> {
    session.set_visits(2).await
}

async fn read_and_write(session: Session<Shop>) -> Result<(), SessionError> {
    session.set_visits(session.visits().await? + 1).await
}

/// Column "no cookie": nothing, whether the handler asks for the session or reads it.
async fn without_a_cookie_the_store_is_never_asked() {
    let untouched = calls(Brings::NoCookie, async || "hello").await;
    let extracted = calls(Brings::NoCookie, async |session: Session<Shop>| format!("{session:?}")).await;
    let read = calls(Brings::NoCookie, read).await;
    let destroyed = visit(Brings::NoCookie, async |session: Session<Shop>| session.destroy().await).await;
    assert_eq!(destroyed.reply.set_cookies(), [""; 0], "there is no cookie to remove");
    assert_eq!([untouched, extracted, read, destroyed.calls], [[], [], [], []]);
}

/// Column "cookie, untouched".
async fn an_untouched_session_is_not_loaded() {
    let untouched = calls(Brings::Session, async || "hello").await;
    let extracted = calls(Brings::Session, async |session: Session<Shop>| format!("{:?}", session.clone())).await;
    assert_eq!([untouched, extracted], [[], []]);
}

/// Column "read".
async fn a_read_is_one_call() {
    assert_eq!(calls(Brings::Session, read).await, [Load]);
}

/// Whatever a request reads, it loads once.
async fn all_reads_of_a_request_are_one_call() {
    let handler = async |session: Session<Shop>| {
        assert_eq!(session.role().await?, Role::Admin);
        assert_eq!(session.visits().await?, 1);
        assert_eq!(session.theme().await?, Theme::System);
        assert_eq!(session.snapshot().await?.role, Role::Admin);
        assert!(session.id().await?.is_some() && !session.is_new().await?);
        assert!(session.created_at().await?.is_some() && session.expires_at().await?.is_some());
        assert!(session.authenticated_at().await?.is_none());
        assert_eq!(session.keys().await?.len(), 4);
        assert!(session.has_notice().await? && session.clone().has_role().await?);
        Ok::<_, SessionError>(())
    };
    assert_eq!(calls(Brings::Session, handler).await, [Load]);
}

/// Reads that run at once wait for one load: single flight.
async fn reads_at_once_are_one_call() {
    let stepped = SteppedStore::new(MemoryStore::new());
    let (store, calls) = CountingStore::new(stepped.clone());
    let reads = async |session: Session<Shop>| {
        let spawned =
            [session.clone(), session.clone()].map(|session| tokio::spawn(async move { session.role().await }));
        let (role, visits, snapshot) = tokio::join!(session.role(), session.visits(), session.snapshot());
        assert_eq!((role?, visits?, snapshot?.visits), (Role::Admin, 1, 1));
        for role in spawned {
            assert_eq!(role.await.expect("no read panics")?, Role::Admin);
        }
        Ok::<_, SessionError>(())
    };
    let app =
        Routes::new().route("/begin", post(begin)).route("/", post(reads)).layer(SessionLayer::<Shop>::new(store));
    let mut browser = Browser::new(app);
    browser.post("/begin").await;
    calls.take();
    stepped.step(true);
    let request = browser.fetch(browser.request(Method::POST, "/"));
    tokio::pin!(request);
    assert!(request.as_mut().now_or_never().is_none(), "the load waits, and everybody with it");
    for _ in 0..10 {
        tokio::task::yield_now().await; // the spawned reads run until they wait as well
    }
    stepped.step(false);
    stepped.wake();
    assert_eq!(request.await.status, 200);
    assert_eq!(calls.take(), [Load], "a second read asked again");
}

/// Column "write after read".
async fn a_write_after_a_read_is_one_more_call() {
    assert_eq!(calls(Brings::Session, read_and_write).await, [Load, Replace]);
}

/// A write that never looked at the session is no dearer than one that did, and asks past any cache.
async fn a_write_alone_is_two_calls() {
    assert_eq!(calls(Brings::Session, write).await, [LoadCurrent, Replace]);
    let many = async |session: Session<Shop>| {
        session.set_visits(2).await?;
        session.set_theme(Theme::Dark).await?;
        session.clear_role().await?;
        session.set_cart(vec![CartItem::one("lamp")]).await
    };
    assert_eq!(calls(Brings::Session, many).await, [LoadCurrent, Replace], "all writes of a request are one commit");
}

/// `update_*` commits at once: with or without a load before it, two calls.
async fn an_update_is_two_calls() {
    let update = async |session: Session<Shop>| session.update_visits(|visits| *visits += 1).await;
    assert_eq!(calls(Brings::Session, update).await, [LoadCurrent, Replace]);
    let read_first = async |session: Session<Shop>| {
        session.visits().await?;
        session.update_visits(|visits| *visits += 1).await
    };
    assert_eq!(calls(Brings::Session, read_first).await, [Load, Replace]);
    let without_change = async |session: Session<Shop>| session.update_visits(|_| {}).await;
    assert_eq!(calls(Brings::Session, without_change).await, [LoadCurrent], "nothing changed, nothing is written");
}

/// Columns "write" of a visitor without a record: it is created, and no more.
async fn a_first_write_is_one_call() {
    for brings in [Brings::NoCookie, Brings::Malformed] {
        let visit = visit(brings, read_and_write).await;
        assert_eq!(visit.calls, [Create], "{brings:?}");
        assert_eq!(visit.reply.set_cookies().len(), 1);
    }
}

/// Column "regenerate + write".
async fn regenerate_and_write_are_three_calls() {
    let handler = async |session: Session<Shop>| {
        session.regenerate().await?;
        session.set_visits(2).await
    };
    assert_eq!(calls(Brings::Session, handler).await, [LoadCurrent, Create, Replace]);
    let sign_in = async |session: Session<Shop>| {
        session.role().await?;
        session.mark_authenticated().await?;
        session.set_user_id(UserId(7)).await
    };
    assert_eq!(calls(Brings::Session, sign_in).await, [Load, Create, Replace], "signing in");
    assert_eq!(calls(Brings::NoCookie, sign_in).await, [Create], "signing in without a session before");
}

/// Column "destroy".
async fn destroy_is_one_call() {
    let destroy = async |session: Session<Shop>| session.destroy().await;
    assert_eq!(calls(Brings::Session, destroy).await, [Delete]);
    let write_first = async |session: Session<Shop>| {
        session.set_visits(2).await?;
        session.destroy().await
    };
    assert_eq!(calls(Brings::Session, write_first).await, [Delete], "what is destroyed need not be written");
    let twice = async |session: Session<Shop>| {
        session.role().await?;
        session.destroy().await?;
        session.destroy().await
    };
    assert_eq!(calls(Brings::Session, twice).await, [Load, Delete]);
}

/// Column "forged cookie": nothing, or one call once the session is touched; and it is never adopted (defect 3).
async fn a_forged_cookie_is_at_most_one_load() {
    assert_eq!(calls(Brings::Forged, async || "hello").await, []);
    assert_eq!(calls(Brings::Forged, read).await, [Load]);
    let visit = visit(Brings::Forged, read_and_write).await;
    assert_eq!(visit.calls, [Load, Create]);
    assert!(!visit.reply.set_cookies()[0].contains(FORGED), "an id that the store does not know was adopted");
}

/// What is no token need not be looked up.
async fn a_malformed_token_is_never_looked_up() {
    assert_eq!(calls(Brings::Malformed, async || "hello").await, []);
    assert_eq!(calls(Brings::Malformed, read).await, []);
    assert_eq!(calls(Brings::Malformed, async |session: Session<Shop>| session.destroy().await).await, []);
}

/// Defects 5 and 18: elsewhere a value that was changed and not marked as changed is lost, or saved by accident. A getter gives
/// the value away; what becomes of it is stored only where somebody says so.
async fn changing_what_a_getter_gave_changes_nothing_until_it_is_set() {
    let changed = async |session: Session<Shop>| {
        session.cart().await?.push(CartItem::one("hat"));
        Ok::<_, SessionError>(())
    };
    assert_eq!(calls(Brings::Session, changed).await, [Load]);
    let set = async |session: Session<Shop>| {
        let mut cart = session.cart().await?;
        cart.push(CartItem::one("hat"));
        session.set_cart(cart).await
    };
    assert_eq!(calls(Brings::Session, set).await, [Load, Replace]);
}

/// To set what is stored already changes nothing; nor does clearing what is not set.
async fn equal_values_are_not_written() {
    let same = async |session: Session<Shop>| {
        session.set_role(Role::Admin).await?;
        session.set_visits(1).await?;
        session.set_notice("welcome".to_owned()).await?;
        session.clear_cart().await?;
        session.set_user_id(None).await
    };
    assert_eq!(calls(Brings::Session, same).await, [LoadCurrent]);
    let back_again = async |session: Session<Shop>| {
        let visits = session.visits().await?;
        session.set_visits(visits + 1).await?;
        session.set_visits(visits).await
    };
    assert_eq!(calls(Brings::Session, back_again).await, [Load]);
}

/// Except where the value has a time of its own: to set it anew is to give it more time.
async fn an_equal_value_with_a_ttl_is_written() {
    let same = async |session: Session<Shop>| session.set_oauth_state("state".to_owned()).await;
    assert_eq!(calls(Brings::Session, same).await, [LoadCurrent, Replace]);
}

/// A field with a `ttl` is read like any other, before and after its time.
async fn reading_a_ttl_field_writes_nothing() {
    let handler = async |session: Session<Shop>| session.oauth_state().await.map(drop);
    assert_eq!(calls(Brings::Session, handler).await, [Load]);

    let (mut visitor, calls, clock) = visitor_with_clock();
    visitor.visit(begin).await.unwrap();
    clock.advance(Duration::from_secs(601));
    visitor.visit(read).await.unwrap(); // the touch that is due by now
    calls.take();
    assert_eq!(visitor.visit(async |session| session.oauth_state().await.unwrap()).await, None);
    assert_eq!(calls.take(), [Load]);
}

/// A flash is consumed by reading it, which is a write; to look whether there is one, or to find none, is not.
async fn a_flash_is_written_only_when_it_is_consumed() {
    let consume = async |session: Session<Shop>| {
        assert_eq!(session.notice().await?.as_deref(), Some("welcome"));
        assert_eq!(session.notice().await?, None);
        Ok::<_, SessionError>(())
    };
    assert_eq!(calls(Brings::Session, consume).await, [Load, Replace]);
    let look = async |session: Session<Shop>| {
        assert!(session.has_notice().await? && session.snapshot().await?.notice.is_some());
        Ok::<_, SessionError>(())
    };
    assert_eq!(calls(Brings::Session, look).await, [Load]);
    assert_eq!(calls(Brings::Forged, async |session: Session<Shop>| session.notice().await.map(drop)).await, [Load]);

    let (mut visitor, calls, _) = visitor_with_clock();
    visitor.visit(write).await.unwrap();
    calls.take();
    assert_eq!(visitor.visit(async |session| session.notice().await.unwrap()).await, None);
    assert_eq!(calls.take(), [Load], "there was no flash to consume");
}

fn visitor_with_clock() -> (Visitor<Shop>, Calls, ManualClock) {
    let clock = ManualClock::default();
    let (store, calls) = CountingStore::new(MemoryStore::new().with_clock(clock.clone()));
    (Visitor::new(Sessions::new(store).with_clock(clock.clone())), calls, clock)
}

/// Activity is written down once a tenth of the idle time (30 minutes) has passed, and only by a request that loads the session.
#[tokio::test]
async fn activity_is_written_down_after_a_tenth_of_the_idle_time() {
    let (mut visitor, calls, clock) = visitor_with_clock();
    visitor.visit(begin).await.unwrap();
    calls.take();
    let tenth = Duration::from_secs(3 * 60);
    let moment = Duration::from_millis(1);

    clock.advance(tenth - moment);
    visitor.visit(read).await.unwrap();
    assert_eq!(calls.take(), [Load], "too early to be worth a write");
    clock.advance(moment);
    visitor.visit(async |_| ()).await;
    assert_eq!(calls.take(), [], "who does not load is not active");
    visitor.visit(read).await.unwrap();
    assert_eq!(calls.take(), [Load, Touch]);
    visitor.visit(read).await.unwrap();
    assert_eq!(calls.take(), [Load], "it was written down a moment ago");
    clock.advance(tenth);
    visitor.visit(read_and_write).await.unwrap();
    assert_eq!(calls.take(), [Load, Replace], "the write moves the end already");
    visitor.visit(read).await.unwrap();
    assert_eq!(calls.take(), [Load]);
    clock.advance(tenth);
    visitor.visit(async |session| session.set_visits(session.visits().await.unwrap()).await.unwrap()).await;
    assert_eq!(calls.take(), [Load, Touch], "a write that changes nothing is still activity");
    clock.advance(tenth);
    visitor
        .visit(async |session| {
            session.role().await.unwrap();
            session.destroy().await.unwrap();
        })
        .await;
    assert_eq!(calls.take(), [Load, Delete]);
}

/// Once no activity can move the end any more, none is written down.
#[tokio::test]
async fn activity_close_to_the_absolute_end_is_not_written_down() {
    let clock = ManualClock::default();
    let (store, calls) = CountingStore::new(MemoryStore::new().with_clock(clock.clone()));
    let (idle, absolute) = (Duration::from_secs(600), Duration::from_secs(660));
    let sessions = Sessions::<Shop>::new(store).with_clock(clock.clone()).with_idle(idle).with_absolute(absolute);
    let mut visitor = Visitor::new(sessions);
    visitor.visit(begin).await.unwrap();
    clock.advance(Duration::from_secs(120));
    visitor.visit(read).await.unwrap();
    calls.take();
    for _ in 0..5 {
        clock.advance(Duration::from_secs(100));
        visitor.visit(read).await.unwrap();
    }
    assert_eq!(calls.take(), [Load; 5]);
}

/// Defect 19, and 15: reads, clears, a forged cookie or a lifetime alone leave no record and no cookie.
async fn anonymous_traffic_leaves_nothing_behind() {
    macro_rules! leaves_nothing {
        ($($handler:expr;)*) => {$(
            for brings in [Brings::NoCookie, Brings::Malformed, Brings::Forged] {
                let visit = visit(brings, $handler).await;
                let what = concat!(stringify!($handler));
                assert_eq!(visit.reply.status, 200, "{brings:?}: {what}");
                assert_eq!(visit.records, 0, "{brings:?}: {what} created a record");
                assert!(visit.reply.set_cookies().is_empty(), "{brings:?}: {what} set a cookie");
                let at_most = if brings == Brings::Forged { 1 } else { 0 };
                assert!(visit.calls.len() <= at_most, "{brings:?}: {what} cost {:?}", visit.calls);
            }
        )*};
    }
    leaves_nothing! {
        async || ();
        read;
        async |session: Session<Shop>| session.snapshot().await.map(drop);
        async |session: Session<Shop>| session.notice().await.map(drop);
        async |session: Session<Shop>| session.take_cart().await.map(drop);
        async |session: Session<Shop>| session.clear_cart().await;
        async |session: Session<Shop>| session.clear().await;
        async |session: Session<Shop>| session.set_user_id(None).await;
        async |session: Session<Shop>| session.update_user_id(|_| {}).await;
        async |session: Session<Shop>| session.set_expiry(Duration::from_secs(60), Duration::from_secs(3600)).await;
        async |session: Session<Shop>| session.save().await;
        async |session: Session<Shop>| session.reload().await;
        async |session: Session<Shop>| { session.clear_cart().await?; session.save().await };
        async |session: Session<Shop>| { session.set_visits(1).await?; session.clear().await };
        async |session: Session<Shop>| { session.set_oauth_state("state".to_owned()).await?; session.clear_oauth_state().await };
    }
}

/// An update that leaves an unset field as it reads is no reason to begin a session: a robot that empties carts it never had
/// costs no record (defect 19).
async fn an_update_that_changes_nothing_begins_no_session() {
    for brings in [Brings::NoCookie, Brings::Forged] {
        let visit = visit(brings, async |session: Session<Shop>| {
            session.update_cart(|cart| cart.retain(|item| item.product != "lamp")).await
        })
        .await;
        assert_eq!(visit.records, 0, "{brings:?}");
        assert!(visit.reply.set_cookies().is_empty(), "{brings:?}: {:?}", visit.reply);
    }
}

/// Defect 15: what was cleared before the first load and set again is kept, and nothing else of it.
#[tokio::test]
async fn what_is_cleared_and_set_again_is_kept() {
    let (mut visitor, calls, _) = visitor_with_clock();
    visitor.visit(begin).await.unwrap();
    calls.take();
    visitor
        .visit(async |session| {
            session.clear_visits().await.unwrap();
            session.set_visits(9).await.unwrap();
            session.clear_cart().await.unwrap();
        })
        .await;
    assert_eq!(calls.take(), [LoadCurrent, Replace]);
    assert_eq!(visitor.visit(async |session| session.visits().await.unwrap()).await, 9);
}

/// Promise 10: a 5xx drops what is pending, without a word to the store.
async fn a_server_error_writes_nothing() {
    for (brings, loaded) in [(Brings::NoCookie, &[][..]), (Brings::Session, &[Load][..])] {
        let visit = visit(brings, async |session: Session<Shop>| {
            session.set_visits(session.visits().await? + 1).await?;
            session.clear_role().await?;
            session.regenerate().await?;
            Ok::<_, SessionError>(StatusCode::BAD_GATEWAY)
        })
        .await;
        assert_eq!((visit.reply.status.as_u16(), visit.calls.as_slice()), (502, loaded));
        assert!(visit.reply.set_cookies().is_empty());
    }
}

/// Nor where there is something else to tell the store: activity, or a logout.
async fn a_server_error_writes_nothing_beside_a_touch_or_a_logout() {
    let clock = ManualClock::default();
    let memory = MemoryStore::new().with_clock(clock.clone());
    let (store, calls) = CountingStore::new(memory.clone());
    let fails = async |session: Session<Shop>| {
        session.set_visits(session.visits().await? + 1).await?;
        Ok::<_, SessionError>(StatusCode::BAD_GATEWAY)
    };
    let leaves = async |session: Session<Shop>| {
        session.destroy().await?;
        session.set_visits(3).await?;
        Ok::<_, SessionError>(StatusCode::BAD_GATEWAY)
    };
    let visits = async |session: Session<Shop>| session.visits().await.map(|visits| visits.to_string());
    let app = Routes::new()
        .route("/begin", post(begin))
        .route("/fails", post(fails))
        .route("/leaves", post(leaves))
        .route("/visits", post(visits))
        .layer(SessionLayer::<Shop>::new(store).with_clock(clock.clone()));
    let mut browser = Browser::new(app);
    browser.post("/begin").await;
    calls.take();
    clock.advance(Duration::from_secs(10 * 60));
    assert_eq!(browser.post("/fails").await.status, 502);
    assert_eq!(calls.take(), [Load, Touch]);
    assert_eq!(browser.post("/visits").await.body, "1");
    calls.take();
    assert_eq!(browser.post("/leaves").await.status, 502);
    assert_eq!(calls.take(), [Delete]);
    assert!(memory.is_empty() && browser.cookie(COOKIE).is_none());
}

/// A flash that was shown on a page of status 5xx is shown again.
async fn a_server_error_keeps_the_flash() {
    let show = async |session: Session<Shop>| {
        let notice = session.notice().await?;
        Ok::<_, SessionError>((StatusCode::INTERNAL_SERVER_ERROR, notice.unwrap_or_default()))
    };
    let app = Routes::new()
        .route("/begin", post(begin))
        .route("/", post(show))
        .layer(SessionLayer::<Shop>::new(MemoryStore::new()));
    let mut browser = Browser::new(app);
    browser.post("/begin").await;
    assert_eq!(browser.post("/").await.body, "welcome");
    assert_eq!(browser.post("/").await.body, "welcome");
}

#[require_session(Shop, role = Role::Admin, visits)]
async fn guarded(#[session] visits: u64) -> String {
    visits.to_string()
}

#[require_session(Shop, role)]
async fn guarded_reader(session: Session<Shop>, #[session] role: Role) -> Result<String, SessionError> {
    Ok(format!("{role:?} {:?}", session.snapshot().await?))
}

#[require_session(Shop, role)]
async fn guarded_writer(session: Session<Shop>) -> Result<(), SessionError> {
    session.set_visits(session.visits().await? + 1).await
}

/// A guard is one call, and its handler reads what it loaded. Who is turned away costs no more, and leaves nothing (defect 19).
async fn a_guard_is_one_call() {
    assert_eq!(calls(Brings::Session, guarded).await, [LoadCurrent]);
    assert_eq!(calls(Brings::Session, guarded_reader).await, [LoadCurrent]);
    assert_eq!(calls(Brings::Session, guarded_writer).await, [LoadCurrent, Replace]);
    for (brings, cost) in
        [(Brings::NoCookie, &[][..]), (Brings::Malformed, &[][..]), (Brings::Forged, &[LoadCurrent][..])]
    {
        let visit = visit(brings, guarded_writer).await;
        assert_eq!((visit.reply.status.as_u16(), visit.calls.as_slice(), visit.records), (401, cost, 0), "{brings:?}");
        assert!(visit.reply.set_cookies().is_empty(), "{brings:?}");
        assert_eq!(values(&visit.reply, header::CACHE_CONTROL), ["no-store"], "{brings:?}");
    }
}

/// All the values of a header field, in order.
fn values(reply: &Reply, name: header::HeaderName) -> Vec<String> {
    let values = reply.headers.get_all(name).iter();
    values.flat_map(|value| value.to_str().unwrap().split(',')).map(|name| name.trim().to_owned()).collect()
}

/// Promise 6: what depends on the session is not for shared caches; what does not is left alone.
async fn only_what_depends_on_the_session_is_uncacheable() {
    let untouched = visit(Brings::Session, async || "logo.svg").await.reply;
    assert_eq!(values(&untouched, header::VARY), [""; 0]);
    assert_eq!(values(&untouched, header::CACHE_CONTROL), [""; 0]);
    let extracted = visit(Brings::Session, async |_: Session<Shop>| "logo.svg").await.reply;
    assert_eq!(values(&extracted, header::CACHE_CONTROL), [""; 0]);

    // A page that reads "nobody is signed in" depends on the cookie too: the next visitor may bring one.
    for brings in [Brings::NoCookie, Brings::Session, Brings::Forged, Brings::Malformed] {
        let read = visit(brings, read).await.reply;
        assert_eq!(values(&read, header::VARY), ["Cookie"], "{brings:?}");
        assert_eq!(values(&read, header::CACHE_CONTROL), ["no-store"], "{brings:?}");
    }
    let begun = visit(Brings::NoCookie, write).await.reply;
    assert_eq!(values(&begun, header::CACHE_CONTROL), ["no-store"], "a Set-Cookie must not be shared");
}

/// An application that says how its pages are cached knows better; `Vary` is added to what it varies by.
async fn the_applications_own_cache_headers_are_kept() {
    async fn answer(session: Session<Shop>, own: &'static [(&'static str, &'static str)]) -> Sent {
        session.role().await.unwrap();
        own.iter().fold(Sent::default(), |sent, (name, value)| sent.header(name, value))
    }
    macro_rules! becomes {
        ($($own:expr => $vary:expr, $cache:expr;)*) => {$(
            let reply = visit(Brings::Session, async |session: Session<Shop>| answer(session, &$own).await).await.reply;
            assert_eq!(values(&reply, header::VARY), $vary);
            assert_eq!(values(&reply, header::CACHE_CONTROL), $cache);
        )*};
    }
    becomes! {
        [("cache-control", "private, max-age=60")] => ["Cookie"], ["private", "max-age=60"];
        [("vary", "Accept-Encoding")] => ["Accept-Encoding", "Cookie"], ["no-store"];
        [("vary", "Origin"), ("vary", "Accept")] => ["Origin", "Accept", "Cookie"], ["no-store"];
        [("vary", "Accept-Encoding, cookie")] => ["Accept-Encoding", "cookie"], ["no-store"];
        [("vary", "*")] => ["*"], ["no-store"];
        [("vary", "X-Cookie-Consent")] => ["X-Cookie-Consent", "Cookie"], ["no-store"];
    }
}

on_both!(
    without_a_cookie_the_store_is_never_asked,
    an_untouched_session_is_not_loaded,
    a_read_is_one_call,
    all_reads_of_a_request_are_one_call,
    reads_at_once_are_one_call,
    a_write_after_a_read_is_one_more_call,
    a_write_alone_is_two_calls,
    an_update_is_two_calls,
    a_first_write_is_one_call,
    regenerate_and_write_are_three_calls,
    destroy_is_one_call,
    a_forged_cookie_is_at_most_one_load,
    a_malformed_token_is_never_looked_up,
    changing_what_a_getter_gave_changes_nothing_until_it_is_set,
    equal_values_are_not_written,
    an_equal_value_with_a_ttl_is_written,
    reading_a_ttl_field_writes_nothing,
    a_flash_is_written_only_when_it_is_consumed,
    anonymous_traffic_leaves_nothing_behind,
    an_update_that_changes_nothing_begins_no_session,
    a_server_error_writes_nothing,
    a_server_error_writes_nothing_beside_a_touch_or_a_logout,
    a_server_error_keeps_the_flash,
    a_guard_is_one_call,
    only_what_depends_on_the_session_is_uncacheable,
    the_applications_own_cache_headers_are_kept,
);
