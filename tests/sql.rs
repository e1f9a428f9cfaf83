//! What the stores on SQL databases promise beyond the contract: many nodes may make the table at once, any name will do, large
//! records fit, each call is one statement, and sweeping never ends for good.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use cloakroom::store::{Created, Replaced, SessionStore, Touched, Version};
use cloakroom::stores::{MySqlStore, PostgresStore, SqlBuilder, SqliteStore};
use cloakroom::{ManualClock, StoreKey};
use sqlx::mysql::MySqlPool;
use sqlx::postgres::PgPool;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use sqlx::{AssertSqlSafe, Row};
use tests::entries::{owner, use_index};
use tests::faults::PATIENCE;
use tests::places::{mysql_table, on_mysql, postgres_table};
use tests::servers::{MariaDb, Postgres};

const NODES: usize = 16;

fn key(n: u32) -> StoreKey {
    let mut bytes = [0; 32];
    bytes[..4].copy_from_slice(&n.to_be_bytes());
    StoreKey::from_bytes(bytes)
}

fn in_an_hour() -> SystemTime {
    SystemTime::now() + Duration::from_secs(3600)
}

async fn create(store: &impl SessionStore, n: u32, at: SystemTime) -> Version {
    match store.create(&key(n), "data".into(), at).await.unwrap() {
        Created::New(version) => version,
        Created::Taken => panic!("session {n} was there"),
    }
}

/// Several nodes start at the same moment: each makes the table, and uses it.
async fn start_at_once<S: SessionStore>(nodes: impl Iterator<Item = impl Future<Output = S> + Send + 'static>) {
    let nodes = nodes.enumerate().map(|(n, node)| tokio::spawn(async move { work(&node.await, n as u32).await }));
    for node in nodes.collect::<Vec<_>>() {
        node.await.unwrap();
    }
}

