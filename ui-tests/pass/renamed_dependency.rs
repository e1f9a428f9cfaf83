//! Another path to the library: a re-export, for crates that wrap it.
#![deny(warnings)]

mod wrapper {
    pub use cloakroom as inner;
}

use wrapper::inner::{Session, SessionData, require_session};

#[derive(SessionData)]
#[session(crate = "wrapper::inner")]
struct Shop {
    cart: Vec<String>,
    #[session(ttl = "1d")]
    state: Option<String>,
}

#[require_session(Shop, cart, crate = "wrapper::inner")]
async fn guarded(session: Session<Shop>, #[session] cart: Vec<String>) -> String {
    session.set_state(cart.join(",")).await.map(|()| "done").unwrap_or("failed").to_owned()
}

fn main() {
    let _ = guarded;
}
