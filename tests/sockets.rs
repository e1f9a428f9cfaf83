//! What only shows on a connection, on every framework: clients that go away, bodies that nobody sends, panics, and bytes that are no text.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use cloakroom::{MemoryStore, Session, SessionError, SessionLayer, require_session};
use tests::web::{Later, Routes, get, post};
use tests::{Shop, UserId, on_both};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Notify;

/// How long a test waits before it fails.
const PATIENCE: Duration = Duration::from_secs(20);

async fn begin(session: Session<Shop>) -> Result<(), SessionError> {
    session.set_user_id(UserId(7)).await?;
    session.set_visits(3).await
}

async fn visits(session: Session<Shop>) -> Result<String, SessionError> {
    Ok(session.visits().await?.to_string())
}

#[require_session(Shop, user_id)]
async fn upload(body: String) -> String {
    body
}

fn routes() -> Routes {
    Routes::new().route("/begin", post(begin)).route("/visits", get(visits)).route("/upload", post(upload))
}

/// A served shop, and a visitor with a session.
struct Visitor {
    address: SocketAddr,
    cookie: String,
}

impl Visitor {
    async fn of(routes: Routes, store: &MemoryStore) -> Self {
        let address = routes.layer(SessionLayer::<Shop>::new(store.clone())).serve().await;
        let stranger = Self { address, cookie: String::new() };
        let head = stranger.send("POST /begin", "").await.rest().await;
        let (_, rest) = head.split_once("__Host-shop=").expect("a cookie");
        let token = rest.split(';').next().unwrap_or_default();
        Self { address, cookie: format!("Cookie: __Host-shop={token}\r\n") }
    }

    /// Sends a request's head, with these fields beside the cookie.
    async fn send(&self, request: &str, fields: impl AsRef<[u8]>) -> Connection {
        let mut stream = TcpStream::connect(self.address).await.expect("the server listens");
        let mut head = format!("{request} HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n").into_bytes();
        head.extend_from_slice(fields.as_ref());
        head.extend_from_slice(format!("{}\r\n", self.cookie).as_bytes());
        stream.write_all(&head).await.expect("the server reads");
        Connection(stream)
    }

    async fn visits(&self) -> String {
        let reply = self.send("GET /visits", "").await.rest().await;
        reply.rsplit("\r\n").find(|line| line.parse::<u64>().is_ok()).unwrap_or(&reply).to_owned()
    }
}

struct Connection(TcpStream);

