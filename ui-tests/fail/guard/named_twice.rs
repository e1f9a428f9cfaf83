#![allow(dead_code, unused)]

use cloakroom::{SessionData, require_session, session_guard};
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
#[session_guard(Shop, role = Role::Admin)]
struct SignedIn;

#[require_session(SignedIn)]
async fn admin() {}

fn main() {
    let _: axum::Router = axum::Router::new().route("/", axum::routing::get(admin));
}