/// Every way in which a store is called, without a rival.
async fn work(store: &impl SessionStore, first: u32) {
    let version = create(store, first, in_an_hour()).await;
    assert!(store.load(&key(first)).await.unwrap().is_some());
    let Replaced::Done(version) = store.replace(&key(first), &version, "more".into(), in_an_hour()).await.unwrap()
    else {
        panic!("nobody else writes");
    };
    assert_eq!(store.touch(&key(first), &version, in_an_hour()).await.unwrap(), Touched::Done);
    assert!(store.delete(&key(first)).await.unwrap().is_some());
    use_index(store, &owner(first as u8), in_an_hour()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_nodes_make_the_table_at_once_on_postgres() {
    let server = Postgres::start();
    // `CREATE … IF NOT EXISTS` alone fails here in most rounds.
    for round in 0..5 {
        let node = || {
            let builder = PostgresStore::builder(&server.url()).unwrap();
            let store = builder.schema(format!("round {round}")).connections(1).time_limit(PATIENCE).build().unwrap();
            async move { store.migrate().await.map(|()| store).unwrap() }
        };
        start_at_once((0..NODES).map(|_| node())).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_nodes_make_the_table_at_once_on_mysql() {
    let server = MariaDb::start();
    for round in 0..5 {
        let node = || {
            let builder = MySqlStore::builder(&server.url()).unwrap();
            let store = builder.table(format!("round {round}")).connections(1).time_limit(PATIENCE).build().unwrap();
            async move { store.migrate().await.map(|()| store).unwrap() }
        };
        start_at_once((0..NODES).map(|_| node())).await;
    }
}

/// Each also makes the file, and turns its write-ahead log on.
#[tokio::test(flavor = "multi_thread")]
async fn many_nodes_make_the_table_at_once_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    for round in 0..5 {
        let path = folder.path().join(format!("{round}.sqlite"));
        start_at_once((0..NODES).map(|_| {
            let path = path.clone();
            async move {
                let store = SqliteStore::builder(path).unwrap().time_limit(PATIENCE).build().unwrap();
                store.migrate().await.map(|()| store).unwrap()
            }
        }))
        .await;
    }
}

/// Names with everything that has a meaning somewhere in SQL.
const NAMES: [&str; 6] = ["Order", "select", "two words", "a\"b`c'd", "50% ? $1 {table}", "żółć"];

#[tokio::test]
async fn any_name_will_do_on_postgres() {
    let server = Postgres::start();
    for (table, schema) in NAMES.iter().zip(NAMES.iter().rev()) {
        for text_only in [false, true] {
            let builder = PostgresStore::builder(&server.url()).unwrap().table(*table).schema(*schema);
            let builder = if text_only { builder.without_prepared_statements() } else { builder };
            let store = builder.build().unwrap();
            store.migrate().await.unwrap();
            work(&store, 1).await;
            assert_eq!(store.sweep().await.unwrap(), 0);
        }
        let pool = PgPool::connect(&server.url()).await.unwrap();
        let there = sqlx::query("SELECT 1 FROM pg_tables WHERE schemaname = $1 AND tablename = $2");
        assert!(there.bind(schema).bind(table).fetch_optional(&pool).await.unwrap().is_some(), "{schema}.{table}");
    }
}

#[tokio::test]
async fn any_name_will_do_on_mysql() {
    let server = MariaDb::start();
    for table in NAMES {
        let store = MySqlStore::builder(&server.url()).unwrap().table(table).schema("shop").build().unwrap();
        store.migrate().await.unwrap();
        work(&store, 1).await;
        assert_eq!(store.sweep().await.unwrap(), 0);
    }
}

#[tokio::test]
async fn any_name_will_do_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    for table in NAMES {
        let builder = SqliteStore::builder(folder.path().join("shop.sqlite")).unwrap();
        let store = builder.table(table).build().unwrap();
        store.migrate().await.unwrap();
        work(&store, 1).await;
        assert_eq!(store.sweep().await.unwrap(), 0);
    }
}

#[tokio::test]
async fn a_name_that_is_a_mistake_is_refused() {
    let refusal = |table: &str| {
        let builder = PostgresStore::builder("postgres://nowhere").unwrap().table(table);
        builder.build().unwrap_err().to_string()
    };
    let long = "x".repeat(51);
    for (table, why) in [
        ("", "the table name `` is empty: give it a name".to_owned()),
        (
            "app.sessions",
            "the table name `app.sessions` has a dot in it: name the schema with `schema`, apart from the table".into(),
        ),
        (&long, format!("the table name `{long}` is longer than 50 bytes: give it a shorter name")),
        ("a\0b", "the table name `a\\0b` has characters that no name should have: use letters, digits and `_`".into()),
    ] {
        assert_eq!(refusal(table), format!("the session store failed: {why}"));
    }
    let schema = PostgresStore::builder("postgres://nowhere").unwrap().schema("").build().unwrap_err();
    assert!(schema.to_string().contains("the schema name `` is empty"));
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_without_its_password() {
    for url in ["postgres://user:hunter2@host:port/db", "hunter2"] {
        let error = PostgresStore::builder(url).map(drop).unwrap_err().to_string();
        assert!(error.contains("this is no address for PostgreSQL"), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
}

#[tokio::test]
async fn a_missing_table_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = SqliteStore::builder(folder.path().join("shop.sqlite")).unwrap().build().unwrap();
    let errors = [
        postgres_table().build().unwrap().load(&key(1)).await.unwrap_err(),
        mysql_table().build().unwrap().load(&key(1)).await.unwrap_err(),
        sqlite.load(&key(1)).await.unwrap_err(),
    ];
    for error in errors {
        assert!(error.to_string().ends_with(": call `migrate` once at the start"), "{error}");
    }
}

/// Defect 20 of other libraries: MySQL's `BLOB` cuts a record at 64 KiB.
#[tokio::test]
async fn records_above_64_kib_fit_into_mysql() {
    let store = on_mysql().store().await;
    for (n, size) in [70 << 10, 1 << 20, 8 << 20].into_iter().enumerate() {
        let bytes: bytes::Bytes = (0..size).map(|n| (n % 251) as u8).collect();
        store.create(&key(n as u32), bytes.clone(), in_an_hour()).await.unwrap();
        assert!(store.load(&key(n as u32)).await.unwrap().unwrap().bytes == bytes, "{size} bytes");
    }
}

/// And what does not fit is an error, never a part of it.
#[tokio::test]
async fn a_record_that_does_not_fit_is_refused() {
    let store = on_mysql().store().await;
    let bytes = bytes::Bytes::from(vec![1; 20 << 20]);
    store.create(&key(1), bytes, in_an_hour()).await.unwrap_err();
    assert!(store.load(&key(1)).await.unwrap().is_none());
}

/// MySQL has no `DELETE … RETURNING`: what `delete` hands back is still what it removes, also if a write was under way.
#[tokio::test(flavor = "multi_thread")]
async fn delete_hands_back_the_last_write_on_mysql() {
    let server = MariaDb::start();
    let store = MySqlStore::connect(&server.url()).await.unwrap();
    create(&store, 1, in_an_hour()).await;
    let pool = MySqlPool::connect(&server.url()).await.unwrap();
    let mut writer = pool.begin().await.unwrap();
    sqlx::raw_sql("UPDATE sessions SET data = 'newer'").execute(&mut *writer).await.unwrap();
    let delete = tokio::spawn(async move { store.delete(&key(1)).await.unwrap() });
    let waiting = "SELECT 1 FROM information_schema.processlist \
        WHERE info LIKE '%WHERE storage_key%' AND id <> connection_id()";
    while sqlx::raw_sql(waiting).fetch_all(&pool).await.unwrap().is_empty() {}
    writer.commit().await.unwrap();
    assert_eq!(delete.await.unwrap().unwrap().bytes, "newer");
}

/// Statements that the server ran, by their first word, since the last time.
async fn ran_on_postgres(pool: &PgPool) -> BTreeMap<String, i64> {
    let rows = sqlx::query(
        "SELECT split_part(query, ' ', 1), sum(calls)::bigint FROM pg_stat_statements \
         WHERE query LIKE '%sessions%' AND query NOT LIKE '%pg_stat%' GROUP BY 1",
    );
    let counts = rows.fetch_all(pool).await.unwrap().iter().map(|row| (row.get(0), row.get(1))).collect();
    sqlx::query("SELECT pg_stat_statements_reset()").execute(pool).await.unwrap();
    counts
}

fn counts(pairs: &[(&str, i64)]) -> BTreeMap<String, i64> {
    pairs.iter().map(|(word, count)| ((*word).to_owned(), *count)).collect()
}

#[tokio::test]
async fn each_call_is_one_statement_on_postgres() {
    let server = Postgres::start();
    let pool = PgPool::connect(&server.url()).await.unwrap();
    sqlx::query("CREATE EXTENSION pg_stat_statements").execute(&pool).await.unwrap();
    let builders = [
        PostgresStore::builder(&server.url()).unwrap(),
        PostgresStore::builder(&server.url()).unwrap().without_prepared_statements(),
    ];
    for builder in builders {
        let store = builder.build().unwrap();
        store.migrate().await.unwrap();
        ran_on_postgres(&pool).await;
        work(&store, 1).await;
        let once = [("DELETE", 1 + 2), ("INSERT", 1 + 2), ("SELECT", 1 + 3), ("UPDATE", 2)];
        assert_eq!(ran_on_postgres(&pool).await, counts(&once));

        let old = create(&store, 2, in_an_hour()).await;
        store.replace(&key(2), &old, "newer".into(), in_an_hour()).await.unwrap();
        ran_on_postgres(&pool).await;
        let stale = store.replace(&key(2), &old, "late".into(), in_an_hour()).await.unwrap();
        assert!(matches!(stale, Replaced::Stale(current) if current.bytes == "newer"));
        assert_eq!(ran_on_postgres(&pool).await, counts(&[("SELECT", 1), ("UPDATE", 1)]));
        store.delete(&key(2)).await.unwrap();
    }
}

/// Statements of each kind that the server ran so far.
async fn ran_on_mysql(pool: &MySqlPool) -> BTreeMap<String, i64> {
    let words = "'Com_begin', 'Com_commit', 'Com_delete', 'Com_insert', 'Com_select', 'Com_update'";
    let sql = format!("SHOW GLOBAL STATUS WHERE Variable_name IN ({words})");
    let rows = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(pool).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get::<String, _>(1).parse().unwrap())).collect()
}

#[tokio::test]
async fn each_call_is_one_statement_on_mysql_but_for_delete() {
    let server = MariaDb::start();
    let pool = MySqlPool::connect(&server.url()).await.unwrap();
    let store = MySqlStore::connect(&server.url()).await.unwrap();
    let before = ran_on_mysql(&pool).await;
    work(&store, 1).await;
    let ran: BTreeMap<_, _> =
        ran_on_mysql(&pool).await.into_iter().map(|(word, count)| (word.clone(), count - before[&word])).collect();
    let expected = [
        ("Com_begin", 1),
        ("Com_commit", 1),
        ("Com_delete", 1 + 2),
        ("Com_insert", 1 + 2),
        ("Com_select", 2 + 3),
        ("Com_update", 2),
    ];
    assert_eq!(ran, counts(&expected));
}

/// 3,500 records end and 10 stay: swept in batches, by the index.
async fn sweeps_in_batches<S: SessionStore>(store: &S, clock: &ManualClock, sweep: impl AsyncFn(&S) -> u64) {
    let now = cloakroom::Clock::now(clock);
    for n in 0..2_100 {
        let seconds = if n < 10 { 120 } else { 60 };
        create(store, n, now + Duration::from_secs(seconds)).await;
    }
    assert_eq!(sweep(store).await, 0);
    clock.advance(Duration::from_secs(60));
    assert_eq!(sweep(store).await, 2_090);
    assert_eq!(sweep(store).await, 0);
    assert!(store.load(&key(9)).await.unwrap().is_some());
}

#[tokio::test]
async fn postgres_sweeps_by_the_index() {
    let (server, clock) = (Postgres::start(), ManualClock::default());
    let store = PostgresStore::builder(&server.url()).unwrap().clock(clock.clone()).build().unwrap();
    store.migrate().await.unwrap();
    sweeps_in_batches(&store, &clock, async |store| store.sweep().await.unwrap()).await;
    let pool = PgPool::connect(&server.url()).await.unwrap();
    sqlx::raw_sql("SET enable_seqscan = off").execute(&pool).await.unwrap();
    let plan =
        sqlx::raw_sql("EXPLAIN SELECT storage_key FROM sessions WHERE expires_ms <= 1 ORDER BY expires_ms LIMIT 9");
    let plan: Vec<String> = plan.fetch_all(&pool).await.unwrap().iter().map(|row| row.get(0)).collect();
    assert!(plan.iter().any(|line| line.contains("sessions_expires")), "{plan:?}");
}

#[tokio::test]
async fn mysql_sweeps_by_the_index() {
    let (server, clock) = (MariaDb::start(), ManualClock::default());
    let store = MySqlStore::builder(&server.url()).unwrap().clock(clock.clone()).build().unwrap();
    store.migrate().await.unwrap();
    sweeps_in_batches(&store, &clock, async |store| store.sweep().await.unwrap()).await;
    let pool = MySqlPool::connect(&server.url()).await.unwrap();
    let plan =
        sqlx::raw_sql("EXPLAIN SELECT storage_key FROM sessions WHERE expires_ms <= 1 ORDER BY expires_ms LIMIT 9");
    let plan = plan.fetch_one(&pool).await.unwrap();
    assert_eq!(plan.get::<Option<String>, _>("key").as_deref(), Some("expires"));
}

#[tokio::test]
async fn sqlite_sweeps_by_the_index() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), ManualClock::default());
    let path = folder.path().join("shop.sqlite");
    let store = SqliteStore::builder(&path).unwrap().clock(clock.clone()).build().unwrap();
    store.migrate().await.unwrap();
    sweeps_in_batches(&store, &clock, async |store| store.sweep().await.unwrap()).await;
    let pool = SqlitePool::connect_with(SqliteConnectOptions::new().filename(&path)).await.unwrap();
    let plan =
        sqlx::raw_sql("EXPLAIN QUERY PLAN SELECT storage_key FROM sessions WHERE expires_ms <= 1 ORDER BY expires_ms");
    let plan: String = plan.fetch_one(&pool).await.unwrap().get("detail");
    assert!(plan.contains("USING INDEX sessions_expires"), "{plan}");
}

