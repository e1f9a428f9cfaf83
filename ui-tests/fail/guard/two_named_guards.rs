#![allow(dead_code, unused)]

use cloakroom::{Session, SessionData, require_session, session_guard};
use serde::{Deserialize, Serialize};

#[derive(Default, Deserialize, Serialize)]
enum Role {
    #[default]
    Customer,
    Admin,
}

#[derive(SessionData)]
struct Shop {
    user_id: Option<u64>,
    role: Role,
}

#[session_guard(Shop, user_id)]
struct SignedIn {
    user_id: u64,
}

#[session_guard(Shop, role = Role::Admin)]
struct Admin;

#[require_session(Shop, SignedIn, Admin)]
async fn admin(#[session] user_id: u64) {}

fn main() {
    let _: axum::Router = axum::Router::new().route("/", axum::routing::get(admin));
}
