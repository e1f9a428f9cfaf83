//! Sessions in PostgreSQL.

use session_runtime::StoreError;
use sqlx::Postgres;
use sqlx::error::DatabaseError;
use sqlx::postgres::PgQueryResult;

use super::sql::builder::options;
use super::sql::driver::Dialect;
use super::sql::owners::{enter, index_of_owners, table_of_owners};
use super::sql::table::{Table, Value, hex, quoted};
use super::sql::{DELETE, SqlBuilder, SqlStore, UPSERT};

/// Keeps sessions in a table of a PostgreSQL database (9.5 or later). Clones share it.
///
/// ```no_run
/// use cloakroom::stores::PostgresStore;
///
/// # async fn run() -> Result<(), cloakroom::StoreError> {
/// let store = PostgresStore::connect("postgres://shop@localhost/shop").await?;
/// # Ok(())
/// # }
/// ```
///
/// What all stores on SQL databases have in common is said at [`SqlStore`]. The tables, as [`migrate`](SqlStore::migrate) makes them:
///
/// ```sql
/// CREATE TABLE IF NOT EXISTS "sessions" (
///     storage_key BYTEA PRIMARY KEY,
///     version BYTEA NOT NULL,
///     expires_ms BIGINT NOT NULL,
///     data BYTEA NOT NULL
/// );
/// CREATE INDEX IF NOT EXISTS "sessions_expires" ON "sessions" (expires_ms);
/// CREATE TABLE IF NOT EXISTS "sessions_owners" (
///     owner_key BYTEA NOT NULL,
///     storage_key BYTEA NOT NULL,
///     entered_ms BIGINT NOT NULL,
///     ends_ms BIGINT NOT NULL,
///     PRIMARY KEY (owner_key, storage_key)
/// );
/// CREATE INDEX IF NOT EXISTS "sessions_owners_ends" ON "sessions_owners" (ends_ms);
/// ```
///
/// **Rights**: `SELECT`, `INSERT`, `UPDATE` and `DELETE` on both tables. Only `migrate` needs more.
///
/// **Encrypted connections** need a feature of `sqlx` that your program turns on, such as `tls-rustls`.
///
/// **A pooler in transaction mode** (PgBouncer) must know prepared statements: PgBouncer from 1.21, with
/// `max_prepared_statements` above 0. For any other, see [`without_prepared_statements`](SqlBuilder::without_prepared_statements).
pub type PostgresStore = SqlStore<Postgres>;

impl SqlStore<Postgres> {
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
    /// It is no address of a PostgreSQL database.
    pub fn builder(url: &str) -> Result<SqlBuilder<Postgres>, StoreError> {
        // No number here has a fraction, and PgBouncer refuses whoever says how to write those.
        Ok(SqlBuilder::with(options::<Postgres>(url)?.extra_float_digits(None)))
    }
}

impl SqlBuilder<Postgres> {
    /// The schema that the table is in; without one, the first of the connection's `search_path`.
    pub fn schema(mut self, name: impl Into<String>) -> Self {
        self.settings.table.schema = Some(name.into());
        self
    }

    /// Prepares nothing on the server, for poolers in transaction mode that give the next message to another connection. Each
    /// statement goes as one text with its values written out as hex and digits: still one round trip, with twice the bytes.
    pub fn without_prepared_statements(mut self) -> Self {
        self.settings.plain = Some(Postgres::literal);
        self
    }
}

impl Dialect for Postgres {
    const QUOTE: char = '"';
    const INSERT: &'static str = UPSERT;
    const TAKE: &'static str = DELETE;
    const ENTER: &'static str = enter!("greatest");
    /// Passes over what another node sweeps just now. What locks is looked up once, apart from the rest.
    const SWEEP: &'static str = "WITH ended AS (\
        SELECT {keys} FROM {table} WHERE {ends} <= ? ORDER BY {ends} LIMIT 1000 FOR UPDATE SKIP LOCKED) \
        DELETE FROM {table} WHERE ({keys}) IN (SELECT {keys} FROM ended)";

    fn mark(number: usize) -> String {
        format!("${number}")
    }

    /// Not in the form that has backslashes: what those mean is a setting.
    fn literal(value: Value<'_>) -> String {
        match value {
            Value::Bytes(bytes) => format!("decode('{}', 'hex')", hex(bytes)),
            Value::Number(number) => number.to_string(),
        }
    }

    /// The lock is there because two `CREATE … IF NOT EXISTS` at once can both find nothing. It ends with the transaction that
    /// all of it is.
    fn migration(table: &Table) -> String {
        let index = quoted(&format!("{}_expires", table.name), Self::QUOTE);
        let schema = table.schema.as_deref().map(make_schema).unwrap_or_default();
        let owners =
            table_of_owners(table, Self::QUOTE, ["BYTEA", "BIGINT"], "", "") + &index_of_owners(table, Self::QUOTE);
        let table = table.quoted(Self::QUOTE);
        format!(
            "SELECT pg_advisory_xact_lock(7164221709137654123);\n\
             {schema}\
             CREATE TABLE IF NOT EXISTS {table} (\n    \
                 storage_key BYTEA PRIMARY KEY,\n    \
                 version BYTEA NOT NULL,\n    \
                 expires_ms BIGINT NOT NULL,\n    \
                 data BYTEA NOT NULL\n\
             );\n\
             CREATE INDEX IF NOT EXISTS {index} ON {table} (expires_ms);\n\
             {owners}"
        )
    }

    fn changed(result: &PgQueryResult) -> u64 {
        result.rows_affected()
    }

    /// A deadlock, or a database whose transactions are stricter than "read committed".
    fn gave_way(error: &dyn DatabaseError) -> bool {
        matches!(error.code().as_deref(), Some("40001" | "40P01"))
    }

    fn lacks_table(error: &dyn DatabaseError) -> bool {
        error.code().as_deref() == Some("42P01")
    }

    fn advice(error: &dyn DatabaseError) -> Option<&'static str> {
        match error.code().as_deref() {
            Some("26000" | "42P05") => Some("behind a pooler in transaction mode, call `without_prepared_statements`"),
            _ => None,
        }
    }
}

/// Only where it is missing, since `CREATE SCHEMA IF NOT EXISTS` wants the right to make schemas even if there is nothing to do.
fn make_schema(name: &str) -> String {
    let (schema, text) = (quoted(name, '"'), quoted(name, '\''));
    format!(
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = {text}) THEN CREATE SCHEMA {schema}; END IF; END $$;\n"
    )
}
