//! The owner index on SQL databases, beyond the contract: one from before there was an index goes on as it was and is given one,
//! and what has ended is swept in batches. Its table has an index for either question.

use std::time::Duration;

use cloakroom::store::{Created, OwnerIndex as _, SessionStore};
use cloakroom::stores::{MySqlStore, PostgresStore, SqliteStore};
use cloakroom::{Clock as _, ManualClock, StoreError};
use sqlx::mysql::MySqlPool;
use sqlx::postgres::PgPool;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use sqlx::{AssertSqlSafe, Row as _};
use tests::entries::{entry, index_of, owner, use_index};
use tests::faults::PATIENCE;
use tests::servers::{MariaDb, Postgres};

const MINUTE: Duration = Duration::from_secs(60);

/// One of the databases, and a look into it.
trait Database: Sized {
    type Store: SessionStore + Clone;

    async fn start() -> Self;

    /// A store that follows this clock. Its table's name is as long as one may be.
    fn store(&self, clock: &ManualClock) -> Self::Store;

    async fn migrate(store: &Self::Store) -> Result<(), StoreError>;
    async fn sweep(store: &Self::Store) -> Result<u64, StoreError>;
    async fn run(&self, sql: &str);
    async fn count(&self, table: &str) -> i64;

    /// How the database would do it, in its words.
    async fn plan(&self, sql: &str) -> String;
}

fn table() -> String {
    "s".repeat(50)
}

fn owners() -> String {
    table() + "_owners"
}

macro_rules! database {
    ($name:ident, $kept:ty, $pool:ty, $store:ty, $start:expr, $builder:expr, $plan:expr) => {
        struct $name {
            kept: $kept,
            pool: $pool,
        }

        impl Database for $name {
            type Store = $store;

            async fn start() -> Self {
                let (kept, pool) = $start().await;
                Self { kept, pool }
            }

            fn store(&self, clock: &ManualClock) -> $store {
                let builder = $builder(&self.kept).table(table()).time_limit(PATIENCE).without_sweeping();
                builder.clock(clock.clone()).build().unwrap()
            }

            async fn migrate(store: &$store) -> Result<(), StoreError> {
                store.migrate().await
            }

            async fn sweep(store: &$store) -> Result<u64, StoreError> {
                store.sweep().await
            }

            async fn run(&self, sql: &str) {
                sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&self.pool).await.unwrap();
            }

            async fn count(&self, table: &str) -> i64 {
                let sql = AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
                sqlx::query(sql).fetch_one(&self.pool).await.unwrap().get(0)
            }

            async fn plan(&self, sql: &str) -> String {
                let (explain, column): (&str, usize) = $plan;
                let sql = AssertSqlSafe(format!("{explain} {sql}"));
                let rows = sqlx::raw_sql(sql).fetch_all(&self.pool).await.unwrap();
                rows.iter().map(|row| row.get::<String, _>(column) + "\n").collect()
            }
        }
    };
}

database!(
    OnPostgres,
    Postgres,
    PgPool,
    PostgresStore,
    async || {
        let server = Postgres::start();
        let pool = PgPool::connect(&server.url()).await.unwrap();
        (server, pool)
    },
    |server: &Postgres| PostgresStore::builder(&server.url()).unwrap(),
    ("SET enable_seqscan = off; SET enable_sort = off; EXPLAIN", 0)
);

database!(
    OnMySql,
    MariaDb,
    MySqlPool,
    MySqlStore,
    async || {
        let server = MariaDb::start();
        let pool = MySqlPool::connect(&server.url()).await.unwrap();
        (server, pool)
    },
    |server: &MariaDb| MySqlStore::builder(&server.url()).unwrap(),
    ("EXPLAIN FORMAT=JSON", 0)
);

database!(
    OnSqlite,
    tempfile::TempDir,
    SqlitePool,
    SqliteStore,
    async || {
        let folder = tempfile::tempdir().unwrap();
        let options = SqliteConnectOptions::new().filename(folder.path().join("shop.sqlite")).create_if_missing(true);
        (folder, SqlitePool::connect_with(options).await.unwrap())
    },
    |folder: &tempfile::TempDir| SqliteStore::builder(folder.path().join("shop.sqlite")).unwrap(),
    ("EXPLAIN QUERY PLAN", 3)
);

