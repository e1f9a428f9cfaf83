//! The cart, by HTML forms. `api.rs` has the same cart as JSON.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use cloakroom::{Session, require_session, same_site_path};
use serde::Deserialize;

use super::{Frame, Page, html};
use crate::app::App;
use crate::cart::{self, Line, MOST_OF_ONE};
use crate::catalogue::{self, Money};
use crate::session::{OrderNo, Shop, UserId};

#[derive(Template)]
#[template(path = "cart.html")]
struct Cart {
    frame: Frame,
    lines: Vec<Line>,
    total: Money,
    most_of_one: u32,
    order: Option<OrderNo>,
}

pub async fn show(session: Session<Shop>, frame: Frame) -> Page<Html<String>> {
    let lines = cart::lines(&session.cart().await?);
    let order = session.order().await?;
    html(&Cart { frame, total: cart::total(&lines), lines, most_of_one: MOST_OF_ONE, order })
}

#[derive(Deserialize)]
pub struct Add {
    product: String,
    #[serde(default)]
    next: String,
}

/// Two of these at once, from two tabs, are two additions: `update_cart` is atomic.
pub async fn add(session: Session<Shop>, Form(form): Form<Add>) -> Page<Response> {
    let Some(product) = catalogue::find(&form.product) else { return Ok(StatusCode::NOT_FOUND.into_response()) };
    session.update_cart(|cart| cart::add(cart, product, 1)).await?;
    session.set_notice(format!("{} is in your cart.", product.name)).await?;
    Ok(Redirect::to(same_site_path(&form.next, "/cart")).into_response())
}

#[derive(Deserialize)]
pub struct Set {
    product: String,
    quantity: u32,
}

pub async fn set(session: Session<Shop>, Form(form): Form<Set>) -> Page<Response> {
    let Some(product) = catalogue::find(&form.product) else { return Ok(StatusCode::NOT_FOUND.into_response()) };
    session.update_cart(|cart| cart::set(cart, product, form.quantity)).await?;
    Ok(Redirect::to("/cart").into_response())
}

/// The cart is emptied and read in one step: whoever clicks twice orders once.
#[require_session(Shop, user_id, redirect = "/login?next=/cart")]
pub async fn check_out(
    #[session] user_id: UserId,
    session: Session<Shop>,
    State(app): State<Arc<App>>,
) -> Page<Redirect> {
    let lines = cart::lines(&session.update_cart(std::mem::take).await?);
    if lines.is_empty() {
        session.set_notice("There was nothing in your cart to order.".to_owned()).await?;
    } else {
        session.set_order(app.place_order(user_id, &lines)).await?;
    }
    Ok(Redirect::to("/cart"))
}
