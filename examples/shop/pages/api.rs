//! The cart for programs: JSON, on the same session as the pages.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use cloakroom::{Session, SessionError, require_session};
use serde::Serialize;

use crate::app::App;
use crate::cart;
use crate::catalogue;
use crate::session::{CartItem, Role, Shop, UserId};

#[derive(Serialize)]
pub struct Cart {
    items: Vec<Item>,
    total_cents: u32,
}

#[derive(Serialize)]
struct Item {
    product: &'static str,
    name: &'static str,
    quantity: u32,
    total_cents: u32,
}

impl Cart {
    fn of(stored: &[CartItem]) -> Json<Self> {
        let lines = cart::lines(stored);
        let total_cents = cart::total(&lines).0;
        let items = lines.iter().map(|line| Item {
            product: line.product.slug,
            name: line.product.name,
            quantity: line.quantity,
            total_cents: line.total().0,
        });
        Json(Self { items: items.collect(), total_cents })
    }
}

pub async fn cart(session: Session<Shop>) -> Result<Json<Cart>, SessionError> {
    Ok(Cart::of(&session.cart().await?))
}

pub async fn add(session: Session<Shop>, Json(item): Json<CartItem>) -> Result<Response, SessionError> {
    let Some(product) = catalogue::find(&item.product) else {
        return Ok((StatusCode::NOT_FOUND, Json(Problem { error: "there is no such product" })).into_response());
    };
    let cart = session
        .update_cart(|cart| {
            cart::add(cart, product, item.quantity);
            cart.clone()
        })
        .await?;
    Ok(Cart::of(&cart).into_response())
}

pub async fn empty(session: Session<Shop>) -> Result<Json<Cart>, SessionError> {
    session.clear_cart().await?;
    Ok(Cart::of(&[]))
}

#[derive(Serialize)]
struct Problem {
    error: &'static str,
}

#[derive(Serialize)]
pub struct Me {
    name: &'static str,
    email: String,
    role: Role,
}

/// Without `redirect`, whoever is not signed in gets 401.
#[require_session(Shop, user_id)]
pub async fn me(#[session] user_id: UserId, State(app): State<Arc<App>>) -> Response {
    match app.users.get(user_id) {
        Some(user) => Json(Me { name: user.name, email: user.email, role: user.role }).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
