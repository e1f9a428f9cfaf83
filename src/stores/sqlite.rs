//! Sessions in a SQLite file.

use std::path::Path;
use std::time::Duration;

use session_runtime::StoreError;
use sqlx::Sqlite;
use sqlx::error::DatabaseError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteQueryResult, SqliteSynchronous};

use super::sql::driver::Dialect;
use super::sql::owners::{enter, index_of_owners, table_of_owners};
use super::sql::table::{Table, quoted};
use super::sql::{DELETE, SqlBuilder, SqlStore, UPSERT};

/// Keeps sessions in a table of a SQLite file. Clones share it.
///
/// ```no_run
/// use cloakroom::stores::SqliteStore;
///
/// # async fn run() -> Result<(), cloakroom::StoreError> {
/// let store = SqliteStore::open("shop.sqlite").await?;
/// # Ok(())
/// # }
/// ```
///
/// What all stores on SQL databases have in common is said at [`SqlStore`]. Several processes on one machine may share the file. Its
/// journal is a write-ahead log, so that reads wait for no write; each write waits for the disk, and the writes of one process
/// wait for each other in order. `RedbStore` lets many writes share one wait for the disk: it does far more of them.
/// The tables, as [`migrate`](SqlStore::migrate) makes them:
///
/// ```sql
/// CREATE TABLE IF NOT EXISTS "sessions" (
///     storage_key BLOB NOT NULL PRIMARY KEY,
///     version BLOB NOT NULL,
///     expires_ms INTEGER NOT NULL,
///     data BLOB NOT NULL
/// );
/// CREATE INDEX IF NOT EXISTS "sessions_expires" ON "sessions" (expires_ms);
/// CREATE TABLE IF NOT EXISTS "sessions_owners" (
///     owner_key BLOB NOT NULL,
///     storage_key BLOB NOT NULL,
///     entered_ms INTEGER NOT NULL,
///     ends_ms INTEGER NOT NULL,
///     PRIMARY KEY (owner_key, storage_key)
/// ) WITHOUT ROWID;
/// CREATE INDEX IF NOT EXISTS "sessions_owners_ends" ON "sessions_owners" (ends_ms);
/// ```
///
/// **While the disk is full**, or another process holds the write lock, sessions can be read, and a write fails once its time limit
/// is over. Afterwards nothing has to be restarted.
///
/// **Stop the program before you move, replace or delete the file.** Connections that are open would go on with what is no longer
/// there, and new ones find none (each of their calls fails) or another.
///
/// **A pool of your own** should have a write-ahead log and a busy time-out as well. A database in memory is another one for
/// each connection: use `MemoryStore`.
pub type SqliteStore = SqlStore<Sqlite>;

impl SqlStore<Sqlite> {
    /// Opens the file, or makes it, and makes the table unless it is there. A new file is readable for its owner only.
    ///
    /// # Errors
    /// The file cannot be opened, or the table cannot be made in it.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        Self::builder(path)?.build_migrated().await
    }

    /// As [`open`](Self::open), with settings.
    ///
    /// # Errors
    /// The file cannot be made.
    pub fn builder(path: impl AsRef<Path>) -> Result<SqlBuilder<Sqlite>, StoreError> {
        make(path.as_ref())?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .optimize_on_close(false, None);
        Ok(SqlBuilder::with(options))
    }
}

/// SQLite would make it readable for everybody.
fn make(path: &Path) -> Result<(), StoreError> {
    let mut options = std::fs::OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let made = options.open(path).map(drop);
    made.map_err(|error| StoreError::message(format!("`{}` cannot be opened: {error}", path.display())))
}

impl Dialect for Sqlite {
    const QUOTE: char = '"';
    const ONE_WRITER: bool = true;
    const INSERT: &'static str = UPSERT;
    const TAKE: &'static str = DELETE;
    const ENTER: &'static str = enter!("max");
    const SWEEP: &'static str = "DELETE FROM {table} WHERE ({keys}) IN (\
        SELECT {keys} FROM {table} WHERE {ends} <= ? ORDER BY {ends} LIMIT 1000)";

    /// What is given up on does not wait for the file's lock much longer.
    fn within(options: SqliteConnectOptions, limit: Duration) -> SqliteConnectOptions {
        options.busy_timeout(limit)
    }

    fn mark(_: usize) -> String {
        "?".into()
    }

    fn migration(table: &Table) -> String {
        let index = quoted(&format!("{}_expires", table.name), Self::QUOTE);
        let owners = table_of_owners(table, Self::QUOTE, ["BLOB", "INTEGER"], "", " WITHOUT ROWID")
            + &index_of_owners(table, Self::QUOTE);
        let table = table.quoted(Self::QUOTE);
        format!(
            "CREATE TABLE IF NOT EXISTS {table} (\n    \
                 storage_key BLOB NOT NULL PRIMARY KEY,\n    \
                 version BLOB NOT NULL,\n    \
                 expires_ms INTEGER NOT NULL,\n    \
                 data BLOB NOT NULL\n\
             );\n\
             CREATE INDEX IF NOT EXISTS {index} ON {table} (expires_ms);\n\
             {owners}"
        )
    }

    fn changed(result: &SqliteQueryResult) -> u64 {
        result.rows_affected()
    }

    /// Writers wait for each other instead, as long as the busy time-out says.
    fn gave_way(_: &dyn DatabaseError) -> bool {
        false
    }

    fn lacks_table(error: &dyn DatabaseError) -> bool {
        error.message().starts_with("no such table")
    }
}
