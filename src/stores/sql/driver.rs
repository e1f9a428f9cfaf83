//! All that is asked of an sqlx driver: send a statement with bytes and numbers, get rows or a count.
//!
//! sqlx's own traits want their bounds repeated wherever they are used; here they stand once, so that everything else says
//! `DB: Dialect`.

use std::future::Future;
use std::time::Duration;

use session_runtime::store::{StoreKey, Version};
use sqlx::error::DatabaseError;
use sqlx::{Arguments, ColumnIndex, Database, Decode, Encode, Error, Executor, IntoArguments, Row, SqlStr, Type};

use super::builder::Options;
use super::lease::Lease;
use super::owners::OwnerStatements;
use super::sweep::SweptTable;
use super::table::{Statement, Table, Value, hex};

/// A record as a row: version, expiry, bytes. No bytes where the statement found that they are known.
pub(crate) type Record = (Vec<u8>, i64, Vec<u8>);

/// What a statement needs, whatever the database.
pub trait Driver: Database {
    /// Sends a statement with values and waits for its end: the rows of a `DELETE … RETURNING` may come before its commit.
    fn rows(
        connection: &mut Self::Connection,
        sql: SqlStr,
        values: &[Value<'_>],
    ) -> impl Future<Output = Result<Vec<Self::Row>, Error>> + Send;

    /// Sends a statement with values that returns no rows.
    fn change(
        connection: &mut Self::Connection,
        sql: SqlStr,
        values: &[Value<'_>],
    ) -> impl Future<Output = Result<Self::QueryResult, Error>> + Send;

    /// Sends text as it is; it may be several statements.
    fn plain_rows(
        connection: &mut Self::Connection,
        sql: SqlStr,
    ) -> impl Future<Output = Result<Vec<Self::Row>, Error>> + Send;

    /// Sends text as it is; it may be several statements.
    fn plain_change(
        connection: &mut Self::Connection,
        sql: SqlStr,
    ) -> impl Future<Output = Result<Self::QueryResult, Error>> + Send;

    /// A row of version, expiry and bytes.
    fn record(row: &Self::Row) -> Result<Record, Error>;

    /// A column of bytes.
    fn bytes(row: &Self::Row, column: usize) -> Result<Vec<u8>, Error>;

    /// A column of numbers.
    fn number(row: &Self::Row, column: usize) -> Result<i64, Error>;
}

impl<DB> Driver for DB
where
    DB: Database,
    DB::Arguments: IntoArguments<DB>,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    for<'v> &'v [u8]: Encode<'v, DB> + Type<DB>,
    for<'v> i64: Encode<'v, DB> + Decode<'v, DB> + Type<DB>,
    for<'v> Vec<u8>: Decode<'v, DB> + Type<DB>,
    usize: ColumnIndex<DB::Row>,
{
    async fn rows(connection: &mut DB::Connection, sql: SqlStr, values: &[Value<'_>]) -> Result<Vec<DB::Row>, Error> {
        sqlx::query_with::<DB, _>(sql, arguments::<DB>(values)?).fetch_all(connection).await
    }

    async fn change(
        connection: &mut DB::Connection,
        sql: SqlStr,
        values: &[Value<'_>],
    ) -> Result<DB::QueryResult, Error> {
        sqlx::query_with::<DB, _>(sql, arguments::<DB>(values)?).execute(connection).await
    }

    async fn plain_rows(connection: &mut DB::Connection, sql: SqlStr) -> Result<Vec<DB::Row>, Error> {
        connection.fetch_all(sqlx::raw_sql(sql)).await
    }

    async fn plain_change(connection: &mut DB::Connection, sql: SqlStr) -> Result<DB::QueryResult, Error> {
        connection.execute(sqlx::raw_sql(sql)).await
    }

    fn record(row: &DB::Row) -> Result<Record, Error> {
        Ok((row.try_get(0)?, row.try_get(1)?, row.try_get::<Option<_>, _>(2)?.unwrap_or_default()))
    }

    fn bytes(row: &DB::Row, column: usize) -> Result<Vec<u8>, Error> {
        row.try_get(column)
    }

    fn number(row: &DB::Row, column: usize) -> Result<i64, Error> {
        row.try_get(column)
    }
}

fn arguments<DB: Driver>(values: &[Value<'_>]) -> Result<DB::Arguments, Error>
where
    for<'v> &'v [u8]: Encode<'v, DB> + Type<DB>,
    for<'v> i64: Encode<'v, DB> + Type<DB>,
{
    let mut arguments = DB::Arguments::default();
    for value in values {
        match *value {
            Value::Bytes(bytes) => arguments.add(bytes),
            Value::Number(number) => arguments.add(number),
        }
        .map_err(Error::Encode)?;
    }
    Ok(arguments)
}

/// How one of the three databases says it.
pub trait Dialect: Driver {
    /// What stands around a name.
    const QUOTE: char;

    /// Whether one write at a time is all that it can do, so that others had better wait in order than try again and again.
    const ONE_WRITER: bool = false;

    /// How the place of the `number`th value is written, counted from 1.
    fn mark(number: usize) -> String;

    /// `INSERT` of key, version, expiry and bytes.
    const INSERT: &'static str;

    /// Removes a key and returns its record, expired or not; or, where there is no `RETURNING`, finds and locks it.
    const TAKE: &'static str;

    /// Removes up to `BATCH` rows of a table that ended by a time; or, where that could deadlock, finds their `{keys}`.
    const SWEEP: &'static str;

    /// `INSERT` of an owner's entry: owner, key, entered, ends. One that is there, and has not ended by the time that comes then,
    /// keeps when it was entered, and the later of both ends; for which both times come again.
    const ENTER: &'static str;

    /// Options for connections whose calls may take that long.
    fn within(options: Options<Self>, _limit: Duration) -> Options<Self> {
        options
    }

    /// A value as it stands in a statement's text, whatever the server's settings are.
    fn literal(value: Value<'_>) -> String {
        match value {
            Value::Bytes(bytes) => format!("x'{}'", hex(bytes)),
            Value::Number(number) => number.to_string(),
        }
    }

    /// What makes the tables, if they are not there.
    fn migration(table: &Table) -> String;

    /// Rows that a statement changed.
    fn changed(result: &Self::QueryResult) -> u64;

    /// Whether the statement did nothing because another was in its way, so that it may be sent again.
    fn gave_way(error: &dyn DatabaseError) -> bool;

    /// Whether there is no such table.
    fn lacks_table(error: &dyn DatabaseError) -> bool;

    /// What to do about another error, where that is known.
    fn advice(_: &dyn DatabaseError) -> Option<&'static str> {
        None
    }

    /// Stores a record under a key that is free, or whose record has expired. `false` if it is taken.
    fn create(
        db: &mut Lease<Self>,
        statements: &Statements,
        record: NewRecord<'_>,
        now: i64,
    ) -> impl Future<Output = Result<bool, Error>> + Send {
        async move {
            let [key, version, expires, bytes] = record.values();
            Ok(db.change(&statements.insert, &[key, version, expires, bytes, Value::Number(now)]).await? == 1)
        }
    }

    /// Removes a record and hands it back.
    fn take(
        db: &mut Lease<Self>,
        statements: &Statements,
        key: &StoreKey,
    ) -> impl Future<Output = Result<Option<Record>, Error>> + Send {
        async move { db.record(&statements.take, &[Value::Bytes(key.as_bytes())]).await }
    }

    /// Removes one batch of what ended by `now`, and says how many.
    fn sweep(db: &mut Lease<Self>, swept: &SweptTable, now: i64) -> impl Future<Output = Result<u64, Error>> + Send {
        async move { db.change(&swept.statement, &[Value::Number(now)]).await }
    }

    /// Makes the tables, if they are not there. Safe to run from many nodes at once.
    fn migrate(db: &mut Lease<Self>, migration: SqlStr) -> impl Future<Output = Result<(), Error>> + Send {
        async move { db.plain(migration).await.map(drop) }
    }
}

/// A record to be created.
#[derive(Clone, Copy)]
pub struct NewRecord<'a> {
    pub key: &'a StoreKey,
    pub version: &'a Version,
    pub expires_ms: i64,
    pub bytes: &'a [u8],
}

impl NewRecord<'_> {
    /// In the order of `INSERT`.
    pub fn values(&self) -> [Value<'_>; 4] {
        [
            Value::Bytes(self.key.as_bytes()),
            Value::Bytes(self.version.as_bytes()),
            Value::Number(self.expires_ms),
            Value::Bytes(self.bytes),
        ]
    }
}

/// Every statement that a store sends, made once.
pub struct Statements {
    pub load: Statement,
    pub load_if_changed: Statement,
    pub insert: Statement,
    pub take_over: Statement,
    pub replace: Statement,
    pub touch: Statement,
    pub take: Statement,
    pub remove: Statement,
    pub swept: SweptTable,
    pub owners: OwnerStatements,
}

impl Statements {
    pub(crate) fn new<DB: Dialect>(table: &Table) -> Self {
        let owners = OwnerStatements::new::<DB>(table.of_owners().quoted(DB::QUOTE));
        let table = table.quoted(DB::QUOTE);
        let statement = |template: &str| Statement::new(template, &table, DB::mark);
        Self {
            load: statement("SELECT version, expires_ms, data FROM {table} WHERE storage_key = ? AND expires_ms > ?"),
            load_if_changed: statement(
                "SELECT version, expires_ms, CASE WHEN version = ? THEN NULL ELSE data END FROM {table} \
                 WHERE storage_key = ? AND expires_ms > ?",
            ),
            insert: statement(DB::INSERT),
            take_over: statement(
                "UPDATE {table} SET version = ?, expires_ms = ?, data = ? WHERE storage_key = ? AND expires_ms <= ?",
            ),
            replace: statement(
                "UPDATE {table} SET version = ?, expires_ms = ?, data = ? \
                 WHERE storage_key = ? AND version = ? AND expires_ms > ?",
            ),
            touch: statement(
                "UPDATE {table} SET expires_ms = ? WHERE storage_key = ? AND version = ? AND expires_ms > ?",
            ),
            take: statement(DB::TAKE),
            remove: statement("DELETE FROM {table} WHERE storage_key = ?"),
            swept: SweptTable::new::<DB>(table, &["storage_key"], "expires_ms"),
            owners,
        }
    }
}
