//! Real servers for the tests: started on free ports of this machine in temporary folders, and stopped by their process ids.
//!
//! A program that is not installed is a failure that names its package, never a test that is passed over.

mod database;
mod mariadb;
mod postgres;
mod process;
mod redis;
mod user;

pub use database::Database;
pub use mariadb::MariaDb;
pub use postgres::Postgres;
pub use process::{Process, free_port};
pub use redis::{RedisCluster, RedisSentinel, RedisServer};
