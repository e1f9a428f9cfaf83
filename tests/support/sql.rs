//! Stores on SQL databases, each test program with a server of its own and each store with a table of its own.

use std::path::Path;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use cloakroom::stores::{MySqlStore, PostgresStore, SqlBuilder, SqliteStore};
use sqlx::{MySql, Postgres};

use crate::servers;

/// An empty store on a PostgreSQL server that this test program shares.
pub async fn postgres_store() -> PostgresStore {
    let store = postgres_table().build().expect("the name is one");
    store.migrate().await.expect("the table is made");
    store
}

/// A table that is not there yet, on the same server.
pub fn postgres_table() -> SqlBuilder<Postgres> {
    static SERVER: LazyLock<servers::Postgres> = LazyLock::new(servers::Postgres::start);
    PostgresStore::builder(&SERVER.url()).expect("an address").table(new_name())
}

/// An empty store on a MariaDB server that this test program shares.
pub async fn mysql_store() -> MySqlStore {
    let store = mysql_table().build().expect("the name is one");
    store.migrate().await.expect("the table is made");
    store
}

/// A table that is not there yet, on the same server.
pub fn mysql_table() -> SqlBuilder<MySql> {
    static SERVER: LazyLock<servers::MariaDb> = LazyLock::new(servers::MariaDb::start);
    MySqlStore::builder(&SERVER.url()).expect("an address").table(new_name())
}

/// A fresh SQLite store in a folder that the caller keeps.
pub async fn sqlite_store(folder: &Path) -> SqliteStore {
    SqliteStore::open(folder.join("sessions.sqlite")).await.expect("a new file opens")
}

fn new_name() -> String {
    static TAKEN: AtomicUsize = AtomicUsize::new(0);
    format!("sessions_{}", TAKEN.fetch_add(1, Ordering::SeqCst))
}
