//! Sessions in MySQL or MariaDB.

use session_runtime::StoreError;
use session_runtime::store::StoreKey;
use sqlx::error::DatabaseError;
use sqlx::mysql::{MySqlDatabaseError, MySqlQueryResult, MySqlRow};
use sqlx::{AssertSqlSafe, Error, MySql, SqlSafeStr};

use super::sql::driver::{Dialect, Driver, NewRecord, Record, Statements};
use super::sql::lease::Lease;
use super::sql::owners::table_of_owners;
use super::sql::sweep::SweptTable;
use super::sql::table::{Table, Value};
use super::sql::{SqlBuilder, SqlStore};

/// Keeps sessions in a table of a MySQL (5.7 or later) or MariaDB (10.2 or later) database. Clones share it.
///
/// ```no_run
/// use cloakroom::stores::MySqlStore;
///
/// # async fn run() -> Result<(), cloakroom::StoreError> {
/// let store = MySqlStore::connect("mysql://shop@localhost/shop").await?;
/// # Ok(())
/// # }
/// ```
///
/// What all stores on SQL databases have in common is said at [`SqlStore`]. Two calls take more statements here: `create` where
/// the key is taken, two; `delete`, a transaction of four, since MySQL has no `RETURNING`. The tables, as
/// [`migrate`](SqlStore::migrate) makes them:
///
/// ```sql
/// CREATE TABLE IF NOT EXISTS `sessions` (
///     storage_key BINARY(32) NOT NULL PRIMARY KEY,
///     version BINARY(16) NOT NULL,
///     expires_ms BIGINT NOT NULL,
///     data MEDIUMBLOB NOT NULL,
///     INDEX expires (expires_ms)
/// ) ENGINE = InnoDB;
/// CREATE TABLE IF NOT EXISTS `sessions_owners` (
///     owner_key BINARY(32) NOT NULL,
///     storage_key BINARY(32) NOT NULL,
///     entered_ms BIGINT NOT NULL,
///     ends_ms BIGINT NOT NULL,
///     PRIMARY KEY (owner_key, storage_key),
///     INDEX ends (ends_ms)
/// ) ENGINE = InnoDB;
/// ```
///
/// **Rights**: `SELECT`, `INSERT`, `UPDATE` and `DELETE` on both tables. Only `migrate` needs more.
///
/// **Encrypted connections** need a feature of `sqlx` that your program turns on, such as `tls-rustls`. Without encryption, MySQL 8
/// lets a user in by password only if `sqlx` has the feature `mysql-rsa`.
///
/// A server with `innodb_flush_log_at_trx_commit` other than 1 may lose answered writes in a crash.
pub type MySqlStore = SqlStore<MySql>;

impl SqlStore<MySql> {
    /// Connects, and makes the table unless it is there. For other settings, or to start while the database is down, see
    /// [`builder`](Self::builder).
    ///
    /// # Errors
    /// The address is none, the database cannot be reached, or the table cannot be made.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        Self::builder(url)?.build_migrated().await
    }

    /// A store at `url`, with settings.
    ///
    /// # Errors
    /// It is no address of a MySQL database.
    pub fn builder(url: &str) -> Result<SqlBuilder<MySql>, StoreError> {
        SqlBuilder::at(url)
    }
}

impl SqlBuilder<MySql> {
    /// The schema (here also called database) that the table is in; without one, the address's. It must be there.
    pub fn schema(mut self, name: impl Into<String>) -> Self {
        self.settings.table.schema = Some(name.into());
        self
    }
}

const INDEX_OF_OWNERS: &str = ",\n    INDEX ends (ends_ms)";

impl Dialect for MySql {
    const QUOTE: char = '`';
    const INSERT: &'static str = "INSERT INTO {table} (storage_key, version, expires_ms, data) VALUES (?, ?, ?, ?)";
    const TAKE: &'static str = "SELECT version, expires_ms, data FROM {table} WHERE storage_key = ? FOR UPDATE";
    const SWEEP: &'static str = "SELECT {keys} FROM {table} WHERE {ends} <= ? ORDER BY {ends} LIMIT 1000";
    const ENTER: &'static str = "INSERT INTO {table} (owner_key, storage_key, entered_ms, ends_ms) VALUES (?, ?, ?, ?) \
        ON DUPLICATE KEY UPDATE entered_ms = CASE WHEN ends_ms > ? THEN entered_ms ELSE ? END, ends_ms = greatest(ends_ms, ?)";

