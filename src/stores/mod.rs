//! Stores for where sessions should outlive the process, one cargo feature each.

#[cfg(feature = "redb")]
mod redb;
#[cfg(feature = "redis")]
mod redis;

#[cfg(feature = "redb")]
pub use self::redb::{RedbBuilder, RedbStore};
#[cfg(feature = "redis")]
pub use self::redis::{RedisBuilder, RedisStore};
