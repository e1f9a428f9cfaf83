//! Another path to the library, in every form of a guard.
#![deny(warnings)]

mod wrapper {
    pub use cloakroom as inner;
}

use wrapper::inner::{Session, SessionData, require_session, session_guard};

#[derive(SessionData)]
#[session(crate = "wrapper::inner")]
pub struct Shop {
    pub user_id: Option<u64>,
    pub level: u8,
}

#[session_guard(Shop, user_id, crate = "crate::wrapper::inner")]
pub struct SignedIn {
    user_id: u64,
}

#[session_guard(SignedIn, level = 3, crate = "wrapper::inner")]
pub struct Top;

#[require_session(Top, crate = "wrapper::inner")]
async fn alone() {}

#[require_session(Shop, SignedIn, level = 1.., crate = "wrapper::inner")]
async fn guarded(#[session] user_id: u64, _: Session<Shop>) -> String {
    user_id.to_string()
}

struct Pages;

#[require_session]
impl Pages {
    #[require_session(Top, level, crate = "wrapper::inner")]
    async fn show() {}
}

fn main() {
    let _: axum::Router = axum::Router::new()
        .route("/1", axum::routing::get(alone))
        .route("/2", axum::routing::get(guarded))
        .route("/3", axum::routing::get(Pages::show));
}
