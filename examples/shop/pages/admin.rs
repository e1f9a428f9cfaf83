//! The back office.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Html;
use cloakroom::require_session;

use super::{Frame, Page, html};
use crate::app::{App, Order};
use crate::session::{Role, Shop};
use crate::users::User;

#[derive(Template)]
#[template(path = "admin.html")]
struct Admin {
    frame: Frame,
    users: Vec<User>,
    orders: Vec<Order>,
}

/// Whoever is not signed in is sent to sign in; whoever is, and is no admin, gets 403.
#[require_session(Shop, user_id, role = Role::Admin, redirect = "/login")]
pub async fn show(State(app): State<Arc<App>>, frame: Frame) -> Page<Html<String>> {
    let mut orders = app.orders();
    orders.reverse();
    html(&Admin { frame, users: app.users.list(), orders })
}
