//! What the stores on SQL databases share: one statement per call, a time limit on each.

pub(super) mod builder;
pub(super) mod driver;
mod failure;
pub(super) mod lease;
pub(super) mod owners;
pub(super) mod sweep;
pub(super) mod table;

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use session_runtime::Clock;
use session_runtime::store::{
    Created, OwnerIndex, Refreshed, Replaced, SessionStore, StoreError, StoreKey, Stored, Swept, Touched, Version,
    from_millis, millis,
};
use sqlx::{AssertSqlSafe, Error, Pool, SqlSafeStr, SqlStr};
use tokio::sync::Semaphore;

use self::builder::Settings;
pub use self::builder::SqlBuilder;
use self::driver::{Dialect, NewRecord, Record, Statements};
use self::failure::Failure;
use self::lease::Lease;
use self::sweep::Sweeping;
use self::table::{Literal, Value};

/// `INSERT` where there is `ON CONFLICT`: an expired record makes room.
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub(super) const UPSERT: &str = "INSERT INTO {table} AS kept (storage_key, version, expires_ms, data) VALUES (?, ?, ?, ?) \
    ON CONFLICT (storage_key) DO UPDATE \
    SET version = excluded.version, expires_ms = excluded.expires_ms, data = excluded.data WHERE kept.expires_ms <= ?";
/// Removes a record where there is `RETURNING`.
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub(super) const DELETE: &str = "DELETE FROM {table} WHERE storage_key = ? RETURNING version, expires_ms, data";
/// How often a statement is sent again that gave way to another, as one of two that lock each other out must.
const MOST_ATTEMPTS: usize = 10;

/// Keeps sessions in a table of a SQL database: the type behind [`PostgresStore`](super::PostgresStore),
/// [`MySqlStore`](super::MySqlStore) and [`SqliteStore`](super::SqliteStore), as far as their features are on. Clones share it.
///
/// **One statement for each call**, in a transaction of its own; two where another request was first, so that its record can
/// be handed out. Versions are 16 random bytes, made here. What is answered is committed.
///
/// **A call that takes longer than its limit** (5 seconds, waiting for a connection included) fails, and its connection is
/// closed, since its answer may still come. A database that is down fails each call; once it is back, so is the store.
///
/// **Times** are compared with this node's clock, not with the database's.
///
/// **Expired records** count as absent at once, and are removed in the background about once a minute, from the first `create`
/// on: in batches, again and again after an error, by any number of nodes at once.
///
/// **Which sessions an owner has** stands in a table beside the other, with `_owners` behind its name: a row for each session, until
/// its absolute end or until it is signed out. Each call of that index is one statement as well. A database from before there was
/// one is given it by [`migrate`](Self::migrate), or by running [`migration`](Self::migration) again; sessions that are not listed by
/// owner do without.
pub struct SqlStore<DB: Dialect> {
    inner: Arc<Inner<DB>>,
    /// Ends with the last clone.
    sweeping: Arc<Sweeping>,
}

struct Inner<DB: Dialect> {
    pool: Pool<DB>,
    statements: Statements,
    migration: SqlStr,
    clock: Arc<dyn Clock>,
    limit: Duration,
    plain: Option<Literal>,
    writer: Arc<Semaphore>,
    lacks_owners: AtomicBool,
}

impl<DB: Dialect> SqlStore<DB> {
    /// On a pool of your own, with the default settings. The table must be there, or be made with [`migrate`](Self::migrate).
    pub fn new(pool: Pool<DB>) -> Self {
        Self::on(pool, Settings::default())
    }

    /// On a pool of your own, with settings.
    pub fn on_pool(pool: Pool<DB>) -> SqlBuilder<DB> {
        SqlBuilder::new(pool)
    }

