//! The stores on servers, on databases and on objects. Servers are started once in a test program.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use cloakroom::Clock;
use cloakroom::stores::{
    Encrypted, Layered, MySqlStore, ObjectStore, PostgresStore, RedisStore, SqlBuilder, SqliteStore,
};
use opendal::Operator;
use opendal::layers::CapabilityOverrideLayer;
use opendal::services::{Fs, Memory};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{MySql, Postgres};

use super::{encrypted, folder, layered};
use crate::faults::PATIENCE;
use crate::place::{ADDRESS, Address, Place};
use crate::servers::{self, PgBouncer, RedisCluster, RedisSentinel, RedisServer, S3Server};

/// Long enough to see that nobody listens on port 1.
const SHORT: Duration = Duration::from_millis(300);

/// A store on a SQL database, with its table. That the machine has much else to do is no fault. What a builder is generic over
/// has no name outside.
macro_rules! migrated {
    ($builder:expr) => {{
        let store = $builder.time_limit(PATIENCE).build().expect("the name is one");
        async move {
            store.migrate().await.expect("the table is made");
            store
        }
    }};
}

macro_rules! nobody {
    ($builder:expr) => {
        $builder.expect("an address").time_limit(SHORT).build().expect("the name is one")
    };
}

pub fn on_redis() -> Place<RedisStore> {
    redis("on_redis", redis_url)
}

pub fn on_redis_layered() -> Place<Layered<RedisStore>> {
    let nowhere: fn() -> Layered<RedisStore> = || Layered::new(no_redis());
    Place { nowhere: Some(nowhere), ..redis("on_redis_layered", redis_url).map(layered) }
}

pub fn on_redis_layered_encrypted() -> Place<Layered<Encrypted<RedisStore>>> {
    let nowhere: fn() -> Layered<Encrypted<RedisStore>> = || Layered::new(encrypted(no_redis()));
    let place = redis("on_redis_layered_encrypted", redis_url).map(|store, clock| layered(encrypted(store), clock));
    Place { nowhere: Some(nowhere), ..place }
}

fn redis_url() -> String {
    static SERVER: LazyLock<RedisServer> = LazyLock::new(RedisServer::start);
    SERVER.url()
}

fn no_redis() -> RedisStore {
    RedisStore::connect("redis://127.0.0.1:1").expect("an address")
}

pub fn on_redis_cluster() -> Place<RedisStore> {
    static CLUSTER: LazyLock<RedisCluster> = LazyLock::new(RedisCluster::start);
    redis("on_redis_cluster", || CLUSTER.url())
}

pub fn on_redis_sentinel() -> Place<RedisStore> {
    static SENTINEL: LazyLock<RedisSentinel> = LazyLock::new(RedisSentinel::start);
    redis("on_redis_sentinel", || SENTINEL.url())
}

/// Redis goes by its own clock, which is this machine's here.
fn redis(store: &'static str, url: impl FnOnce() -> String) -> Place<RedisStore> {
    let (address, url, prefix) = found_or_new(store, || (url(), new_name() + ":"));
    let open = move || {
        let builder = RedisStore::builder(&url).prefix(prefix.as_str());
        builder.connect_limit(PATIENCE).response_limit(PATIENCE).connect().expect("the URL is right")
    };
    Place {
        takes_a_clock: false,
        address: Some(address),
        nowhere: Some(no_redis),
        ..Place::new(move |_| std::future::ready(open()))
    }
}

pub fn on_postgres() -> Place<PostgresStore> {
    postgres("on_postgres", postgres_url, |table| table)
}

/// PgBouncer in transaction mode, with two connections for all.
pub fn on_postgres_behind_a_pooler() -> Place<PostgresStore> {
    static POOLER: LazyLock<PgBouncer> = LazyLock::new(PgBouncer::start);
    postgres("on_postgres_behind_a_pooler", || POOLER.url(), SqlBuilder::without_prepared_statements)
}

fn postgres(
    store: &'static str,
    url: impl FnOnce() -> String,
    set: fn(SqlBuilder<Postgres>) -> SqlBuilder<Postgres>,
) -> Place<PostgresStore> {
    let (address, url, table) = found_or_new(store, || (url(), new_name()));
    Place {
        address: Some(address),
        nowhere: Some(|| nobody!(PostgresStore::builder("postgres://shop@127.0.0.1:1/shop"))),
        ..Place::new(move |clock| {
            let builder = PostgresStore::builder(&url).expect("an address").table(table.as_str());
            migrated!(set(builder).clock(clock))
        })
    }
}

pub fn on_mysql() -> Place<MySqlStore> {
    let (address, url, table) = found_or_new("on_mysql", || (mysql_url(), new_name()));
    Place {
        address: Some(address),
        nowhere: Some(|| nobody!(MySqlStore::builder("mysql://shop@127.0.0.1:1/shop"))),
        ..Place::new(move |clock| {
            let builder = MySqlStore::builder(&url).expect("an address").table(table.as_str());
            migrated!(builder.clock(clock))
        })
    }
}

