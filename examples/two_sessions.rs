//! Two sessions of one visitor: what the shop remembers for weeks, and who works in its back office until tonight. Each has its own
//! cookie and its own lifetimes; ending one leaves the other. `cargo run --example two_sessions`.

use axum::Router;
use axum::routing::{get, post};
use cloakroom::{MemoryStore, Session, SessionData, SessionError, SessionLayer, require_session};

/// Everybody's.
#[derive(SessionData)]
#[session(cookie = "shop", idle = "7d", absolute = "30d")]
struct Shop {
    cart: Vec<String>,
}

/// The staff's. The browser sends its cookie to the back office alone, and never along from another site.
#[derive(SessionData)]
#[session(cookie = "office", idle = "15m", absolute = "8h", path = "/office", same_site = "strict")]
struct Office {
    #[session(owner)]
    clerk: Option<String>,
}

async fn add(cart: Session<Shop>, item: String) -> Result<String, SessionError> {
    let size = cart.update_cart(|cart| {
        cart.push(item.clone());
        cart.len()
    });
    Ok(format!("{} in the cart", size.await?))
}

/// Handlers name the session that they mean; one that names both has both.
#[require_session(Office, clerk)]
async fn desk(#[session] clerk: String, cart: Session<Shop>) -> Result<String, SessionError> {
    Ok(format!("{clerk} at the desk, with {} things in the cart", cart.cart().await?.len()))
}

/// A real one asks for a password first.
async fn clock_in(office: Session<Office>, clerk: String) -> Result<(), SessionError> {
    office.set_clerk(clerk).await
}

async fn clock_out(office: Session<Office>) -> Result<(), SessionError> {
    office.destroy().await
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Both in one store: storage keys are derived from a session's name, so neither opens the other's.
    let store = MemoryStore::new();
    let app = Router::new()
        .route("/cart", post(add))
        .route("/office/desk", get(desk))
        .route("/office/clock-in", post(clock_in))
        .route("/office/clock-out", post(clock_out))
        .layer(SessionLayer::<Office>::new(store.clone()))
        .layer(SessionLayer::<Shop>::new(store));

    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:3000".into());
    let listener = tokio::net::TcpListener::bind(address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, app).await?)
}
