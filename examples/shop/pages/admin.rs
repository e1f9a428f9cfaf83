//! The back office.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Html;
use cloakroom::require_session;

use super::{Frame, Page, html};
use crate::app::{App, Order};
use crate::session::{Role, Shop, SignedIn};
use crate::users::User;

#[derive(Template)]
#[template(path = "admin.html")]
struct Admin {
    frame: Frame,
    users: Vec<User>,
    /// With the customer's name.
    orders: Vec<(Order, &'static str)>,
}

/// Whoever is not signed in is sent to sign in; whoever is, and is no admin, gets 403.
#[require_session(Shop, SignedIn, role = Role::Admin)]
pub async fn show(State(app): State<Arc<App>>, frame: Frame) -> Page<Html<String>> {
    let name = |order: &Order| app.users.get(order.user_id).map_or("unknown", |user| user.name);
    let orders = app.orders().into_iter().rev().map(|order| (order.clone(), name(&order))).collect();
    html(&Admin { frame, users: app.users.list(), orders })
}
