//! Signing in, proving it once more, and signing out.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use cloakroom::{Session, same_site_path};
use serde::Deserialize;

use super::{Frame, Page, html};
use crate::app::App;
use crate::device;
use crate::session::{Role, Shop, Theme, UserId};
use crate::users::{DEMO, User};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Template)]
#[template(path = "login.html")]
struct Login {
    frame: Frame,
    next: String,
    name: String,
    failed: bool,
    demo: [(UserId, &'static str, Role, &'static str); 2],
}

impl Login {
    fn new(frame: Frame, next: &str) -> Self {
        let name = frame.user.unwrap_or_default().to_owned();
        Self { frame, next: same_site_path(next, "/").to_owned(), name, failed: false, demo: DEMO }
    }
}

#[derive(Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
}

/// Whoever is signed in already was sent here by a guard that wants it fresh: only the password is asked for.
pub async fn show(Query(query): Query<Next>, frame: Frame) -> Page<Html<String>> {
    html(&Login::new(frame, &query.next))
}

#[derive(Deserialize)]
pub struct SignIn {
    name: String,
    password: String,
    remember: Option<String>,
    #[serde(default)]
    next: String,
}

pub async fn sign_in(
    State(app): State<Arc<App>>,
    session: Session<Shop>,
    frame: Frame,
    headers: HeaderMap,
    Form(form): Form<SignIn>,
) -> Page<Response> {
    let Some(user) = app.users.check(form.name.trim(), form.password).await else {
        let again = Login { name: form.name, failed: true, ..Login::new(frame, &form.next) };
        return Ok((StatusCode::UNAUTHORIZED, html(&again)?).into_response());
    };
    let returning = session.user_id().await? == Some(user.id);
    open_session(&session, &user, form.remember.is_some()).await?;
    let user_agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    session.set_device(device::name(user_agent.unwrap_or_default())).await?;
    if !returning {
        session.set_notice(format!("Welcome, {}. Your cart came along.", user.name)).await?;
    }
    Ok(Redirect::to(same_site_path(&form.next, "/")).into_response())
}

/// The cart and the theme of the anonymous visitor stay. (Those of another user would not: a new owner starts afresh.)
async fn open_session(session: &Session<Shop>, user: &User, remember: bool) -> Result<(), cloakroom::SessionError> {
    session.set_user_id(user.id).await?;
    session.set_role(user.role).await?;
    session.mark_authenticated().await?;
    if remember {
        session.set_expiry(30 * DAY, 90 * DAY).await?;
    }
    Ok(())
}

/// The old token opens nothing from here on. What is set afterwards starts a new session, with a new token.
pub async fn sign_out(session: Session<Shop>) -> Page<Redirect> {
    let theme = session.theme().await?;
    session.destroy().await?;
    if theme != Theme::System {
        session.set_theme(theme).await?;
    }
    session.set_notice("You are signed out. See you soon.".to_owned()).await?;
    Ok(Redirect::to("/"))
}
