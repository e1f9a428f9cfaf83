//! A web socket outlives the request that opened it. What is said on this one keeps its session alive; a logout in another tab, or the end
//! of the session by whatever else, closes it. `cargo run --example websocket`, then two tabs of http://localhost:3000.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade, close_code};
use axum::response::{Html, Response};
use axum::routing::{get, post};
use cloakroom::{
    MemoryStore, Rejection, Session, SessionData, SessionError, SessionLayer, Sessions, require_session, session_guard,
};

#[derive(SessionData)]
#[session(cookie = "chat", idle = "30m", absolute = "12h")]
pub struct Chat {
    #[session(owner)]
    user: Option<String>,
}

#[session_guard(Chat, user)]
struct SignedIn {
    user: String,
}

/// How long a logout can go unnoticed on a socket on which nothing is said.
const LOOK: Duration = Duration::from_secs(5);

/// A real one asks for a password first.
async fn sign_in(session: Session<Chat>, user: String) -> Result<(), SessionError> {
    session.set_user(user).await
}

async fn sign_out(session: Session<Chat>) -> Result<(), SessionError> {
    session.destroy().await
}

/// The layer has refused by now what a page of another site opens: browsers send the cookie along, and ask nobody.
#[require_session(Chat, user)]
async fn open(session: Session<Chat>, State(look): State<Duration>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(move |socket| talk(socket, session, look))
}

async fn talk(mut socket: WebSocket, session: Session<Chat>, look: Duration) {
    let mut looks = tokio::time::interval(look);
    let turned_away = loop {
        let said = tokio::select! {
            _ = looks.tick() => None,
            heard = socket.recv() => match heard {
                Some(Ok(Message::Text(text))) => Some(text),
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Binary(_))) => continue,
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
            },
        };
        match answer(&session, said).await {
            Ok(None) => {}
            Ok(Some(answer)) => drop(socket.send(Message::text(answer)).await),
            Err(rejection) => break rejection,
        }
    };
    // Clients come back after 1013 (try again later), and not after 1008 (policy violation).
    let (code, reason) = match turned_away.status().is_server_error() {
        true => (close_code::AGAIN, "the session cannot be looked up just now"),
        false => (close_code::POLICY, "the session has ended"),
    };
    let reason = Utf8Bytes::from_static(reason);
    drop(socket.send(Message::Close(Some(CloseFrame { code, reason }))).await);
}

/// Asks the store who this is, each time: what the session held when the socket was opened says nothing of now.
async fn answer(session: &Session<Chat>, said: Option<Utf8Bytes>) -> Result<Option<String>, Rejection> {
    session.reload().await?;
    let SignedIn { user } = SignedIn::check(session).await?;
    let Some(said) = said else { return Ok(None) };
    // Who says something is there: the idle time begins anew. To have looked is no reason for that, or an open tab would never end.
    session.save().await?;
    Ok(Some(format!("{user}: {said}")))
}

/// The routes, with their sessions; how often sockets look is up to the program.
pub fn app(sessions: Sessions<Chat>, look: Duration) -> Router {
    Router::new()
        .route("/", get(async || Html(PAGE)))
        .route("/sign-in", post(sign_in))
        .route("/sign-out", post(sign_out))
        .route("/socket", get(open))
        .with_state(look)
        .layer(SessionLayer::from(sessions))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = app(Sessions::new(MemoryStore::new()), LOOK);
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:3000".into());
    let listener = tokio::net::TcpListener::bind(address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, app).await?)
}

const PAGE: &str = r#"<!doctype html><meta charset="utf-8"><title>Socket</title>
<button id="in">Sign in as Ada</button> <button id="out">Sign out</button> <input id="say" placeholder="say something">
<pre id="log"></pre>
<script>
  const show = text => document.getElementById("log").append(text + "\n");
  const post = (path, body) => fetch(path, { method: "POST", body });
  let socket;
  const open = () => {
    socket = new WebSocket(location.origin.replace("http", "ws") + "/socket");
    socket.onmessage = event => show(event.data);
    socket.onclose = event => show("closed: " + event.code + " " + event.reason);
  };
  document.getElementById("in").onclick = () => post("/sign-in", "ada").then(open);
  document.getElementById("out").onclick = () => post("/sign-out");
  document.getElementById("say").onchange = event => { socket.send(event.target.value); event.target.value = ""; };
  open();
</script>
"#;
