//! Needs that look like mistakes and are none.
#![deny(warnings)]

use axum::response::IntoResponse;
use cloakroom::{Guard, GuardLayer, Rejection, Session, SessionData, SessionError, require_session, session_guard};
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
    pub fields: u8,
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

#[require_session(Shop, role = Admin, fields = 1)]
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

#[session_guard(Shop, user_id, nick = "al", redirect = "/login")]
#[derive(Clone, Debug)]
pub struct Al {
    pub user_id: u64,
    nick: String,
}

#[session_guard(Shop, user_id)]
pub(crate) struct Anybody {}

pub mod inner {
    use super::Shop;

    #[cloakroom::session_guard(Shop, super::Al, not(super::Anybody))]
    pub struct Nobody;

    #[cfg(any())]
    #[cloakroom::session_guard(Shop, super::Missing)]
    pub struct Missing;
}

#[require_session(Al)]
async fn alone() {}

#[require_session(inner::Nobody, any(Al, level = 3), level, reject = turned_away)]
async fn first_and_more(#[session] mut level: u8, guard: Al) -> String
where
    u8: Copy,
{
    level += 1;
    format!("{level} {}", guard.nick)
}

#[require_session(Shop, all(Al, level = 3))]
async fn handed_over(#[session] nick: String, _: inner::Nobody) -> String {
    nick
}

#[require_session(Shop, role = Role::Level { ref number }, name = ref name @ ("ann" | "bob"))]
async fn by_reference() {}

pub struct Pages<const N: usize>;

#[require_session]
impl<const N: usize> Pages<N> {
    /// Not guarded.
    pub const SIZE: usize = N;

    #[require_session(Shop, user_id)]
    pub async fn show(#[session] user_id: u64) -> String {
        format!("{user_id} {}", Self::SIZE)
    }

    #[require_session(Al)]
    pub(crate) async fn named(_: Session<Shop>) {}
}

#[require_session]
impl Nested {
    #[require_session(Shop, level = Self::TOP, check = Self::is_open)]
    async fn show() {}

    const TOP: u8 = 3;

    async fn is_open(_: &Session<Shop>) -> bool {
        true
    }
}

struct Nested;

fn generic<G: Guard>() -> axum::Router {
    axum::Router::new().layer(GuardLayer::<G>::new())
}

pub async fn in_a_body(session: &Session<Shop>) -> Result<String, Rejection> {
    let Al { user_id, nick } = Al::check(session).await?;
    Ok(format!("{user_id} {nick}"))
}

fn main() {
    fn local() -> axum::Router {
        #[session_guard(Shop, level = 1)]
        struct Local;

        #[require_session(Local)]
        async fn handler() {}

        generic::<Local>().route("/local", axum::routing::get(handler))
    }
    let _ = local()
        .route("/6", axum::routing::get(alone))
        .route("/7", axum::routing::get(first_and_more))
        .route("/8", axum::routing::get(handed_over))
        .route("/9", axum::routing::get(by_reference))
        .route("/10", axum::routing::get(Pages::<3>::show))
        .route("/11", axum::routing::get(Pages::<3>::named))
        .route("/12", axum::routing::get(Nested::show));
    let _ = in_a_body;
    let _ = axum::Router::<()>::new()
        .route("/1", axum::routing::get(imported_variant))
        .route("/2", axum::routing::get(constants_and_ranges))
        .route("/3", axum::routing::get(parts_that_match_all))
        .route("/4", axum::routing::get(strings_and_keywords))
        .route("/5", axum::routing::post(everything));
    let _ = paths::<()>;
}
