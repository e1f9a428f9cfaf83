#![allow(dead_code, non_snake_case, unused)]

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

fn ADMIN() {}

#[derive(SessionData)]
struct Pair {
    pair: (u8, bool),
}

#[require_session(Pair, pair = (ADMIN, true))]
async fn admin() {}

fn main() {
    let _: axum::Router = axum::Router::new().route("/", axum::routing::get(admin));
}
