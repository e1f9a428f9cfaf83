//! axum_session, in memory, and on Redis by its own store.

use std::convert::Infallible;
use std::fmt::Debug;

use axum::Router;
use axum_session::{DatabasePool, Session, SessionConfig, SessionLayer, SessionNullPool, SessionStore};
#[cfg(feature = "servers")]
use axum_session_redispool::SessionRedisPool;

use crate::record::{Item, Preferences, Role, SOMEBODY_ELSE, filled};
use crate::work::{Shown, Work};

/// What axum_session asks of a store's type.
trait Pool: DatabasePool + Clone + Debug + Send + Sync + 'static {}

impl<P: DatabasePool + Clone + Debug + Send + Sync + 'static> Pool for P {}

/// Asked first, since removing what is not there would save the session as well.
fn shown_once(session: &Session<impl Pool>) -> Option<String> {
    let notice = session.get("notice");
    notice.inspect(|_: &String| session.remove("notice"))
}

impl<P: Pool> Work for Session<P> {
    type Sends = ();
    type Error = Infallible;

    async fn begin(self) -> Result<(), Infallible> {
        let shop = filled();
        self.set("user_id", shop.user_id);
        self.set("user_name", shop.user_name);
        self.set("role", shop.role);
        self.set("signed_in_at", shop.signed_in_at);
        self.set("cart", shop.cart);
        self.set("preferences", shop.preferences);
        self.set("csrf", shop.csrf);
        Ok(())
    }

    async fn show(self) -> Result<Shown, Infallible> {
        let cart: Vec<Item> = self.get("cart").unwrap_or_default();
        let [user_id, signed_in_at] = ["user_id", "signed_in_at"].map(|key| self.get(key).unwrap_or_default());
        Ok(Shown { user_id, signed_in_at, first: cart.first().map_or(0, |item| item.quantity) })
    }

    async fn read(self) -> Result<String, Infallible> {
        Ok(self.get("user_name").unwrap_or_default())
    }

    async fn read8(self) -> Result<String, Infallible> {
        let user: (Option<u64>, Option<String>, Option<Role>, Option<u64>) =
            (self.get("user_id"), self.get("user_name"), self.get("role"), self.get("signed_in_at"));
        let rest: (Option<Vec<Item>>, Option<Preferences>, Option<String>, Option<String>) =
            (self.get("cart"), self.get("preferences"), self.get("csrf"), shown_once(&self));
        std::hint::black_box((&user, &rest));
        Ok(user.1.unwrap_or_default())
    }

    async fn write(self) -> Result<(), Infallible> {
        let signed_in_at: u64 = self.get("signed_in_at").unwrap_or_default();
        self.set("signed_in_at", signed_in_at + 1);
        Ok(())
    }

    async fn add(self) -> Result<(), Infallible> {
        let mut cart: Vec<Item> = self.get("cart").unwrap_or_default();
        cart[0].quantity += 1;
        self.set("cart", cart);
        Ok(())
    }

    async fn login(self) -> Result<(), Infallible> {
        self.renew();
        self.set("user_id", SOMEBODY_ELSE);
        Ok(())
    }

    async fn logout(self) -> Result<(), Infallible> {
        self.destroy();
        Ok(())
    }
}

async fn layer<P: Pool>(pool: Option<P>) -> SessionLayer<P> {
    SessionLayer::new(SessionStore::new(pool, SessionConfig::default()).await.expect("a store"))
}

pub(in crate::apps) async fn memory() -> Router {
    crate::router!(Session<SessionNullPool>).layer(layer::<SessionNullPool>(None).await)
}

/// With the pool of connections that its documentation shows.
#[cfg(feature = "servers")]
pub(in crate::apps) async fn redis() -> Router {
    let client = redis::Client::open(crate::apps::address("BENCH_REDIS")).expect("an address");
    let pool = redis_pool::RedisPool::from(client);
    // Under callgrind, the first connection may take longer than the client waits for it.
    for _ in 0..10 {
        if pool.acquire().await.is_ok() {
            break;
        }
    }
    crate::router!(Session<SessionRedisPool>).layer(layer(Some(SessionRedisPool::from(pool))).await)
}
