//! A crate with a session that others use: its page is what `rustdoc.rs` reads.
#![deny(missing_docs, rustdoc::all)]
#![allow(rustdoc::missing_crate_level_docs)]

use cloakroom::SessionData;

/// What the shop remembers about a visitor.
#[derive(SessionData)]
pub struct Shop {
    /// Who is signed in.
    #[session(owner)]
    pub user_id: Option<u64>,
    /// What they want to buy.
    pub cart: Vec<String>,
    /// How a sign-in at another site is to go on.
    #[session(ttl = "10m")]
    pub oauth_state: Option<String>,
    /// Nobody else's business.
    seen: bool,
}
