//! Peers with their default settings: what needs no server, and what shares its endpoints with that.

mod axum_session;
mod private_jar;

pub(super) use axum_session::memory as axum_session;
#[cfg(feature = "servers")]
pub(super) use axum_session::redis as axum_session_redis;
pub(super) use private_jar::app as private_jar;

/// On its `MemoryStore`.
pub(super) async fn tower_sessions() -> axum::Router {
    let store = tower_sessions::MemoryStore::default();
    crate::router!(tower_sessions::Session).layer(tower_sessions::SessionManagerLayer::new(store))
}
