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

#[derive(Default, Deserialize, Serialize)]
struct Wrapper(u8);

#[derive(SessionData)]
struct Blog {
    level: Wrapper,
}

#[require_session(Blog, level = Wrapper(_))]
async fn admin() {}

fn main() {
    let _: axum::Router = axum::Router::new().route("/", axum::routing::get(admin));
}
