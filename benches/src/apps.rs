//! The applications on axum, each with the endpoints of `endpoints.rs`.

mod bare;
mod by_hand;
mod cloakroom;
#[cfg(feature = "servers")]
mod files;
mod in_cookie;
mod in_memory;
#[cfg(feature = "servers")]
mod in_redis;
#[cfg(feature = "peers")]
mod peers;
#[cfg(all(feature = "peers", feature = "servers"))]
mod tower_stores;
#[cfg(feature = "peers")]
mod tower_work;

use std::future::Future;
use std::pin::Pin;

use axum::Router;

use crate::check::Keeps;

pub use cloakroom::{prepare, with_sessions};

/// One application.
pub struct App {
    pub name: &'static str,
    pub keeps: Keeps,
    make: fn() -> Pin<Box<dyn Future<Output = Router>>>,
}

impl App {
    /// A new one, with no sessions yet.
    pub async fn router(&self) -> Router {
        (self.make)().await
    }
}

macro_rules! apps {
    ($($(#[$feature:meta])? $name:literal, $keeps:ident, $make:path;)+) => {
        /// All that this build has.
        pub const APPS: &[App] = &[$($(#[$feature])? App { name: $name, keeps: Keeps::$keeps, make: || Box::pin($make()) }),+];
    };
}

apps! {
    "bare", Nothing, bare::bare;
    "layer", Nothing, bare::layer;
    "cloakroom", OnServer, cloakroom::memory;
    "cloakroom-sealed", InCookie, cloakroom::sealed;
    "by-hand", OnServer, in_memory::app;
    "by-hand-cookie", InCookie, in_cookie::app;
    #[cfg(feature = "peers")] "tower-sessions", OnServer, peers::tower_sessions;
    #[cfg(feature = "peers")] "axum_session", OnServer, peers::axum_session;
    #[cfg(feature = "peers")] "private-jar", InCookie, peers::private_jar;
    #[cfg(feature = "servers")] "cloakroom-redb", OnServer, files::redb;
    #[cfg(feature = "servers")] "cloakroom-sqlite", OnServer, files::sqlite;
    #[cfg(feature = "servers")] "cloakroom-redis", OnServer, cloakroom::redis;
    #[cfg(feature = "servers")] "by-hand-redis", OnServer, in_redis::app;
    #[cfg(all(feature = "peers", feature = "servers"))] "tower-sessions-redis", OnServer, tower_stores::redis;
    #[cfg(all(feature = "peers", feature = "servers"))] "axum_session-redis", OnServer, peers::axum_session_redis;
    #[cfg(feature = "servers")] "cloakroom-postgres", OnServer, cloakroom::postgres;
    #[cfg(all(feature = "peers", feature = "servers"))] "tower-sessions-postgres", OnServer, tower_stores::postgres;
}

/// Where a server is; `with_servers` says it.
#[cfg(feature = "servers")]
fn address(variable: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| panic!("`{variable}` is to name a server: see `with_servers`"))
}
