//! What a Redis, a PostgreSQL, a MariaDB and an S3 server have in common, for tests that are the same on each.

use std::ops::DerefMut;
use std::time::Duration;

use cloakroom::SessionStore;
use cloakroom::stores::{MySqlStore, ObjectStore, PostgresStore, RedisStore};

use super::{MariaDb, Postgres, RedisServer, Running, S3Server};
use crate::faults::PATIENCE;

/// A server that keeps what it answered (but for S3's stand-in, when it is killed), and the store on it.
pub trait Server: DerefMut<Target = Running> + Send + 'static {
    /// The store.
    type Store: SessionStore + Clone;

    /// Starts one with empty tables.
    fn begin() -> impl Future<Output = Self> + Send;

    /// A store on whatever listens at this port of this machine. A call takes at most `limit`.
    fn store_at(&self, port: u16, limit: Duration) -> Self::Store;

    /// A store on this server.
    fn store(&self, limit: Duration) -> Self::Store {
        self.store_at(self.port, limit)
    }

    /// Stands still until it is told to [`go_on`](Self::go_on).
    fn stop(&self) {
        self.process().signal_with_children("STOP");
    }

    /// After [`stop`](Self::stop).
    fn go_on(&self) {
        self.process().signal_with_children("CONT");
    }
}

/// A table is made with patience: that a machine is slow is no fault.
macro_rules! made {
    ($store:ty, $url:expr) => {
        <$store>::builder(&$url).expect("an address").time_limit(PATIENCE).build().expect("settings").migrate().await
    };
}

macro_rules! server {
    ($server:ident::$start:ident, $store:ty, $begin:expr, $store_at:expr) => {
        impl Server for $server {
            type Store = $store;

            async fn begin() -> Self {
                let server = Self::$start();
                $begin(server.url()).await;
                server
            }

            fn store_at(&self, port: u16, limit: Duration) -> $store {
                $store_at(&self.url().replace(&self.port.to_string(), &port.to_string()), limit)
            }
        }
    };
}

server!(
    RedisServer::durable,
    RedisStore,
    async |_: String| {},
    // A call may first have to connect.
    |url: &str, limit: Duration| {
        RedisStore::builder(url).connect_limit(limit / 2).response_limit(limit / 2).connect().expect("an address")
    }
);

server!(
    Postgres::durable,
    PostgresStore,
    async |url: String| made!(PostgresStore, url).expect("the table is made"),
    |url: &str, limit| PostgresStore::builder(url).expect("an address").time_limit(limit).build().expect("settings")
);

server!(
    MariaDb::durable,
    MySqlStore,
    async |url: String| made!(MySqlStore, url).expect("the table is made"),
    |url: &str, limit| MySqlStore::builder(url).expect("an address").time_limit(limit).build().expect("settings")
);

server!(S3Server::start, ObjectStore, async |_: String| {}, |url: &str, limit| ObjectStore::builder(
    S3Server::operator(url)
)
.time_limit(limit)
.build()
.expect("conditions"));
