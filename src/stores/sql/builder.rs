//! Settings of a store on a SQL database.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use session_runtime::{Clock, StoreError, SystemClock};
use sqlx::pool::PoolOptions;
use sqlx::{Connection, Pool};

use super::SqlStore;
use super::driver::Dialect;
use super::table::{Literal, Table};

/// A connection that lay idle for longer is asked whether it is alive before it is used.
const MAY_HAVE_DIED: Duration = Duration::from_secs(1);

/// The options of the driver's connections.
pub(crate) type Options<DB> = <<DB as sqlx::Database>::Connection as Connection>::Options;

/// How a [`SqlStore`] is to be made.
#[must_use]
pub struct SqlBuilder<DB: Dialect> {
    source: Source<DB>,
    pub(crate) settings: Settings,
}

enum Source<DB: Dialect> {
    Pool(Pool<DB>),
    Options(Options<DB>),
}

pub(crate) struct Settings {
    pub(crate) table: Table,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) limit: Duration,
    pub(crate) sweep_every: Option<Duration>,
    /// How values are written out, if they are to stand in the statement's text.
    pub(crate) plain: Option<Literal>,
    connections: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            table: Table { schema: None, name: "sessions".into() },
            clock: Arc::new(SystemClock),
            limit: Duration::from_secs(5),
            sweep_every: Some(Duration::from_secs(60)),
            plain: None,
            connections: 10,
        }
    }
}

impl<DB: Dialect> SqlBuilder<DB> {
    /// On a pool of your own. Its `acquire_timeout` and `test_before_acquire` are yours to set.
    pub fn new(pool: Pool<DB>) -> Self {
        Self { source: Source::Pool(pool), settings: Settings::default() }
    }

    /// At an address, with a pool of the store's own.
    ///
    /// # Errors
    /// It is no address of this kind of database.
    pub fn at(url: &str) -> Result<Self, StoreError> {
        Ok(Self::with(options::<DB>(url)?))
    }

    /// With the driver's own options, and a pool of the store's own.
    pub fn with(options: Options<DB>) -> Self {
        Self { source: Source::Options(options), settings: Settings::default() }
    }

    /// The table's name: `sessions` by default. It is quoted, so it may have capitals, spaces and be a reserved word.
    pub fn table(mut self, name: impl Into<String>) -> Self {
        self.settings.table.name = name.into();
        self
    }

    /// Follows `clock`, for tests.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.settings.clock = Arc::new(clock);
        self
    }

    /// How long a call may take, waiting for a connection included: 5 seconds by default.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.settings.limit = limit;
        self
    }

    /// How many connections the store's own pool has at most: 10 by default.
    pub fn connections(mut self, most: u32) -> Self {
        self.settings.connections = most;
        self
    }

    /// How long to wait between two sweeps of expired records, on average: a minute by default. It is done by a
    /// [`Sweeper`](session_runtime::Sweeper).
    ///
    /// # Panics
    /// If it is zero: that would be a loop without a pause.
    pub fn sweep_every(mut self, pause: Duration) -> Self {
        assert!(
            !pause.is_zero(),
            "sweeping without a pause takes a whole core: give it a minute, say, or say `without_sweeping`"
        );
        self.settings.sweep_every = Some(pause);
        self
    }

    /// Sweeps only when [`SqlStore::sweep`] is called: have that done by something that runs now and then, or the table grows
    /// for ever.
    pub fn without_sweeping(mut self) -> Self {
        self.settings.sweep_every = None;
        self
    }

    /// Makes the store. Nothing is connected yet, so the database may be down: calls fail until it is up.
    ///
    /// # Errors
    /// The table's or schema's name cannot be one; or this is not called on a tokio runtime, which the driver needs.
    pub fn build(self) -> Result<SqlStore<DB>, StoreError> {
        self.settings.table.check()?;
        tokio::runtime::Handle::try_current()
            .map_err(|_| StoreError::message("make the store inside of a tokio runtime: its driver needs one"))?;
        let pool = match self.source {
            Source::Pool(pool) => pool,
            Source::Options(options) => pool(options, &self.settings),
        };
        Ok(SqlStore::on(pool, self.settings))
    }

    /// Makes the store, and its table unless that is there.
    pub(crate) async fn build_migrated(self) -> Result<SqlStore<DB>, StoreError> {
        let store = self.build()?;
        store.migrate().await?;
        Ok(store)
    }
}

/// The address may hold a password, so an error does not repeat it.
pub(crate) fn options<DB: Dialect>(url: &str) -> Result<Options<DB>, StoreError> {
    Options::<DB>::from_str(url)
        .map_err(|error| StoreError::message(format!("this is no address for {}: {error}", DB::NAME)))
}

/// Asks a connection whether it is alive only if it may well be dead: else every call would take two round trips.
fn pool<DB: Dialect>(options: Options<DB>, settings: &Settings) -> Pool<DB> {
    PoolOptions::new()
        .max_connections(settings.connections)
        .acquire_timeout(settings.limit)
        .test_before_acquire(false)
        .before_acquire(|connection: &mut DB::Connection, state| {
            Box::pin(async move {
                if state.idle_for > MAY_HAVE_DIED {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_lazy_with(DB::within(options, settings.limit))
}
