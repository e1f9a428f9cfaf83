//! Peers that need no server, with their default settings.

mod axum_session;
mod private_jar;

pub(super) use axum_session::app as axum_session;
pub(super) use private_jar::app as private_jar;

/// On its `MemoryStore`.
pub(super) async fn tower_sessions() -> axum::Router {
    let store = tower_sessions::MemoryStore::default();
    crate::router!(tower_sessions::Session).layer(tower_sessions::SessionManagerLayer::new(store))
}
