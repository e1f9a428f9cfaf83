//! Real servers for the tests: started on free ports of this machine in temporary folders, and stopped by their process ids.
//!
//! A program that is not installed is a failure that names its package, never a test that is passed over.

mod any;
mod chromedriver;
mod mariadb;
mod pgbouncer;
mod postgres;
mod process;
mod redis;
mod redis_groups;
mod running;
mod s3;
mod user;

pub use any::Server;
pub use chromedriver::ChromeDriver;
pub use mariadb::MariaDb;
pub use pgbouncer::PgBouncer;
pub use postgres::Postgres;
pub use process::{Process, free_port};
pub use redis::RedisServer;
pub use redis_groups::{RedisCluster, RedisSentinel};
pub use running::Running;
pub use s3::S3Server;