/// What a version without an index left behind, or a hand that made the other table alone.
async fn a_table_from_before_is_given_an_index<D: Database>() {
    let (database, clock) = (D::start().await, ManualClock::default());
    let store = database.store(&clock);
    D::migrate(&store).await.unwrap();
    database.run(&format!("DROP TABLE {}", owners())).await;

    let (kept, ending) = (entry(1, clock.now() + 2 * MINUTE), entry(2, clock.now() + MINUTE));
    for entry in [&kept, &ending] {
        let created = store.create(&entry.key, "data".into(), entry.ends_at).await.unwrap();
        assert!(matches!(created, Created::New(_)));
    }
    clock.advance(MINUTE);
    assert_eq!(D::sweep(&store).await.unwrap(), 1, "records are swept all the same");
    let error = index_of(&store).enter(&owner(1), &kept).await.unwrap_err().to_string();
    assert!(error.ends_with(": call `migrate` once at the start"), "{error}");

    for _ in 0..2 {
        D::migrate(&store).await.unwrap();
    }
    use_index(&store, &owner(1), kept.ends_at).await;
    assert_eq!(store.load(&kept.key).await.unwrap().unwrap().bytes, "data");
    index_of(&store).enter(&owner(1), &kept).await.unwrap();
    clock.advance(MINUTE);
    assert_eq!(D::sweep(&store).await.unwrap(), 1);
    assert_eq!(database.count(&owners()).await, 0, "what was passed over while it was missing is swept from now on");
}

/// 2,090 entries end and 10 stay: swept in batches. None of them is a session.
async fn what_has_ended_is_swept_in_batches<D: Database>() {
    let (database, clock) = (D::start().await, ManualClock::default());
    let store = database.store(&clock);
    D::migrate(&store).await.unwrap();
    for number in 0..2_100 {
        let time = if number % 210 == 0 { 2 * MINUTE } else { MINUTE };
        let entry = entry(number, clock.now() + time);
        index_of(&store).enter(&owner((number % 30) as u8), &entry).await.unwrap();
    }
    clock.advance(MINUTE - Duration::from_millis(1));
    assert_eq!(D::sweep(&store).await.unwrap(), 0);
    assert_eq!(database.count(&owners()).await, 2_100);
    clock.advance(Duration::from_millis(1));
    assert_eq!(D::sweep(&store).await.unwrap(), 0);
    assert_eq!(database.count(&owners()).await, 10);
    let left = index_of(&store).entries(&owner(0)).await.unwrap();
    assert_eq!(left.len(), 10, "210 is seven times 30");
}

/// The table has an index for what is asked by owner, and one for what is asked by time: these are not the store's own statements.
async fn the_table_has_indexes_by_owner_and_by_end<D: Database>(plan_says: [&str; 2]) {
    let (database, clock) = (D::start().await, ManualClock::default());
    let store = database.store(&clock);
    D::migrate(&store).await.unwrap();
    for number in 0..500 {
        index_of(&store).enter(&owner(number as u8), &entry(number, clock.now() + MINUTE)).await.unwrap();
    }
    let owners = owners();
    let statements = [
        format!("SELECT storage_key FROM {owners} WHERE owner_key = 'x' AND ends_ms > 1"),
        format!("SELECT owner_key, storage_key FROM {owners} WHERE ends_ms <= 1 ORDER BY ends_ms LIMIT 1000"),
    ];
    for (sql, says) in statements.iter().zip(plan_says) {
        let plan = database.plan(sql).await;
        assert!(plan.contains(says), "{plan}");
    }
}

/// A module for each database, with a test of each name.
macro_rules! on {
    ($($database:ident in $module:ident, $list:literal, $sweep:literal;)*) => {
        $(mod $module {
            use super::$database;

            #[tokio::test]
            async fn a_table_from_before_is_given_an_index() {
                super::a_table_from_before_is_given_an_index::<$database>().await;
            }

            #[tokio::test]
            async fn what_has_ended_is_swept_in_batches() {
                super::what_has_ended_is_swept_in_batches::<$database>().await;
            }

            #[tokio::test]
            async fn the_table_has_indexes_by_owner_and_by_end() {
                super::the_table_has_indexes_by_owner_and_by_end::<$database>([$list, $sweep]).await;
            }
        })*
    };
}

on! {
    OnPostgres in postgres, "_owners_pkey", "_owners_ends";
    OnMySql in mysql, r#""key": "PRIMARY""#, r#""key": "ends""#;
    OnSqlite in sqlite, "USING PRIMARY KEY", "_owners_ends";
}
