//! The pages, one file per area, and what they share.

pub mod account;
pub mod admin;
pub mod api;
pub mod assets;
pub mod cart;
pub mod devices;
pub mod errors;
pub mod home;
pub mod login;
pub mod theme;
pub mod time;

use std::sync::Arc;

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};
use cloakroom::{Session, SessionError};

use crate::app::App;
use crate::session::{Role, Shop, Theme};

/// What surrounds every page. A handler that takes one shows the notice, which is then gone: ask for it last.
pub struct Frame {
    pub theme: Theme,
    pub user: Option<&'static str>,
    pub admin: bool,
    pub cart_count: u32,
    pub notice: Option<String>,
    /// Where the theme's form leads back to.
    pub here: String,
    /// Nobody knows who is looking: leave out what depends on it.
    pub bare: bool,
}

impl Frame {
    /// Without a visitor: for errors outside of any session.
    pub fn bare() -> Self {
        let theme = Theme::System;
        Self { theme, user: None, admin: false, cart_count: 0, notice: None, here: String::new(), bare: true }
    }

    pub async fn of(session: &Session<Shop>, app: &App, uri: &Uri) -> Result<Self, SessionError> {
        Ok(Self {
            theme: session.theme().await?,
            user: session.user_id().await?.and_then(|id| app.users.get(id)).map(|user| user.name),
            admin: session.role().await? == Role::Admin,
            cart_count: crate::cart::count(&crate::cart::lines(&session.cart().await?)),
            notice: session.notice().await?,
            here: uri.path_and_query().map_or("/", |here| here.as_str()).to_owned(),
            bare: false,
        })
    }
}

impl FromRequestParts<Arc<App>> for Frame {
    type Rejection = SessionError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, SessionError> {
        let session = Session::<Shop>::from_request_parts(parts, app).await?;
        Self::of(&session, app, &parts.uri).await
    }
}

/// What a handler of a page returns.
pub type Page<T = Html<String>> = Result<T, PageError>;

pub fn html(template: &impl Template) -> Page {
    Ok(Html(template.render()?))
}

/// Why there is no page. The visitor learns the status, the log the rest.
pub enum PageError {
    Session(SessionError),
    Template(askama::Error),
}

impl From<SessionError> for PageError {
    fn from(error: SessionError) -> Self {
        Self::Session(error)
    }
}

impl From<askama::Error> for PageError {
    fn from(error: askama::Error) -> Self {
        Self::Template(error)
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        match self {
            Self::Session(error) => error.into_response(),
            Self::Template(error) => {
                tracing::error!(%error, "a template failed");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}