/// Defect 14 of other libraries: the clean-up ends for good at its first error.
#[tokio::test]
async fn sweeping_goes_on_after_the_database_was_down() {
    let (mut server, clock) = (Postgres::durable(), ManualClock::default());
    let log = tests::Log::start();
    let builder = PostgresStore::builder(&server.url()).unwrap().clock(clock.clone());
    let store = builder.sweep_every(Duration::from_millis(20)).time_limit(Duration::from_secs(3)).build().unwrap();
    store.migrate().await.unwrap();
    create(&store, 1, cloakroom::Clock::now(&clock) + Duration::from_secs(60)).await;
    server.kill();
    while !log.text().contains("could not be swept") {
        tokio::task::yield_now().await;
    }
    clock.advance(Duration::from_secs(60));
    server.restart();
    let pool = PgPool::connect(&server.url()).await.unwrap();
    let left = async || sqlx::query("SELECT 1 FROM sessions").fetch_all(&pool).await.unwrap().len();
    while left().await > 0 {}
}

#[tokio::test]
async fn sweeping_ends_when_asked_and_with_the_store() {
    let tasks = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    let settle = async |wanted: usize| {
        let settled = async {
            while tasks() != wanted {
                tokio::task::yield_now().await
            }
        };
        tokio::time::timeout(Duration::from_secs(10), settled).await.expect("the task ends");
    };
    let folder = tempfile::tempdir().unwrap();
    let options = SqliteConnectOptions::new().filename(folder.path().join("app.sqlite")).create_if_missing(true);
    let pool = SqlitePool::connect_with(options).await.unwrap();
    let new = async || {
        let store = SqliteStore::new(pool.clone());
        store.migrate().await.unwrap();
        store
    };
    let without = tasks();

    let store = new().await;
    settle(without).await;
    create(&store, 1, in_an_hour()).await;
    settle(without + 1).await;
    store.stop_sweeping();
    settle(without).await;
    create(&store, 2, in_an_hour()).await;
    settle(without).await;

    let store = new().await;
    create(&store, 3, in_an_hour()).await;
    settle(without + 1).await;
    drop(store);
    settle(without).await;
}

/// A user's own pool, settings and all.
#[tokio::test]
async fn a_pool_of_ones_own_is_used() {
    let folder = tempfile::tempdir().unwrap();
    let options = SqliteConnectOptions::new().filename(folder.path().join("app.sqlite")).create_if_missing(true);
    let pool = SqlitePool::connect_with(options).await.unwrap();
    let store = SqliteStore::new(pool.clone());
    store.migrate().await.unwrap();
    create(&store, 1, in_an_hour()).await;
    let named = SqlBuilder::new(pool.clone()).table("others").build().unwrap();
    sqlx::raw_sql(AssertSqlSafe(named.migration().to_owned())).execute(&pool).await.unwrap();
    create(&named, 1, in_an_hour()).await;
    for table in ["sessions", "others"] {
        let rows = sqlx::query(AssertSqlSafe(format!("SELECT 1 FROM {table}"))).fetch_all(&pool).await.unwrap();
        assert_eq!(rows.len(), 1);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_new_sqlite_file_is_readable_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("sessions.sqlite")).await.unwrap();
    create(&store, 1, in_an_hour()).await;
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.path());
    }
}
