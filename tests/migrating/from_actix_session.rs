//! What the guide shows for those who come from actix-session, letter by letter.

use actix_session::SessionExt as _;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use cloakroom::Session;

use super::Shop;

/// Takes over what a visitor's old session holds, at the first visit, and ends that one.
pub async fn move_in(
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let old = request.get_session();
    let is_empty = old.entries().is_empty();
    if !is_empty {
        let new = request.extract::<Session<Shop>>().await?;
        if new.is_new().await? {
            // The owner first: what is set before it does not go along. What no longer reads as its type is left behind.
            if let Ok(Some(user_id)) = old.get::<u64>("user_id") {
                new.set_user_id(user_id).await?;
            }
            if let Ok(Some(cart)) = old.get("cart") {
                new.set_cart(cart).await?;
            }
            new.save().await?; // before the old one goes, so that a crash between the two loses nobody
        }
        old.purge();
    }
    next.call(request).await
}