    fn mark(_: usize) -> String {
        "?".into()
    }

    fn migration(table: &Table) -> String {
        format!(
            "CREATE TABLE IF NOT EXISTS {} (\n    \
                 storage_key BINARY(32) NOT NULL PRIMARY KEY,\n    \
                 version BINARY(16) NOT NULL,\n    \
                 expires_ms BIGINT NOT NULL,\n    \
                 data MEDIUMBLOB NOT NULL,\n    \
                 INDEX expires (expires_ms)\n\
             ) ENGINE = InnoDB;\n\
             {}",
            table.quoted(Self::QUOTE),
            table_of_owners(table, Self::QUOTE, ["BINARY(32)", "BIGINT"], INDEX_OF_OWNERS, " ENGINE = InnoDB")
        )
    }

    /// sqlx asks for the rows found, not the rows that differ: to touch with the same expiry again counts as done.
    fn changed(result: &MySqlQueryResult) -> u64 {
        result.rows_affected()
    }

    /// A deadlock (1213), or a record that changed while its lock was waited for (1020, in strict versions of MariaDB).
    fn gave_way(error: &dyn DatabaseError) -> bool {
        matches!(number(error), 1213 | 1020)
    }

    fn lacks_table(error: &dyn DatabaseError) -> bool {
        number(error) == 1146
    }

    /// Not by `ON DUPLICATE KEY UPDATE`: its count does not tell a row that was made from one that was left alone. And not by
    /// `INSERT IGNORE`, which would cut what is too long.
    async fn create(
        db: &mut Lease<Self>,
        statements: &Statements,
        record: NewRecord<'_>,
        now: i64,
    ) -> Result<bool, Error> {
        let [key, version, expires, bytes] = record.values();
        match db.change(&statements.insert, &[key, version, expires, bytes]).await {
            Err(Error::Database(error)) if error.is_unique_violation() => {}
            done => return done.map(|_| true),
        }
        Ok(db.change(&statements.take_over, &[version, expires, bytes, key, Value::Number(now)]).await? == 1)
    }

    async fn take(db: &mut Lease<Self>, statements: &Statements, key: &StoreKey) -> Result<Option<Record>, Error> {
        let values = [Value::Bytes(key.as_bytes())];
        db.begin().await?;
        let record = db.record(&statements.take, &values).await?;
        if record.is_some() {
            db.change(&statements.remove, &values).await?;
        }
        db.commit().await?;
        Ok(record)
    }

    /// In two steps, the first without locks: a `DELETE` along the index of expiries would lock it first and the records then,
    /// where every write locks them the other way round.
    async fn sweep(db: &mut Lease<Self>, swept: &SweptTable, now: i64) -> Result<u64, Error> {
        let ended = db.rows(&swept.statement, &[Value::Number(now)]).await?;
        if ended.is_empty() {
            return Ok(0);
        }
        let rows = ended.iter().map(|row| has_keys(row, swept.keys));
        let rows = rows.collect::<Result<Vec<_>, Error>>()?.join(" OR ");
        let SweptTable { table, ends, .. } = swept;
        let sql = format!("DELETE FROM {table} WHERE ({rows}) AND {ends} <= {now}");
        db.plain(AssertSqlSafe(sql).into_sql_str()).await?;
        // What another node removed meanwhile counts too: a full batch means that there may be more.
        Ok(ended.len() as u64)
    }
}

/// The condition that names a row by its keys.
fn has_keys(row: &MySqlRow, keys: &[&str]) -> Result<String, Error> {
    let columns = keys.iter().enumerate().map(|(column, name)| {
        let key = MySql::bytes(row, column)?;
        Ok(format!("{name} = {}", MySql::literal(Value::Bytes(&key))))
    });
    Ok(format!("({})", columns.collect::<Result<Vec<_>, Error>>()?.join(" AND ")))
}

fn number(error: &dyn DatabaseError) -> u16 {
    error.try_downcast_ref::<MySqlDatabaseError>().map_or(0, MySqlDatabaseError::number)
}
