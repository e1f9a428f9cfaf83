//! Stores for where sessions should outlive the process, one cargo feature each.

#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "opendal")]
mod opendal;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "redb")]
mod redb;
#[cfg(feature = "redis")]
mod redis;
#[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
mod sql;
#[cfg(feature = "sqlite")]
mod sqlite;

#[cfg(feature = "mysql")]
pub use self::mysql::MySqlStore;
#[cfg(feature = "opendal")]
pub use self::opendal::{ObjectBuilder, ObjectStore, UnfitService};
#[cfg(feature = "postgres")]
pub use self::postgres::PostgresStore;
#[cfg(feature = "redb")]
pub use self::redb::{RedbBuilder, RedbStore};
#[cfg(feature = "redis")]
pub use self::redis::{RedisBuilder, RedisStore};
#[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
pub use self::sql::{SqlBuilder, SqlStore};
#[cfg(feature = "sqlite")]
pub use self::sqlite::SqliteStore;
