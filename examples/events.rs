//! Server-sent events: every open tab shows the cart as it is now, and is told when its visitor signs out, in whatever tab.
//! `cargo run --example events`, then two tabs of http://localhost:3000.

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{Html, IntoResponse};
use axum::routing::{get, post};
use cloakroom::{
    MemoryStore, Rejection, Session, SessionData, SessionError, SessionLayer, Sessions, require_session, session_guard,
};
use futures_util::stream;
use tokio::time::Interval;

#[derive(SessionData)]
#[session(cookie = "shop", idle = "30m", absolute = "12h")]
pub struct Shop {
    #[session(owner)]
    user: Option<String>,
    cart: Vec<String>,
}

#[session_guard(Shop, user)]
struct SignedIn;

/// How old what a tab shows can be.
const LOOK: Duration = Duration::from_secs(1);

/// A real one asks for a password first.
async fn sign_in(session: Session<Shop>, user: String) -> Result<(), SessionError> {
    session.set_user(user).await
}

async fn sign_out(session: Session<Shop>) -> Result<(), SessionError> {
    session.destroy().await
}

#[require_session(Shop, user)]
async fn add(session: Session<Shop>, item: String) -> Result<(), SessionError> {
    session.update_cart(|cart| cart.push(item.clone())).await
}

/// Says why it ends: 401 is a sign-out, and anything else passes (503, where the store is down). Browsers come back by themselves, until
/// they are refused: an ended session by 401, a store that is still down by 503.
#[require_session(Shop, user)]
async fn events(session: Session<Shop>, State(look): State<Duration>) -> impl IntoResponse {
    let tab = Tab { session, looks: tokio::time::interval(look), shown: None };
    let events = stream::unfold(Some(tab), async |tab| {
        let mut tab = tab?;
        Some(match tab.news().await {
            Ok(cart) => (Ok::<_, Infallible>(Event::default().event("cart").data(cart)), Some(tab)),
            Err(rejection) => (Ok(Event::default().event("end").data(rejection.status().as_str())), None),
        })
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

/// One open tab.
struct Tab {
    session: Session<Shop>,
    looks: Interval,
    shown: Option<String>,
}

impl Tab {
    /// Waits until the cart is another. To look keeps no session alive, so a tab that was left open ends with its idle time.
    async fn news(&mut self) -> Result<String, Rejection> {
        loop {
            self.looks.tick().await;
            self.session.reload().await?;
            SignedIn::check(&self.session).await?;
            let items = self.session.cart().await?;
            let cart = format!("{} in the cart: {}", items.len(), items.join(", "));
            if self.shown.as_ref() != Some(&cart) {
                self.shown = Some(cart.clone());
                return Ok(cart);
            }
        }
    }
}

/// The routes, with their sessions; how often tabs look is up to the program.
pub fn app(sessions: Sessions<Shop>, look: Duration) -> Router {
    Router::new()
        .route("/", get(async || Html(PAGE)))
        .route("/sign-in", post(sign_in))
        .route("/sign-out", post(sign_out))
        .route("/cart", post(add))
        .route("/events", get(events))
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

const PAGE: &str = r#"<!doctype html><meta charset="utf-8"><title>Events</title>
<button id="in">Sign in as Ada</button> <button id="add">Add tea</button> <button id="out">Sign out</button>
<p id="cart"></p>
<script>
  const show = text => { document.getElementById("cart").textContent = text; };
  const post = (path, body) => fetch(path, { method: "POST", body });
  const open = () => {
    const events = new EventSource("/events");
    events.addEventListener("cart", event => show(event.data));
    events.addEventListener("end", event => {
      if (event.data !== "401") return show("Not available just now: reload to try again");
      show("Signed out");
      events.close();
    });
  };
  document.getElementById("in").onclick = () => post("/sign-in", "ada").then(open);
  document.getElementById("add").onclick = () => post("/cart", "tea");
  document.getElementById("out").onclick = () => post("/sign-out");
  open();
</script>
"#;
