//! The example with server-sent events, on a port: its stream shows what changes elsewhere, and ends with the session.

#[allow(dead_code, reason = "the example's own `main` and period are not for tests")]
#[path = "../examples/events.rs"]
mod example;

use std::time::Duration;

use cloakroom::store::SessionStore;
use cloakroom::{ManualClock, MemoryStore, Sessions};
use example::Shop;
use http::{StatusCode, header};
use reqwest::Response;
use tests::{Browser, CountingStore, Deed, FlakyStore, Place, on_every_store, served};

const OFTEN: Duration = Duration::from_millis(5);
const MINUTE: Duration = Duration::from_secs(60);

/// The running example, and a browser before it that is signed in.
struct World {
    address: String,
    browser: Browser,
}

impl World {
    async fn new(sessions: Sessions<Shop>) -> Self {
        let app = example::app(sessions, OFTEN);
        let mut world = Self { address: served(app.clone()).await, browser: Browser::new(app) };
        world.post("/sign-in", "ada").await;
        world
    }

    async fn post(&mut self, path: &str, body: &'static str) {
        let reply = self.browser.post_text(path, body).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.body);
    }

    async fn events(&self) -> Events {
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let request = client.get(format!("http://{}/events", self.address));
        let request = request.header("cookie", self.browser.cookie_header()).header("accept", "text/event-stream");
        Events { response: request.send().await.expect("an answer"), text: String::new() }
    }
}

/// A stream of events, as it is read.
struct Events {
    response: Response,
    text: String,
}

impl Events {
    /// The next event's lines; `None` at the end of the stream.
    async fn next(&mut self) -> Option<String> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.text = rest;
                return Some(event);
            }
            let chunk = tokio::time::timeout(Duration::from_secs(20), self.response.chunk()).await;
            let chunk = chunk.expect("something is sent").expect("the stream ends well")?;
            self.text += std::str::from_utf8(&chunk).expect("events are text");
        }
    }

    async fn assert_ends(&mut self, status: StatusCode) {
        assert_eq!(self.next().await, Some(format!("event: end\ndata: {}", status.as_str())));
        assert_eq!(self.next().await, None);
    }
}

async fn a_stream_shows_what_changes_and_ends_at_logout(place: Place<impl SessionStore>) {
    let mut world = World::new(place.sessions().await).await;
    let mut events = world.events().await;
    assert_eq!(events.response.status(), StatusCode::OK);
    assert_eq!(events.response.headers()[header::CONTENT_TYPE], "text/event-stream");
    assert_eq!(events.next().await.as_deref(), Some("event: cart\ndata: 0 in the cart: "));
    world.post("/cart", "tea").await;
    assert_eq!(events.next().await.as_deref(), Some("event: cart\ndata: 1 in the cart: tea"));
    world.post("/cart", "jam").await;
    assert_eq!(events.next().await.as_deref(), Some("event: cart\ndata: 2 in the cart: tea, jam"));
    let cookie = world.browser.cookie_header();
    world.post("/sign-out", "").await;
    events.assert_ends(StatusCode::UNAUTHORIZED).await;

    // Browsers come back when a stream has ended, and stop at a 401.
    let (_, token) = cookie.split_once('=').expect("a cookie");
    world.browser.set_cookie("__Host-shop", token);
    assert_eq!(world.events().await.response.status(), StatusCode::UNAUTHORIZED);
}

on_every_store!(a_stream_shows_what_changes_and_ends_at_logout);

/// A tab that was left open keeps nobody signed in.
#[tokio::test]
async fn a_stream_that_nobody_looks_at_ends_with_the_idle_time() {
    let clock = ManualClock::default();
    let (store, calls) = CountingStore::<MemoryStore>::new(MemoryStore::new().with_clock(clock.clone()));
    let mut world = World::new(Sessions::new(store).with_clock(clock.clone())).await;
    let mut events = world.events().await;
    events.next().await;
    clock.advance(20 * MINUTE);
    world.post("/cart", "tea").await;
    events.next().await;
    clock.advance(29 * MINUTE);
    let mut other = world.events().await;
    assert_eq!(
        other.next().await.as_deref(),
        Some("event: cart\ndata: 1 in the cart: tea"),
        "it still is one, half an hour after a request"
    );
    clock.advance(20 * MINUTE);
    calls.wait_for(Deed::LoadCurrent, 5).await;
    clock.advance(11 * MINUTE);
    events.assert_ends(StatusCode::UNAUTHORIZED).await;
    other.assert_ends(StatusCode::UNAUTHORIZED).await;
}

/// Nobody is signed out because a store is down: the page says something else then, and whoever comes back is served again.
#[tokio::test]
async fn a_store_that_is_down_is_no_logout() {
    let store = FlakyStore::new(MemoryStore::new());
    let mut world = World::new(Sessions::new(store.clone())).await;
    let mut events = world.events().await;
    events.next().await;
    store.fail_all();
    events.assert_ends(StatusCode::SERVICE_UNAVAILABLE).await;
    store.recover();
    assert_eq!(world.events().await.next().await.as_deref(), Some("event: cart\ndata: 0 in the cart: "));

    let page = world.browser.get("/").await.body;
    let on_end =
        page.split("\"end\", event => {").nth(1).and_then(|rest| rest.split("});").next()).expect("a listener");
    let (otherwise, signed_out) = on_end.split_once("show(\"Signed out\")").expect("what a sign-out shows");
    assert!(otherwise.contains("if (event.data !== \"401\") return show("), "an outage shows a sign-out: {on_end}");
    assert!(
        signed_out.contains("events.close()") && !otherwise.contains("close"),
        "an outage ends it for good: {on_end}"
    );
}
