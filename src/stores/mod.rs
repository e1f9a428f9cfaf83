//! Stores for where sessions should outlive the process, one cargo feature each.
//!
//! What a session weighs, with a record of 547 bytes (eight fields, ten things in the cart), at 100,000 sessions under random keys
//! (22 November 2026; `cargo run -p benches --features lab --bin bytes_per_session -- 100000`):
//!
//! | store | counted | bytes per session | above the record |
//! |---|---|---|---|
//! | `MemoryStore` | heap | 789 | 242 |
//! | Redis 7.0 | `used_memory` | 790 | 243 |
//! | redb | file | 1,347 | 800 |
//! | SQLite | file | 747 | 200 |
//! | PostgreSQL 15 | table and indexes, after `VACUUM` | 794 | 247 |
//! | MariaDB 10.11 | data and indexes | 1,094 | 547 |
//! | | file | 1,216 | 669 |
//!
//! What a request asks of a server, in statements and bytes to it and back (`cargo run -p benches --features lab --bin per_request`; Redis's
//! commands and bytes stand at `RedisStore`). The SQL drivers ask a connection for a sign of life after each call, which is in the
//! bytes and delays nobody:
//!
//! | request | PostgreSQL | MariaDB |
//! |---|---|---|
//! | no cookie, a forged one, or a session that is not touched | 0 | 0 |
//! | read | 1 (101 and 627) | 1 (66 and 789) |
//! | write after read, or `update_*` | 2 (804 and 662) | 2 (733 and 852) |
//! | regenerate and write | 3 (974 and 700) | 3 (854 and 873) |
//! | destroy | 1 (90 and 628) | 4 (129 and 824) |
//!
//! What listing by owner adds, with a record of 90 bytes:
//!
//! | request | PostgreSQL | MariaDB |
//! |---|---|---|
//! | sign in, without the index | 1 (223 and 38) | 1 (175 and 22) |
//! | sign in | 3 (545 and 131) | 3 (422 and 162) |
//! | regenerate, without | 3 (515 and 242) | 3 (394 and 413) |
//! | regenerate | 6 (960 and 371) | 6 (727 and 572) |
//! | sign out, without | 1 (88 and 168) | 4 (128 and 361) |
//! | sign out | 2 (212 and 204) | 5 (220 and 386) |
//! | list five sessions | 7 (705 and 1,384) | 7 (469 and 2,519) |
//! | revoke five | 13 (1,715 and 2,114) | 28 (1,589 and 4,271) |
//! | sign in as the sixth of five | 13 (1,559 and 1,817) | 16 (1,169 and 3,314) |

#[cfg(feature = "sealed")]
mod encrypted;
mod layered;
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

#[cfg(feature = "sealed")]
pub use self::encrypted::{Encrypted, EncryptionError};
pub use self::layered::{Coherent, Layered, Reads, StaleUpTo};
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