pub fn on_sqlite() -> Place<SqliteStore> {
    sqlite("on_sqlite")
}

pub fn on_sqlite_encrypted() -> Place<Encrypted<SqliteStore>> {
    let place = sqlite("on_sqlite_encrypted").map(|store, _| encrypted(store));
    Place { nowhere: Some(|| encrypted(no_sqlite())), ..place }
}

fn no_sqlite() -> SqliteStore {
    let nowhere = SqliteConnectOptions::new().filename("/nowhere/shop.sqlite");
    SqlBuilder::with(nowhere).build().expect("the name is one")
}

fn sqlite(store: &'static str) -> Place<SqliteStore> {
    let folder = folder();
    let new = || (folder.path().join("sessions.sqlite").display().to_string(), "sessions".into());
    let (address, path, table) = found_or_new(store, new);
    Place {
        address: Some(address),
        nowhere: Some(no_sqlite),
        ..Place::new(move |clock| {
            let _kept = &folder;
            let builder = SqliteStore::builder(PathBuf::from(&path)).expect("a path");
            migrated!(builder.table(table.as_str()).clock(clock))
        })
    }
}

/// Objects are replaced under a condition.
pub fn on_s3() -> Place<ObjectStore> {
    s3("on_s3", |operator| operator)
}

/// As on a service that can create objects under a condition, and do nothing else under one.
pub fn on_s3_by_new_objects() -> Place<ObjectStore> {
    s3("on_s3_by_new_objects", |operator| {
        operator.layer(CapabilityOverrideLayer::new(|mut can| {
            (can.write_with_if_match, can.delete_with_if_match) = (false, false);
            can
        }))
    })
}

fn s3(store: &'static str, set: fn(Operator) -> Operator) -> Place<ObjectStore> {
    static SERVER: LazyLock<S3Server> = LazyLock::new(S3Server::start);
    let (address, endpoint, prefix) = found_or_new(store, || (SERVER.url(), new_name()));
    Place {
        address: Some(address),
        nowhere: Some(|| {
            let nobody = ObjectStore::builder(S3Server::operator("http://127.0.0.1:1"));
            nobody.time_limit(SHORT).build().expect("S3 has conditions")
        }),
        ..Place::new(move |clock| std::future::ready(objects(set(S3Server::operator(&endpoint)), &prefix, clock)))
    }
}

pub fn on_objects_in_memory() -> Place<ObjectStore> {
    let operator = Operator::new(Memory::default()).expect("memory needs no settings");
    Place::new(move |clock| std::future::ready(objects(operator.clone(), "", clock)))
}

pub fn on_objects_in_a_folder() -> Place<ObjectStore> {
    let folder = folder();
    let (address, path, prefix) =
        found_or_new("on_objects_in_a_folder", || (folder.path().display().to_string(), "sessions".into()));
    Place {
        address: Some(address),
        ..Place::new(move |clock| {
            let _kept = &folder;
            let operator = Operator::new(Fs::default().root(&path)).expect("a path");
            std::future::ready(objects(operator, &prefix, clock))
        })
    }
}

fn objects(operator: Operator, prefix: &str, clock: Arc<dyn Clock>) -> ObjectStore {
    let builder = ObjectStore::builder(operator).prefix(prefix).time_limit(PATIENCE).clock(clock);
    builder.build().expect("the service has conditions")
}

/// A table that is not there yet, on the PostgreSQL server that this test program shares.
pub fn postgres_table() -> SqlBuilder<Postgres> {
    PostgresStore::builder(&postgres_url()).expect("an address").table(new_name()).time_limit(PATIENCE)
}

/// A table that is not there yet, on the MariaDB server that this test program shares.
pub fn mysql_table() -> SqlBuilder<MySql> {
    MySqlStore::builder(&mysql_url()).expect("an address").table(new_name()).time_limit(PATIENCE)
}

fn postgres_url() -> String {
    static SERVER: LazyLock<servers::Postgres> = LazyLock::new(servers::Postgres::start);
    SERVER.url()
}

fn mysql_url() -> String {
    static SERVER: LazyLock<servers::MariaDb> = LazyLock::new(servers::MariaDb::start);
    SERVER.url()
}

fn new_name() -> String {
    static TAKEN: AtomicUsize = AtomicUsize::new(0);
    format!("sessions_{}", TAKEN.fetch_add(1, Ordering::SeqCst))
}

/// The address that this process was given, or a new one: of a server, and of a part of it.
fn found_or_new(store: &'static str, new: impl FnOnce() -> (String, String)) -> (Address, String, String) {
    let given = std::env::var(ADDRESS).ok();
    let given = given.as_ref().map(|text| text.split_once('\n').expect("two lines"));
    let (server, part) = given.map(|(server, part)| (server.to_owned(), part.to_owned())).unwrap_or_else(new);
    (Address { store, text: format!("{server}\n{part}") }, server, part)
}
