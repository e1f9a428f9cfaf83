//! tower-sessions on servers.
//!
//! Its stores on crates.io (tower-sessions-redis-store 0.16, tower-sessions-sqlx-store 0.15; MIT, by Max Countryman) implement the
//! trait of tower-sessions-core 0.14, so tower-sessions 0.15 takes none of them. Here is what they do, word for word where it runs
//! for a request, on the trait of 0.15: the trait did not change, only its version.

mod postgres;
mod redis;

use axum::Router;
use tower_sessions::session_store::Error;
use tower_sessions::{Session, SessionManagerLayer, SessionStore};

pub(super) async fn redis() -> Router {
    on(redis::store(&super::address("BENCH_REDIS")).await)
}

pub(super) async fn postgres() -> Router {
    on(postgres::store(&super::address("BENCH_POSTGRES")).await)
}

fn on(store: impl SessionStore + Clone) -> Router {
    crate::router!(Session).layer(SessionManagerLayer::new(store))
}

fn backend(error: impl std::fmt::Display) -> Error {
    Error::Backend(error.to_string())
}

fn encoded(record: &tower_sessions::session::Record) -> Result<Vec<u8>, Error> {
    rmp_serde::to_vec(record).map_err(|error| Error::Encode(error.to_string()))
}

fn decoded(data: &[u8]) -> Result<tower_sessions::session::Record, Error> {
    rmp_serde::from_slice(data).map_err(|error| Error::Decode(error.to_string()))
}
