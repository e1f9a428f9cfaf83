//! The program of the README, at an address that can be chosen: `cargo run --example hello -- 127.0.0.1:3000`.

use axum::{
    Router,
    routing::{get, post},
};
use cloakroom::{Session, SessionData, SessionError, SessionLayer, require_session, stores::RedbStore};

#[derive(SessionData)]
#[session(cookie = "shop", idle = "30m", absolute = "12h")]
struct Shop {
    #[session(owner)]
    user_id: Option<u64>,
    cart: Vec<String>,
}

async fn add(session: Session<Shop>, item: String) -> Result<String, SessionError> {
    let size = session
        .update_cart(|cart| {
            cart.push(item.clone());
            cart.len()
        })
        .await?; // atomic
    Ok(format!("{size} in the cart"))
}

#[require_session(Shop, user_id, redirect = "/login")]
async fn account(#[session] user_id: u64) -> String {
    format!("you are user {user_id}")
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = Router::new().route("/cart", post(add)).route("/account", get(account));
    let app = app.layer(SessionLayer::<Shop>::new(RedbStore::open("shop.redb")?));
    let listener =
        tokio::net::TcpListener::bind(std::env::args().nth(1).as_deref().unwrap_or("127.0.0.1:3000")).await?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, app).await?)
}
