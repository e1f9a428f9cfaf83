//! What a session weighs on each store: as many as told, each with the shop's record (`benches::filled`), under random keys.
//! It starts the servers itself.
//!
//! `cargo run -p benches --features lab --bin bytes_per_session -- 100000`

#[path = "filler.rs"]
mod filler;

use std::error::Error;
use std::path::Path;
use std::time::Duration;

use benches::{filled, prepare};
use bytes::Bytes;
use cloakroom::store::SessionStore as _;
use cloakroom::stores::{MySqlStore, PostgresStore, RedbStore, RedisStore, SqliteStore};
use cloakroom::{MemoryStore, Sessions};
use filler::{fill, later};
use peak_alloc::PeakAlloc;
use sqlx::mysql::MySqlPool;
use sqlx::postgres::PgPool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use tests::servers::{MariaDb, Postgres, RedisServer};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const PATIENCE: Duration = Duration::from_secs(600);

/// What is counted of a store: its name, what was counted, and how many bytes.
struct Weight(&'static str, &'static str, u64);

#[tokio::main]
async fn main() -> Outcome<()> {
    let sessions = std::env::args().nth(1).map_or(Ok(100_000), |number| number.parse())?;
    let record = record().await?;
    println!("{sessions} sessions, a record of {} bytes\n", record.len());
    println!("| store | counted | bytes per session | above the record |\n|---|---|---|---|");
    let folder = tempfile::tempdir()?;
    let weights = [
        memory(sessions, &record).await?,
        redis(sessions, &record).await?,
        redb(sessions, &record, folder.path()).await?,
        sqlite(sessions, &record, folder.path()).await?,
    ];
    for Weight(store, counted, bytes) in
        weights.into_iter().chain(postgres(sessions, &record).await?).chain(mysql(sessions, &record).await?)
    {
        let each = bytes as f64 / sessions as f64;
        println!("| {store} | {counted} | {each:.0} | {:.0} |", each - record.len() as f64);
    }
    Ok(())
}

/// What is stored of the shop's session.
async fn record() -> Outcome<Bytes> {
    let store = MemoryStore::new();
    let cookies = prepare(&Sessions::new(store.clone()), 1).await;
    let (_, token) = cookies[0].split_once('=').ok_or("a cookie is a pair")?;
    let stored = store.load(&tests::secret::key("shop", token)).await?.ok_or("it was stored")?;
    std::hint::black_box(filled());
    Ok(stored.bytes)
}

async fn memory(sessions: usize, record: &Bytes) -> Outcome<Weight> {
    let store = MemoryStore::new().with_max_sessions(2 * sessions).with_max_bytes(usize::MAX);
    let before = MEMORY.current_usage();
    fill(store.clone(), 0..sessions, record, later()).await?;
    Ok(Weight("memory", "heap", (MEMORY.current_usage() - before) as u64))
}

async fn redis(sessions: usize, record: &Bytes) -> Outcome<Weight> {
    let server = RedisServer::start();
    let before = server.info("used_memory");
    let store = RedisStore::builder(&server.url()).connect_limit(PATIENCE).response_limit(PATIENCE).connect()?;
    fill(store, 0..sessions, record, later()).await?;
    Ok(Weight("Redis", "`used_memory`", server.info("used_memory") - before))
}

async fn redb(sessions: usize, record: &Bytes, folder: &Path) -> Outcome<Weight> {
    let path = folder.join("shop.redb");
    fill(RedbStore::open(&path)?, 0..sessions, record, later()).await?;
    Ok(Weight("redb", "file", std::fs::metadata(path)?.len()))
}

/// Without waiting for the disk, which changes nothing in the file.
async fn sqlite(sessions: usize, record: &Bytes, folder: &Path) -> Outcome<Weight> {
    let path = folder.join("shop.sqlite");
    let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    let options = options.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Off);
    let pool = SqlitePoolOptions::new().max_connections(1).acquire_timeout(PATIENCE).connect_with(options).await?;
    let store = SqliteStore::on_pool(pool.clone()).time_limit(PATIENCE).build()?;
    store.migrate().await?;
    fill(store, 0..sessions, record, later()).await?;
    sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)").execute(&pool).await?;
    Ok(Weight("SQLite", "file", std::fs::metadata(path)?.len()))
}

async fn postgres(sessions: usize, record: &Bytes) -> Outcome<Vec<Weight>> {
    let server = Postgres::start();
    let store = PostgresStore::builder(&server.url())?.time_limit(PATIENCE).build()?;
    store.migrate().await?;
    fill(store, 0..sessions, record, later()).await?;
    let pool = PgPool::connect(&server.url()).await?;
    sqlx::raw_sql("VACUUM sessions").execute(&pool).await?;
    let (table, indexes): (i64, i64) =
        sqlx::query_as("SELECT pg_table_size('sessions'), pg_indexes_size('sessions')").fetch_one(&pool).await?;
    Ok(vec![
        Weight("PostgreSQL", "table and indexes", (table + indexes).unsigned_abs()),
        Weight("", "of which indexes", indexes.unsigned_abs()),
    ])
}

async fn mysql(sessions: usize, record: &Bytes) -> Outcome<Vec<Weight>> {
    let server = MariaDb::start();
    let store = MySqlStore::builder(&server.url())?.time_limit(PATIENCE).build()?;
    store.migrate().await?;
    fill(store, 0..sessions, record, later()).await?;
    let pool = MySqlPool::connect(&server.url()).await?;
    sqlx::raw_sql("ANALYZE TABLE sessions").execute(&pool).await?;
    let length = "SELECT data_length + index_length FROM information_schema.tables WHERE table_name = 'sessions'";
    let file = "SELECT file_size FROM information_schema.innodb_sys_tablespaces WHERE name = 'shop/sessions'";
    let (length,): (u64,) = sqlx::query_as(length).fetch_one(&pool).await?;
    let (file,): (u64,) = sqlx::query_as(file).fetch_one(&pool).await?;
    Ok(vec![Weight("MariaDB", "data and index length", length), Weight("", "file", file)])
}
