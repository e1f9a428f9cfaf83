#![allow(dead_code, unused)]

use cloakroom::{SessionData, require_session};
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

#[require_session(&Shop, user_id)]
async fn admin() {}

fn main() {
    let _: axum::Router = axum::Router::new().route("/", axum::routing::get(admin));
}
