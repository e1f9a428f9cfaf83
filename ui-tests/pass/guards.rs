//! Needs that look like mistakes and are none.
#![deny(warnings)]

use axum::response::IntoResponse;
use cloakroom::{Rejection, Session, SessionData, SessionError, require_session};
use serde::{Deserialize, Serialize};

#[derive(Clone, Default, Deserialize, Serialize)]
pub enum Role {
    #[default]
    Customer,
    Admin,
    Level {
        number: u8,
    },
}

use Role::Admin;

pub const TOP: u8 = 9;

#[derive(SessionData)]
pub struct Shop {
    #[session(owner)]
    pub user_id: Option<u64>,
    pub role: Role,
    pub name: String,
    pub nick: Option<String>,
    pub level: u8,
    pub pair: (i8, Option<char>),
    pub check: bool,
    pub any: bool,
    pub tags: Vec<String>,
}

async fn vip(session: &Session<Shop>) -> Result<bool, SessionError> {
    session.has_role().await
}

mod checks {
    pub async fn open(_: &cloakroom::Session<super::Shop>) -> bool {
        true
    }
}

fn turned_away(rejection: &Rejection) -> impl IntoResponse + use<> {
    (rejection.status(), "no")
}

#[require_session(Shop, role = Admin)]
async fn imported_variant() {}

#[require_session(Shop, level = TOP | 1..=3, pair = (-1, Some('a'..='z')), role = Role::Level { number: 1.. })]
async fn constants_and_ranges() {}

#[require_session(Shop, role = Role::Level { number }, pair = (_, None))]
async fn parts_that_match_all() {}

#[require_session(Shop, name = "ann" | "bob", nick = "al", tags, r#check = true, r#any)]
async fn strings_and_keywords(#[session] name: String, #[session] nick: String, #[session] tags: Vec<String>) -> String {
    format!("{name}{nick}{}", tags.len())
}

#[require_session(
    Shop,
    all(user_id, any(not(nick), level = 3, all(role = Role::Admin, name))),
    check = vip,
    check = checks::open,
    fresh = "1h30m",
    redirect = "/login?from=shop",
    reject = turned_away,
)]
#[axum::debug_handler]
async fn everything(session: Session<Shop>, #[session] user_id: u64, body: String) -> Result<String, SessionError> {
    session.set_name(body).await?;
    Ok(user_id.to_string())
}

#[require_session(self::Shop, user_id)]
async fn paths<S: axum::extract::FromRef<()>>(_: axum::extract::State<()>) {}

fn main() {
    let _ = axum::Router::<()>::new()
        .route("/1", axum::routing::get(imported_variant))
        .route("/2", axum::routing::get(constants_and_ranges))
        .route("/3", axum::routing::get(parts_that_match_all))
        .route("/4", axum::routing::get(strings_and_keywords))
        .route("/5", axum::routing::post(everything));
    let _ = paths::<()>;
}
