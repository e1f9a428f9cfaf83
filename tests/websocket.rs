//! The example with a web socket, on a port: its socket keeps a session alive, sees a logout, and is opened by no other site.

#[allow(dead_code, reason = "the example's own `main` and period are not for tests")]
#[path = "../examples/websocket.rs"]
mod example;

use std::time::Duration;

use axum::Router;
use cloakroom::store::SessionStore;
use cloakroom::{ManualClock, MemoryStore, Sessions};
use example::Chat;
use futures_util::{SinkExt as _, StreamExt as _};
use http::StatusCode;
use tests::{Browser, CountingStore, Deed, FlakyStore, Place, on_every_store, served};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A socket looks when something is said on it, and when it is opened.
const SELDOM: Duration = Duration::from_secs(3600);
/// It looks all the time.
const OFTEN: Duration = Duration::from_millis(5);
const MINUTE: Duration = Duration::from_secs(60);

/// The running example, and a browser before it.
struct World {
    address: String,
    browser: Browser,
}

impl World {
    async fn new(sessions: Sessions<Chat>, look: Duration) -> Self {
        let app: Router = example::app(sessions, look);
        Self { address: served(app.clone()).await, browser: Browser::new(app) }
    }

    async fn on(store: impl SessionStore, look: Duration) -> Self {
        Self::new(Sessions::new(store), look).await
    }