    /// Makes the tables and their indexes, unless they are there. Any number of nodes may do this at once.
    ///
    /// # Errors
    /// The database cannot be reached, or this user may not make tables: have [`migration`](Self::migration) run by one who may.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        self.inner
            .run(move || async move { DB::migrate(&mut self.inner.to_write().await?, self.inner.migration.clone()).await })
            .await
    }

    /// The SQL that [`migrate`](Self::migrate) runs, for those who migrate by hand.
    pub fn migration(&self) -> &str {
        self.inner.migration.as_str()
    }

    /// Removes every expired record now, and says how many; and what the index of owners has on sessions that are over. It happens
    /// by itself as well.
    ///
    /// # Errors
    /// The database failed. What was removed by then stays removed.
    pub async fn sweep(&self) -> Result<u64, StoreError> {
        self.inner.sweep().await
    }

    /// Ends the sweeping in the background, for good. It ends by itself with the last clone of the store.
    pub fn stop_sweeping(&self) {
        self.sweeping.stop();
    }

    fn on(pool: Pool<DB>, settings: Settings) -> Self {
        let sweeping = Arc::new(Sweeping::new(settings.sweep_every));
        let inner = Arc::new(Inner {
            pool,
            statements: Statements::new::<DB>(&settings.table),
            migration: AssertSqlSafe(DB::migration(&settings.table)).into_sql_str(),
            clock: settings.clock,
            limit: settings.limit,
            plain: settings.plain,
            writer: Arc::new(Semaphore::new(1)),
            lacks_owners: AtomicBool::new(false),
        });
        Self { inner, sweeping }
    }
}

impl<DB: Dialect> Inner<DB> {
    fn now(&self) -> i64 {
        number(self.clock.now())
    }

    async fn to_read(&self) -> Result<Lease<DB>, Error> {
        Lease::new(&self.pool, self.plain, None).await
    }

    /// Waits for its turn, where the database lets one write at a time.
    async fn to_write(&self) -> Result<Lease<DB>, Error> {
        let turn = if DB::ONE_WRITER { self.writer.clone().acquire_owned().await.ok() } else { None };
        Lease::new(&self.pool, self.plain, turn).await
    }

    /// Does `attempt` within the time limit; again, if it gave way to another.
    async fn run<T, F>(&self, attempt: impl Fn() -> F + Send) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, Error>> + Send,
    {
        let attempts = async {
            for _ in 1..MOST_ATTEMPTS {
                match attempt().await {
                    Err(error) if gave_way::<DB>(&error) => {}
                    done => return done,
                }
            }
            attempt().await
        };
        match tokio::time::timeout(self.limit, attempts).await {
            Ok(done) => done.map_err(|error| Failure::of::<DB>(error, self.limit).into()),
            Err(_) => Err(Failure::slow::<DB>(self.limit).into()),
        }
    }

    async fn load(&self, key: &StoreKey) -> Result<Option<Stored>, Error> {
        self.current(&mut self.to_read().await?, key).await
    }

    async fn load_if_changed(&self, key: &StoreKey, known: &Version) -> Result<Refreshed, Error> {
        let [key, known_bytes] = [key.as_bytes(), known.as_bytes()].map(Value::Bytes);
        let values = [known_bytes, key, Value::Number(self.now())];
        let found = self.to_read().await?.record(&self.statements.load_if_changed, &values).await?;
        Ok(Refreshed::of(found.map(stored).transpose()?, known))
    }

    async fn current(&self, db: &mut Lease<DB>, key: &StoreKey) -> Result<Option<Stored>, Error> {
        let values = [Value::Bytes(key.as_bytes()), Value::Number(self.now())];
        db.record(&self.statements.load, &values).await?.map(stored).transpose()
    }

    async fn create(&self, record: NewRecord<'_>) -> Result<Created, Error> {
        let created = DB::create(&mut self.to_write().await?, &self.statements, record, self.now()).await?;
        Ok(if created { Created::New(*record.version) } else { Created::Taken })
    }

    async fn replace(&self, record: NewRecord<'_>, expected: &Version) -> Result<Replaced, Error> {
        let mut db = self.to_write().await?;
        let [key, version, expires, bytes] = record.values();
        let values = [version, expires, bytes, key, Value::Bytes(expected.as_bytes()), Value::Number(self.now())];
        if db.change(&self.statements.replace, &values).await? == 1 {
            return Ok(Replaced::Done(*record.version));
        }
        Ok(self.current(&mut db, record.key).await?.map_or(Replaced::Gone, Replaced::Stale))
    }

