//! Sessions that have an owner, and the endpoints that are about owners.

use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use cloakroom::{Session, SessionData, SessionError, SessionLayer, Sessions};

/// Somebody who is signed in, on some device.
#[derive(Clone, Debug, SessionData)]
#[session(cookie = "person")]
pub struct Person {
    #[session(owner)]
    pub user_id: Option<u64>,
    pub device: String,
}

async fn enter(session: Session<Person>, Path(user_id): Path<u64>) -> Result<&'static str, SessionError> {
    session.set_device("Firefox on Linux".into()).await?;
    session.set_user_id(user_id).await?;
    Ok("hello")
}

async fn again(session: Session<Person>) -> Result<&'static str, SessionError> {
    session.regenerate().await?;
    Ok("hello")
}

async fn leave(session: Session<Person>) -> Result<&'static str, SessionError> {
    session.destroy().await?;
    Ok("hello")
}

async fn list(session: Session<Person>, Path(user_id): Path<u64>) -> Result<String, SessionError> {
    Ok(session.sessions_of(&user_id).list(&session).await?.len().to_string())
}

async fn everywhere(session: Session<Person>, Path(user_id): Path<u64>) -> Result<String, SessionError> {
    Ok(session.sessions_of(&user_id).revoke_all().await?.to_string())
}

/// The endpoints, with sessions. Each names a person.
pub fn with_people(sessions: Sessions<Person>) -> Router {
    Router::new()
        .route("/in/{person}", get(enter))
        .route("/again/{person}", get(again))
        .route("/out/{person}", get(leave))
        .route("/list/{person}", get(list))
        .route("/everywhere/{person}", get(everywhere))
        .layer(SessionLayer::from(sessions))
}

/// Cookie headers of so many sessions of one person.
pub async fn sign_in(sessions: &Sessions<Person>, user_id: u64, count: usize) -> Vec<String> {
    let mut cookies = Vec::with_capacity(count);
    for _ in 0..count {
        let session = sessions.open([]);
        session.set_device("Firefox on Linux".into()).await.expect("it fits");
        session.set_user_id(user_id).await.expect("it fits");
        let cookie = sessions.close(&session, true).await.set_cookie.expect("a session begins");
        cookies.push(cookie.split(';').next().unwrap_or_default().to_owned());
    }
    cookies
}