    async fn post(&mut self, path: &str, body: &'static str) {
        let reply = self.browser.post_text(path, body).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.body);
    }

    /// Opens a socket, with these header fields besides the browser's cookies.
    async fn connect(&self, fields: &[(&'static str, &str)]) -> Result<Socket, Error> {
        let mut request = format!("ws://{}/socket", self.address).into_client_request()?;
        for (name, value) in fields.iter().copied().chain([("cookie", &*self.browser.cookie_header())]) {
            request.headers_mut().insert(name, value.parse().expect("a header field"));
        }
        connect_async(request).await.map(|(socket, _)| socket)
    }

    /// The status of an upgrade that is refused.
    async fn refused(&self, fields: &[(&'static str, &str)]) -> StatusCode {
        match self.connect(fields).await {
            Err(Error::Http(response)) => response.status(),
            other => panic!("not refused: {other:?}"),
        }
    }

    /// Signed in, with an open socket.
    async fn talking(mut self) -> (Self, Socket) {
        self.post("/sign-in", "ada").await;
        let socket = self.connect(&[]).await.expect("a socket");
        (self, socket)
    }
}

async fn say(socket: &mut Socket, text: &'static str) {
    socket.send(Message::text(text)).await.expect("the socket is open");
}

/// What is heard next; pings are not heard.
async fn hear(socket: &mut Socket) -> Message {
    let heard = tokio::time::timeout(Duration::from_secs(20), socket.next()).await.expect("something is said");
    heard.expect("the socket is open").expect("it speaks the protocol")
}

async fn assert_answers(socket: &mut Socket) {
    say(socket, "hello").await;
    assert_eq!(hear(socket).await, Message::text("ada: hello"));
}

async fn assert_closes(socket: &mut Socket, code: CloseCode) {
    let Message::Close(Some(frame)) = hear(socket).await else { panic!("no close frame with a code") };
    let reason = match code {
        CloseCode::Again => "the session cannot be looked up just now",
        _ => "the session has ended",
    };
    assert_eq!((frame.code, &*frame.reason), (code, reason));
    assert!(socket.next().await.is_none_or(|end| end.is_err()), "the connection goes on");
}

#[tokio::test]
async fn a_socket_is_for_who_is_signed_in() {
    let world = World::on(MemoryStore::new(), SELDOM).await;
    assert_eq!(world.refused(&[]).await, StatusCode::UNAUTHORIZED);
    let (_, mut socket) = world.talking().await;
    assert_answers(&mut socket).await;
}

/// Cross-site web-socket hijacking: browsers send the cookie along, and no preflight.
#[tokio::test]
async fn a_page_of_another_origin_opens_no_socket() {
    let (world, _) = World::on(MemoryStore::new(), SELDOM).await.talking().await;
    let own = format!("http://{}", world.address);
    for foreign in ["https://evil.example", "http://127.0.0.1:1", "null"] {
        assert_eq!(world.refused(&[("origin", foreign)]).await, StatusCode::FORBIDDEN, "{foreign}");
    }
    for site in ["cross-site", "same-site"] {
        let fields = [("sec-fetch-site", site), ("origin", "https://evil.example")];
        assert_eq!(world.refused(&fields).await, StatusCode::FORBIDDEN, "{site}");
    }
    let fields = [("sec-fetch-site", "same-origin"), ("origin", &*own)];
    for fields in [&fields[..], &[("origin", &own)]] {
        assert_answers(&mut world.connect(fields).await.expect("its own page may")).await;
    }
}

async fn a_message_after_a_logout_closes_the_socket(place: Place<impl SessionStore>) {
    let (mut world, mut socket) = World::new(place.sessions().await, SELDOM).await.talking().await;
    assert_answers(&mut socket).await;
    world.post("/sign-out", "").await;
    say(&mut socket, "still me").await;
    assert_closes(&mut socket, CloseCode::Policy).await;
}

on_every_store!(a_message_after_a_logout_closes_the_socket);

#[tokio::test]
async fn a_silent_socket_sees_a_logout_too() {
    let (mut world, mut socket) = World::on(MemoryStore::new(), OFTEN).await.talking().await;
    assert_answers(&mut socket).await;
    world.post("/sign-out", "").await;
    assert_closes(&mut socket, CloseCode::Policy).await;
}

/// A new sign-in gives the session a new token. The socket has the old one, and its client connects anew.
#[tokio::test]
async fn a_sign_in_elsewhere_closes_the_socket() {
    let (mut world, mut socket) = World::on(MemoryStore::new(), OFTEN).await.talking().await;
    world.post("/sign-in", "ada").await;
    assert_closes(&mut socket, CloseCode::Policy).await;
    assert_answers(&mut world.connect(&[]).await.expect("a socket")).await;
}

#[tokio::test]
async fn what_is_said_keeps_the_session_alive_until_its_absolute_end() {
    let clock = ManualClock::default();
    let store = MemoryStore::new().with_clock(clock.clone());
    let sessions = Sessions::new(store).with_clock(clock.clone());
    let (world, mut socket) = World::new(sessions, SELDOM).await.talking().await;
    // 29 times 25 minutes, where 30 minutes without a word are the end.
    for _ in 0..28 {
        clock.advance(25 * MINUTE);
        assert_answers(&mut socket).await;
    }
    let mut other = world.connect(&[]).await.expect("the browser's next request finds the session, too");
    clock.advance(25 * MINUTE);
    say(&mut socket, "after twelve hours").await;
    assert_closes(&mut socket, CloseCode::Policy).await;
    say(&mut other, "after twelve hours").await;
    assert_closes(&mut other, CloseCode::Policy).await;
}

/// An open tab looks again and again, and that is no activity.
#[tokio::test]
async fn a_socket_that_only_looks_ends_with_the_idle_time() {
    let clock = ManualClock::default();
    let (store, calls) = CountingStore::<MemoryStore>::new(MemoryStore::new().with_clock(clock.clone()));
    let sessions = Sessions::new(store).with_clock(clock.clone());
    let (_, mut socket) = World::new(sessions, OFTEN).await.talking().await;
    clock.advance(20 * MINUTE);
    calls.wait_for(Deed::LoadCurrent, 3).await;
    clock.advance(11 * MINUTE);
    assert_closes(&mut socket, CloseCode::Policy).await;
}

/// Nobody is signed out because a store is down: the client may try again.
#[tokio::test]
async fn a_store_that_is_down_is_no_logout() {
    let store = FlakyStore::new(MemoryStore::new());
    let (world, mut socket) = World::on(store.clone(), SELDOM).await.talking().await;
    store.fail_all();
    say(&mut socket, "hello").await;
    assert_closes(&mut socket, CloseCode::Again).await;
    store.recover();
    assert_answers(&mut world.connect(&[]).await.expect("a socket")).await;
}
