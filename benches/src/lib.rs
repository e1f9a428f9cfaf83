//! The sessions and the endpoints that are measured.

pub mod people;

use axum::Router;
use axum::routing::get;
use cloakroom::{Session, SessionData, SessionError, SessionLayer, Sessions};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub enum Role {
    #[default]
    Customer,
    Admin,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Item {
    pub product: String,
    pub quantity: u32,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Preferences {
    pub theme: String,
    pub language: String,
}

/// The record of the comparison: 8 fields, a cart of 10.
#[derive(Clone, Debug, SessionData)]
#[session(cookie = "shop")]
pub struct Shop {
    pub user_id: u64,
    pub user_name: String,
    pub role: Role,
    pub signed_in_at: u64,
    pub cart: Vec<Item>,
    pub preferences: Preferences,
    pub csrf: String,
    #[session(flash)]
    pub notice: Option<String>,
}

/// A visitor who is signed in, with ten things in the cart.
pub fn filled() -> Shop {
    let item = |number| Item { product: format!("product-{number:04}"), quantity: number };
    Shop {
        user_id: 123_456_789,
        user_name: "ada.lovelace@io.".into(),
        role: Role::Admin,
        signed_in_at: 1_780_000_000,
        cart: (0..10).map(item).collect(),
        preferences: Preferences { theme: "dark".into(), language: "en-GB".into() },
        csrf: "0123456789abcdef0123456789abcdef".into(),
        notice: None,
    }
}

/// An endpoint that asks nothing.
pub async fn hello() -> &'static str {
    "hello"
}

async fn read(session: Session<Shop>) -> Result<String, SessionError> {
    session.user_name().await
}

async fn read8(session: Session<Shop>) -> Result<String, SessionError> {
    let user =
        (session.user_id().await?, session.user_name().await?, session.role().await?, session.signed_in_at().await?);
    let rest = (session.cart().await?, session.preferences().await?, session.csrf().await?, session.notice().await?);
    std::hint::black_box((&user, &rest));
    Ok(user.1)
}

async fn write(session: Session<Shop>) -> Result<&'static str, SessionError> {
    // Differs each time, since setting what is there already writes nothing.
    session.set_signed_in_at(session.signed_in_at().await? + 1).await?;
    Ok("hello")
}

async fn add(session: Session<Shop>) -> Result<&'static str, SessionError> {
    session.update_cart(|cart| cart[0].quantity += 1).await?;
    Ok("hello")
}

async fn login(session: Session<Shop>) -> Result<&'static str, SessionError> {
    session.regenerate().await?;
    session.set_user_id(987_654_321).await?;
    Ok("hello")
}

async fn logout(session: Session<Shop>) -> Result<&'static str, SessionError> {
    session.destroy().await?;
    Ok("hello")
}

/// The endpoints, with sessions.
pub fn with_sessions(sessions: Sessions<Shop>) -> Router {
    Router::new()
        .route("/none", get(hello))
        .route("/read", get(read))
        .route("/read8", get(read8))
        .route("/write", get(write))
        .route("/add", get(add))
        .route("/login", get(login))
        .route("/logout", get(logout))
        .layer(SessionLayer::from(sessions))
}

/// Cookie headers of sessions with the whole record in them.
pub async fn prepare(sessions: &Sessions<Shop>, count: usize) -> Vec<String> {
    let mut cookies = Vec::with_capacity(count);
    for _ in 0..count {
        let session = sessions.open([]);
        session.set_all(filled()).await.expect("the record fits");
        let closed = sessions.close(&session, true).await;
        let cookie = closed.set_cookie.expect("a session begins");
        cookies.push(cookie.split(';').next().unwrap_or_default().to_owned());
    }
    cookies
}
