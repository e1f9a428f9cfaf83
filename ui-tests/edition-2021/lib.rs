//! A crate of the edition before: what the macros emit means the same there.
#![deny(warnings)]
#![cfg(test)]

use cloakroom::{require_session, Session, SessionData, SessionError};

#[derive(SessionData)]
struct Shop {
    #[session(owner)]
    user_id: Option<u64>,
    cart: Vec<String>,
    // A name that the next edition keeps for itself.
    gen: u8,
}

#[require_session(Shop, user_id, gen = 1..)]
async fn guarded(session: Session<Shop>, #[session] user_id: u64) -> Result<String, SessionError> {
    // Futures borrow the session alone, in this edition as well.
    let later = { session.update_cart(|cart| cart.len()) };
    let cart = session.cart();
    let (length, cart) = (later.await?, cart.await?);
    Ok(format!("{user_id} {length} {}", cart.len()))
}

#[test]
fn the_futures_can_move_to_other_threads() {
    fn is_send(_: impl Send) {}
    let _ = |session: Session<Shop>| is_send(async move { (session.cart().await, session.take_gen().await) });
    let _ = guarded;
}
