//! The statements that PostgreSQL was sent, as it counts them.

use sqlx::PgConnection;

pub(super) struct Statements(PgConnection);

impl Statements {
    pub(super) async fn of(url: &str) -> Self {
        let mut connection = <PgConnection as sqlx::Connection>::connect(url).await.expect("PostgreSQL answers");
        let extension = "CREATE EXTENSION IF NOT EXISTS pg_stat_statements";
        sqlx::raw_sql(extension).execute(&mut connection).await.expect("it has the extension");
        Self(connection)
    }

    pub(super) async fn so_far(&mut self) -> u64 {
        let calls = "SELECT coalesce(sum(calls), 0)::bigint FROM pg_stat_statements WHERE query NOT ILIKE '%pg_stat_statements%'";
        let (calls,): (i64,) = sqlx::query_as(calls).fetch_one(&mut self.0).await.expect("it counts");
        calls.unsigned_abs()
    }
}