    async fn touch(&self, key: &StoreKey, expected: &Version, expires_ms: i64) -> Result<Touched, Error> {
        let mut db = self.to_write().await?;
        let [expires, now] = [expires_ms, self.now()].map(Value::Number);
        let values = [expires, Value::Bytes(key.as_bytes()), Value::Bytes(expected.as_bytes()), now];
        if db.change(&self.statements.touch, &values).await? == 1 {
            return Ok(Touched::Done);
        }
        Ok(self.current(&mut db, key).await?.map_or(Touched::Gone, |_| Touched::Stale))
    }

    async fn delete(&self, key: &StoreKey) -> Result<Option<Stored>, Error> {
        let taken = DB::take(&mut self.to_write().await?, &self.statements, key).await?;
        taken.filter(|(_, expires_ms, _)| *expires_ms > self.now()).map(stored).transpose()
    }
}

impl<DB: Dialect> SessionStore for SqlStore<DB> {
    async fn load(&self, key: &StoreKey) -> Result<Option<Stored>, StoreError> {
        self.inner.run(move || self.inner.load(key)).await
    }

    async fn create(&self, key: &StoreKey, bytes: Bytes, expires_at: SystemTime) -> Result<Created, StoreError> {
        self.sweeping.start(&self.inner);
        let version = &new_version()?;
        let record = NewRecord { key, version, expires_ms: number(expires_at), bytes: &bytes };
        self.inner.run(move || self.inner.create(record)).await
    }

    async fn replace(
        &self,
        key: &StoreKey,
        expected: &Version,
        bytes: Bytes,
        expires_at: SystemTime,
    ) -> Result<Replaced, StoreError> {
        let version = &new_version()?;
        let record = NewRecord { key, version, expires_ms: number(expires_at), bytes: &bytes };
        self.inner.run(move || self.inner.replace(record, expected)).await
    }

    async fn touch(&self, key: &StoreKey, expected: &Version, expires_at: SystemTime) -> Result<Touched, StoreError> {
        self.inner.run(move || self.inner.touch(key, expected, number(expires_at))).await
    }

    async fn delete(&self, key: &StoreKey) -> Result<Option<Stored>, StoreError> {
        self.inner.run(move || self.inner.delete(key)).await
    }

    async fn sweep(&self) -> Result<Swept, StoreError> {
        Self::sweep(self).await.map(Swept::Removed)
    }

    fn pause(&self, time: Duration) -> Option<impl Future<Output = ()> + Send> {
        Some(tokio::time::sleep(time))
    }

    async fn load_if_changed(&self, key: &StoreKey, known: &Version) -> Result<Refreshed, StoreError> {
        self.inner.run(move || self.inner.load_if_changed(key, known)).await
    }

    fn owner_index(&self) -> Option<&impl OwnerIndex> {
        Some(self)
    }
}

impl<DB: Dialect> Clone for SqlStore<DB> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), sweeping: Arc::clone(&self.sweeping) }
    }
}

impl<DB: Dialect> fmt::Debug for SqlStore<DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SqlStore({}, {})", DB::NAME, self.inner.statements.swept.table)
    }
}

fn stored((version, expires_ms, bytes): Record) -> Result<Stored, Error> {
    let version = Version::from_bytes(&version).map_err(|error| Error::Decode(error.into()))?;
    Ok(Stored { version, bytes: bytes.into(), expires_at: from_millis(expires_ms.unsigned_abs()) })
}

/// Random, so that a key that is created again accepts none of its former life.
fn new_version() -> Result<Version, StoreError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(StoreError::new)?;
    Version::from_bytes(&bytes)
}

/// Milliseconds since 1970, as a column keeps them.
fn number(time: SystemTime) -> i64 {
    millis(time).try_into().unwrap_or(i64::MAX)
}

fn gave_way<DB: Dialect>(error: &Error) -> bool {
    error.as_database_error().is_some_and(DB::gave_way)
}
