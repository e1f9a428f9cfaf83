//! cloakroom.

use axum::Router;
use cloakroom::{MemoryStore, SealKeys, Session, SessionError, SessionLayer, Sessions};

use crate::record::{SOMEBODY_ELSE, Shop, filled};
use crate::work::{Shown, Work};

impl Work for Session<Shop> {
    type Sends = ();
    type Error = SessionError;

    async fn begin(self) -> Result<(), SessionError> {
        self.set_all(filled()).await
    }

    async fn show(self) -> Result<Shown, SessionError> {
        let first = self.cart().await?.first().map_or(0, |item| item.quantity);
        Ok(Shown { user_id: self.user_id().await?, signed_in_at: self.signed_in_at().await?, first })
    }

    async fn read(self) -> Result<String, SessionError> {
        self.user_name().await
    }

    async fn read8(self) -> Result<String, SessionError> {
        let user = (self.user_id().await?, self.user_name().await?, self.role().await?, self.signed_in_at().await?);
        let rest = (self.cart().await?, self.preferences().await?, self.csrf().await?, self.notice().await?);
        std::hint::black_box((&user, &rest));
        Ok(user.1)
    }

    async fn write(self) -> Result<(), SessionError> {
        self.set_signed_in_at(self.signed_in_at().await? + 1).await
    }

    async fn add(self) -> Result<(), SessionError> {
        self.update_cart(|cart| cart[0].quantity += 1).await
    }

    async fn login(self) -> Result<(), SessionError> {
        self.regenerate().await?;
        self.set_user_id(SOMEBODY_ELSE).await
    }

    async fn logout(self) -> Result<(), SessionError> {
        self.destroy().await
    }
}

/// The endpoints, with sessions.
pub fn with_sessions(sessions: Sessions<Shop>) -> Router {
    crate::router!(Session<Shop>).layer(SessionLayer::from(sessions))
}

pub(super) async fn memory() -> Router {
    with_sessions(Sessions::new(MemoryStore::new()))
}

pub(super) async fn sealed() -> Router {
    with_sessions(Sessions::sealed(SealKeys::ephemeral()))
}

/// Callgrind makes a program fifty times slower.
#[cfg(feature = "servers")]
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);

#[cfg(feature = "servers")]
pub(super) async fn redis() -> Router {
    let store = cloakroom::stores::RedisStore::builder(&super::address("BENCH_REDIS"));
    let store = store.connect_limit(PATIENCE).response_limit(PATIENCE).connect().expect("an address");
    with_sessions(Sessions::new(store))
}

#[cfg(feature = "servers")]
pub(super) async fn postgres() -> Router {
    let store = cloakroom::stores::PostgresStore::builder(&super::address("BENCH_POSTGRES")).expect("an address");
    let store = store.time_limit(PATIENCE).build().expect("settings");
    store.migrate().await.expect("the table is made");
    with_sessions(Sessions::new(store))
}

/// Cookie headers of sessions with the whole record in them.
pub async fn prepare(sessions: &Sessions<Shop>, count: usize) -> Vec<String> {
    let mut cookies = Vec::with_capacity(count);
    for _ in 0..count {
        let session = sessions.open([]);
        session.set_all(filled()).await.expect("the record fits");
        let closed = sessions.close(&session, true).await;
        let cookie = closed.set_cookie.expect("a session begins");
        cookies.push(cookie.split(';').next().unwrap_or_default().to_owned());
    }
    cookies
}
