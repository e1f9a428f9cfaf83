//! A connection for the length of one store call.

use sqlx::pool::PoolConnection;
use sqlx::{Error, Pool, SqlStr};
use tokio::runtime::Handle;
use tokio::sync::OwnedSemaphorePermit;

use super::driver::{Dialect, Record};
use super::table::{Literal, Statement, Value};

/// A pool's connection that is closed instead of handed back if an answer is still to come, or a transaction is open: after a
/// time-out, or when the caller went away. Else the next caller would wait for what this one gave up.
pub struct Lease<DB: Dialect> {
    /// Taken out only when this ends.
    connection: Option<PoolConnection<DB>>,
    /// Where one writes at a time. It is kept until the statement has ended, also one that nobody waits for any longer: else
    /// each of those that wait would in turn leave a connection behind that does, until the pool has no more for those that read.
    turn: Option<OwnedSemaphorePermit>,
    plain: Option<Literal>,
    waiting: bool,
    in_transaction: bool,
}

impl<DB: Dialect> Lease<DB> {
    pub(crate) async fn new(
        pool: &Pool<DB>,
        plain: Option<Literal>,
        turn: Option<OwnedSemaphorePermit>,
    ) -> Result<Self, Error> {
        Ok(Self { connection: Some(pool.acquire().await?), turn, plain, waiting: false, in_transaction: false })
    }

    /// Its connection, from which an answer is to come.
    fn ask(&mut self) -> &mut DB::Connection {
        self.waiting = true;
        self.connection.as_mut().expect("it is there until this ends")
    }

    /// Rows that a statement changed.
    pub(crate) async fn change(&mut self, statement: &Statement, values: &[Value<'_>]) -> Result<u64, Error> {
        let result = match self.plain {
            None => DB::change(self.ask(), statement.prepared(), values).await,
            Some(literal) => DB::plain_change(self.ask(), statement.with(values, literal)).await,
        };
        self.answered(result).map(|result| DB::changed(&result))
    }

    /// The record that a statement finds.
    pub(crate) async fn record(
        &mut self,
        statement: &Statement,
        values: &[Value<'_>],
    ) -> Result<Option<Record>, Error> {
        self.rows(statement, values).await?.first().map(DB::record).transpose()
    }

    /// All rows that a statement finds.
    pub(crate) async fn rows(&mut self, statement: &Statement, values: &[Value<'_>]) -> Result<Vec<DB::Row>, Error> {
        let rows = match self.plain {
            None => DB::rows(self.ask(), statement.prepared(), values).await,
            Some(literal) => DB::plain_rows(self.ask(), statement.with(values, literal)).await,
        };
        self.answered(rows)
    }

    /// Rows that a text without values changed.
    pub(crate) async fn plain(&mut self, sql: SqlStr) -> Result<u64, Error> {
        let result = DB::plain_change(self.ask(), sql).await;
        self.answered(result).map(|result| DB::changed(&result))
    }

    /// Between this and [`commit`](Self::commit) nobody else gets the connection, whatever goes wrong.
    #[cfg(feature = "mysql")]
    pub(crate) async fn begin(&mut self) -> Result<(), Error> {
        self.in_transaction = true;
        self.plain(SqlStr::from_static("BEGIN")).await.map(drop)
    }

    #[cfg(feature = "mysql")]
    pub(crate) async fn commit(&mut self) -> Result<(), Error> {
        self.plain(SqlStr::from_static("COMMIT")).await?;
        self.in_transaction = false;
        Ok(())
    }

    /// An error that the database reports is an answer as well.
    fn answered<T>(&mut self, result: Result<T, Error>) -> Result<T, Error> {
        self.waiting = matches!(result, Err(ref error) if error.as_database_error().is_none());
        result
    }
}

impl<DB: Dialect> Drop for Lease<DB> {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        if !self.waiting && !self.in_transaction {
            return;
        }
        match (self.turn.take(), Handle::try_current()) {
            (Some(turn), Ok(runtime)) => drop(runtime.spawn(async move {
                // That it failed is no news to anybody.
                let _ = connection.close().await;
                drop(turn);
            })),
            _ => connection.close_on_drop(),
        }
    }
}
