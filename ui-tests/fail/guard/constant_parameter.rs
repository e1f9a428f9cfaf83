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

struct Pages<const N: usize>;

#[require_session]
impl<const N: usize> Pages<N> {
    #[require_session(Shop, check = Self::is_open)]
    async fn show() {}

    async fn is_open(_: &cloakroom::Session<Shop>) -> bool {
        N > 0
    }
}

fn main() {
    let _: axum::Router = axum::Router::new().route("/", axum::routing::get(Pages::<3>::show));
}