impl Connection {
    /// All that comes until the server closes the connection.
    async fn rest(mut self) -> String {
        let mut bytes = Vec::new();
        // A connection that a panic ends may be reset.
        let _ = self.0.read_to_end(&mut bytes).await;
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The head alone.
    async fn head(&mut self) -> String {
        let mut bytes = Vec::new();
        while !bytes.ends_with(b"\r\n\r\n") {
            bytes.push(self.0.read_u8().await.expect("a head"));
        }
        String::from_utf8(bytes).expect("a head is text")
    }
}

/// Waits until this holds.
async fn until(holds: impl Fn() -> bool) {
    let wait = async {
        while !holds() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.expect("it never comes about");
}

/// Says when it is dropped.
struct Dropped(Arc<Notify>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

/// Promise 10: the client goes away in the middle of the handler, and a logout holds all the same.
async fn a_client_that_goes_away_cuts_no_logout_in_half() {
    let (store, inside) = (MemoryStore::new(), Arc::new(Notify::new()));
    let entered = Arc::clone(&inside);
    let leave = async move |session: Session<Shop>| {
        session.destroy().await?;
        session.set_visits(9).await?;
        entered.notify_one();
        std::future::pending::<Result<(), SessionError>>().await
    };
    let visitor = Visitor::of(routes().route("/leave", post(leave)), &store).await;
    let connection = visitor.send("POST /leave", "Content-Length: 0\r\n").await;
    inside.notified().await;
    assert_eq!(store.len(), 1);
    drop(connection);
    until(|| store.is_empty()).await;
}

/// What was pending goes with the handler, and what was committed stays.
async fn a_client_that_goes_away_takes_along_what_was_pending() {
    let (inside, outside) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (entered, left) = (Arc::clone(&inside), Arc::clone(&outside));
    let hang = async move |session: Session<Shop>| {
        let _dropped = Dropped(left);
        session.update_visits(|visits| *visits += 1).await?;
        session.set_visits(9).await?;
        entered.notify_one();
        std::future::pending::<Result<(), SessionError>>().await
    };
    let visitor = Visitor::of(routes().route("/hang", post(hang)), &MemoryStore::new()).await;
    let connection = visitor.send("POST /hang", "Content-Length: 0\r\n").await;
    inside.notified().await;
    drop(connection);
    tokio::time::timeout(PATIENCE, outside.notified()).await.expect("the handler is dropped");
    assert_eq!(visitor.visits().await, "4");
}

/// A panic ends the connection. The session stays as it was, and the next request is served.
async fn a_panic_ends_the_connection_and_not_the_session() {
    let panics = async |session: Session<Shop>| {
        session.set_visits(9).await?;
        if session.visits().await? == 9 {
            panic!("a handler panics");
        }
        Ok::<_, SessionError>(())
    };
    let visitor = Visitor::of(routes().route("/panic", post(panics)), &MemoryStore::new()).await;
    let reply = visitor.send("POST /panic", "Content-Length: 0\r\n").await.rest().await;
    assert!(reply.is_empty() || reply.starts_with("HTTP/1.1 500"), "{reply}");
    assert_eq!(visitor.visits().await, "3");
}

/// The head comes with the cookie, before the body is made; and the body can use the session.
async fn a_streams_head_comes_before_its_body() {
    let go_on = Arc::new(Notify::new());
    let released = Arc::clone(&go_on);
    let stream = async move |session: Session<Shop>| {
        session.regenerate().await?;
        Ok::<_, SessionError>(Later::new(async move {
            released.notified().await;
            assert!(matches!(session.regenerate().await, Err(SessionError::ResponseSent)));
            session.update_visits(|visits| *visits += 1).await.expect("the session is there");
            "streamed".to_owned()
        }))
    };
    let mut visitor = Visitor::of(routes().route("/stream", post(stream)), &MemoryStore::new()).await;
    let mut connection = visitor.send("POST /stream", "Content-Length: 0\r\n").await;
    let head = connection.head().await.to_lowercase();
    assert!(head.starts_with("http/1.1 200") && head.contains("cache-control: no-store"), "{head}");
    go_on.notify_one();
    assert!(connection.rest().await.contains("streamed"));
    visitor.cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap_or_default().to_owned();
    assert!(visitor.cookie.starts_with("__host-shop="), "{head}");
}

/// The guard answers while the body is still with the client, who never sends it.
async fn a_guard_waits_for_no_body() {
    let store = MemoryStore::new();
    let stranger = Visitor { cookie: String::new(), ..Visitor::of(routes(), &store).await };
    let mut connection = stranger.send("POST /upload", "Content-Length: 1000000\r\nContent-Type: text/plain\r\n").await;
    assert!(connection.head().await.starts_with("HTTP/1.1 401"));
}

/// Several Cookie fields, and a neighbour's cookie that is no text.
async fn cookies_are_bytes_in_any_number_of_fields() {
    let visitor = Visitor::of(routes(), &MemoryStore::new()).await;
    let reply =
        visitor.send("GET /visits", b"Cookie: name=M\xfcller; theme=dark\r\nCookie: a=b\r\n").await.rest().await;
    assert!(reply.ends_with('3') || reply.contains("\r\n3\r\n"), "{reply}");
}

on_both!(
    a_client_that_goes_away_cuts_no_logout_in_half,
    a_client_that_goes_away_takes_along_what_was_pending,
    a_panic_ends_the_connection_and_not_the_session,
    a_streams_head_comes_before_its_body,
    a_guard_waits_for_no_body,
    cookies_are_bytes_in_any_number_of_fields,
);
