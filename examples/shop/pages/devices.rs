//! Where a customer is signed in, and the change of password that signs all other devices out.

use std::sync::Arc;
use std::time::SystemTime;

use askama::Template;
use axum::extract::{Form, State};
use axum::response::{Html, Redirect};
use cloakroom::{OwnedSession, Session, SessionError, SessionId, require_session};
use serde::Deserialize;

use super::time::{ago, from_now};
use super::{Frame, Page, html};
use crate::app::App;
use crate::session::{Shop, SignedIn, UserId};

#[derive(Template)]
#[template(path = "devices.html")]
struct Devices {
    frame: Frame,
    /// `None` where sessions are kept in their cookies, and so nowhere to be listed.
    devices: Option<Vec<Device>>,
}

struct Device {
    id: SessionId,
    name: String,
    is_current: bool,
    since: String,
    last_seen: String,
    ends: String,
}

impl Device {
    fn of(one: &OwnedSession<Shop>, now: SystemTime) -> Self {
        Self {
            id: one.id(),
            // A session that another version of the shop wrote can be signed out all the same.
            name: one.data().map_or_else(|_| "An unknown device".to_owned(), |data| data.device),
            is_current: one.is_current(),
            since: ago(one.authenticated_at().unwrap_or(one.created_at()), now),
            last_seen: ago(one.last_seen(), now),
            ends: from_now(one.expires_at(), now),
        }
    }
}

#[require_session(SignedIn)]
pub async fn show(#[session] user_id: UserId, session: Session<Shop>, frame: Frame) -> Page<Html<String>> {
    let now = SystemTime::now();
    let devices = match session.sessions_of(&user_id).list(&session).await {
        Ok(listed) => Some(listed.iter().map(|one| Device::of(one, now)).collect()),
        Err(SessionError::NoOwnerIndex) => None,
        Err(error) => return Err(error.into()),
    };
    html(&Devices { frame, devices })
}

#[derive(Deserialize)]
pub struct Which {
    id: String,
}

/// The form may hold any id: somebody else's session is never ended by it. Who has a copy of the cookie must not be able to sign its
/// owner out, so this needs the password of the last ten minutes.
#[require_session(Shop, SignedIn, fresh = "10m", redirect = "/login?next=/account/devices")]
pub async fn sign_out_one(
    #[session] user_id: UserId,
    session: Session<Shop>,
    Form(form): Form<Which>,
) -> Page<Redirect> {
    let ended = session.sessions_of(&user_id).revoke(&form.id).await?;
    let words =
        if ended { "That device is signed out." } else { "That one is no longer in the list. Please look again." };
    session.set_notice(words.to_owned()).await?;
    Ok(Redirect::to("/account/devices"))
}

#[require_session(Shop, SignedIn, fresh = "10m", redirect = "/login?next=/account/devices")]
pub async fn sign_out_others(#[session] user_id: UserId, session: Session<Shop>) -> Page<Redirect> {
    let ended = session.sessions_of(&user_id).revoke_others(&session).await?;
    session.set_notice(signed_out(ended)).await?;
    Ok(Redirect::to("/account/devices"))
}

fn signed_out(others: usize) -> String {
    match others {
        0 => "You were signed in nowhere else.".to_owned(),
        1 => "One other device is signed out.".to_owned(),
        others => format!("{others} other devices are signed out."),
    }
}

#[derive(Template)]
#[template(path = "password.html")]
struct PasswordForm {
    frame: Frame,
    refused: Option<String>,
}

#[require_session(Shop, SignedIn, fresh = "10m")]
pub async fn password_form(session: Session<Shop>, frame: Frame) -> Page<Html<String>> {
    let refused = session.refused_password().await?;
    html(&PasswordForm { frame, refused })
}

#[derive(Deserialize)]
pub struct NewPassword {
    password: String,
}

/// The new password first: whoever has only the old one cannot come back in behind it. Then a new token for this device, in case
/// somebody has a copy of the old one, and all others are signed out.
#[require_session(Shop, SignedIn, fresh = "10m", redirect = "/login?next=/account/password")]
pub async fn set_password(
    #[session] user_id: UserId,
    session: Session<Shop>,
    State(app): State<Arc<App>>,
    Form(form): Form<NewPassword>,
) -> Page<Redirect> {
    if let Err(reason) = check(&form.password) {
        session.set_refused_password(reason.to_owned()).await?;
        return Ok(Redirect::to("/account/password"));
    }
    if !app.users.set_password(user_id, form.password).await {
        session.set_refused_password("That did not work. Please try again.".to_owned()).await?;
        return Ok(Redirect::to("/account/password"));
    }
    session.regenerate().await?;
    // On a task of its own, so that a closed tab stops it halfway no more than a commit.
    let revoking = tokio::spawn(keep_only(session.clone(), user_id));
    let words = match revoking.await {
        Ok(Ok(others)) => signed_out(others),
        // Of sessions that are kept in their cookies, the response alone saves one.
        Ok(Err(SessionError::NoOwnerIndex | SessionError::Unsupported)) => {
            "Sign out on other devices yourself, please.".to_owned()
        }
        Ok(Err(error)) => return Err(error.into()),
        Err(_) => return Err(SessionError::Contended.into()),
    };
    session.set_notice(format!("Your password is changed. {words}")).await?;
    Ok(Redirect::to("/account/devices"))
}

/// Saves the new token, and then ends all other sessions. Before that, whoever has a copy of the old one could regenerate it and stay.
async fn keep_only(session: Session<Shop>, user_id: UserId) -> Result<usize, SessionError> {
    let theirs = session.sessions_of(&user_id);
    let saved = session.save().await;
    if matches!(saved, Err(SessionError::Ended)) {
        theirs.revoke_all().await?; // somebody did: nobody stays
    }
    saved?;
    theirs.revoke_others(&session).await
}

/// Length is what counts, and nothing else is asked for: NIST SP 800-63B-4, section 3.1.1.2.
fn check(password: &str) -> Result<(), &'static str> {
    match password.chars().count() {
        ..15 => Err("A password has 15 characters at least: take a few words."),
        257.. => Err("A password has 256 characters at most."),
        _ => Ok(()),
    }
}
