//! A customer's own page, and the change of e-mail address that asks for the password again.

use std::sync::Arc;
use std::time::SystemTime;

use askama::Template;
use axum::extract::{Form, State};
use axum::response::{Html, Redirect};
use cloakroom::{Session, SessionId, require_session};
use serde::Deserialize;

use super::time::{ago, from_now};
use super::{Frame, Page, html};
use crate::app::App;
use crate::session::{Refused, Role, Shop, SignedIn, UserId};

#[derive(Template)]
#[template(path = "account.html")]
struct Account {
    frame: Frame,
    email: String,
    role: Role,
    ticket: Option<SessionId>,
    created: String,
    authenticated: String,
    expires: String,
    keys: Vec<String>,
}

#[require_session(SignedIn)]
pub async fn show(
    #[session] user_id: UserId,
    session: Session<Shop>,
    State(app): State<Arc<App>>,
    frame: Frame,
) -> Page<Html<String>> {
    let now = SystemTime::now();
    let when = |at: Option<SystemTime>, words: fn(SystemTime, SystemTime) -> String| {
        at.map_or_else(|| "never".to_owned(), |at| words(at, now))
    };
    let mut keys = session.keys().await?;
    keys.sort();
    html(&Account {
        email: app.users.get(user_id).map(|user| user.email).unwrap_or_default(),
        role: session.role().await?,
        ticket: session.id().await?,
        created: when(session.created_at().await?, ago),
        authenticated: when(session.authenticated_at().await?, ago),
        expires: when(session.expires_at().await?, from_now),
        keys,
        frame,
    })
}

#[derive(Template)]
#[template(path = "email.html")]
struct EmailForm {
    frame: Frame,
    email: String,
    refused: Option<String>,
}

/// Who finds an unlocked computer must not take the account along: this needs the password of the last ten minutes.
#[require_session(Shop, SignedIn, fresh = "10m")]
pub async fn email_form(
    #[session] user_id: UserId,
    session: Session<Shop>,
    State(app): State<Arc<App>>,
    frame: Frame,
) -> Page<Html<String>> {
    let (email, refused) = match session.refused_email().await? {
        Some(refused) => (refused.typed, Some(refused.reason)),
        None => (app.users.get(user_id).map(|user| user.email).unwrap_or_default(), None),
    };
    html(&EmailForm { frame, email, refused })
}

#[derive(Deserialize)]
pub struct Email {
    email: String,
}

#[require_session(Shop, SignedIn, fresh = "10m", redirect = "/login?next=/account/email")]
pub async fn set_email(
    #[session] user_id: UserId,
    session: Session<Shop>,
    State(app): State<Arc<App>>,
    Form(form): Form<Email>,
) -> Page<Redirect> {
    let typed = form.email.trim().to_owned();
    if let Err(reason) = check(&typed) {
        session.set_refused_email(Refused { typed, reason: reason.to_owned() }).await?;
        return Ok(Redirect::to("/account/email"));
    }
    app.users.set_email(user_id, &typed);
    session.set_notice(format!("Your e-mail address is now {typed}.")).await?;
    Ok(Redirect::to("/account"))
}

/// Only a message that arrives proves an address; this catches slips.
fn check(email: &str) -> Result<(), &'static str> {
    match email.split_once('@') {
        _ if email.len() > 254 => Err("An address has 254 characters at most."),
        _ if email.contains(|c: char| c.is_whitespace() || c.is_control()) => Err("An address has no spaces."),
        Some((name, host)) if !name.is_empty() && !host.is_empty() => Ok(()),
        _ => Err("An address looks like name@example.org."),
    }
}
