//! The catalogue.

use askama::Template;
use axum::response::Html;
use cloakroom::{Session, SessionId};

use super::{Frame, Page, html};
use crate::catalogue::{PRODUCTS, Product};
use crate::session::Shop;

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    frame: Frame,
    products: &'static [Product],
    ticket: Option<SessionId>,
}

/// A visitor without a cookie costs no call to the store, gets no cookie and leaves no record.
pub async fn show(session: Session<Shop>, frame: Frame) -> Page<Html<String>> {
    html(&Home { frame, products: &PRODUCTS, ticket: session.id().await? })
}
