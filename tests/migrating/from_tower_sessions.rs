//! What the guide shows for those who come from tower-sessions, letter by letter.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use cloakroom::{Session, SessionError, StoreError};

use super::Shop;

/// Takes over what a visitor's old session holds, at the first visit, and ends that one.
pub async fn move_in(
    old: tower_sessions::Session,
    new: Session<Shop>,
    request: Request,
    next: Next,
) -> Result<Response, SessionError> {
    if old.id().is_some() {
        old.load().await.map_err(failed)?;
        if new.is_new().await? {
            // The owner first: what is set before it does not go along. What no longer reads as its type is left behind.
            if let Ok(Some(user_id)) = old.get::<u64>("user_id").await {
                new.set_user_id(user_id).await?;
            }
            if let Ok(Some(cart)) = old.get("cart").await {
                new.set_cart(cart).await?;
            }
            new.save().await?; // before the old one goes, so that a crash between the two loses nobody
        }
        old.flush().await.map_err(failed)?;
    }
    Ok(next.run(request).await)
}

fn failed(error: tower_sessions::session::Error) -> SessionError {
    SessionError::Store(StoreError::new(error))
}
