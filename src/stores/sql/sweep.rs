//! What a sweep removes, and sweeping in the background. No database error ends that: other libraries' clean-up stops for good at its
//! first.

use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use session_runtime::{StoreError, Sweeper};
use sqlx::Error;
use tokio::task::AbortHandle;

use super::driver::Dialect;
use super::table::Statement;
use super::{Inner, SqlStore};

/// Rows that one statement removes at most, so that nobody waits long for it.
const BATCH: u64 = 1_000;

/// A table from which rows are removed that ended.
pub struct SweptTable {
    pub(crate) statement: Statement,
    /// Its quoted name.
    pub(crate) table: String,
    /// The columns that name a row.
    #[cfg_attr(not(feature = "mysql"), expect(dead_code, reason = "MySQL alone names the rows that it removes"))]
    pub(crate) keys: &'static [&'static str],
    /// The column that says when it ends.
    #[cfg_attr(not(feature = "mysql"), expect(dead_code, reason = "MySQL alone names the rows that it removes"))]
    pub(crate) ends: &'static str,
}

impl SweptTable {
    pub(super) fn new<DB: Dialect>(table: String, keys: &'static [&'static str], ends: &'static str) -> Self {
        let template = DB::SWEEP.replace("{keys}", &keys.join(", ")).replace("{ends}", ends);
        Self { statement: Statement::new(&template, &table, DB::mark), table, keys, ends }
    }
}

impl<DB: Dialect> Inner<DB> {
    /// How many records it removed. What the index of owners has on them is removed as well.
    pub(super) async fn sweep(&self) -> Result<u64, StoreError> {
        let removed = self.in_batches(move || self.sweep_batch(&self.statements.swept)).await?;
        if !self.lacks_owners.load(Relaxed) {
            self.in_batches(move || self.sweep_entries()).await?;
        }
        Ok(removed)
    }

    async fn in_batches<F>(&self, sweep: impl Fn() -> F + Send + Sync) -> Result<u64, StoreError>
    where
        F: Future<Output = Result<u64, Error>> + Send,
    {
        let mut removed = 0;
        loop {
            let batch = self.run(&sweep).await?;
            removed += batch;
            if batch < BATCH {
                return Ok(removed);
            }
        }
    }

    async fn sweep_batch(&self, swept: &SweptTable) -> Result<u64, Error> {
        DB::sweep(&mut self.to_write().await?, swept, self.now()).await
    }

    /// Where there is no table for them, nobody enters anything: then it is not asked for again and again.
    async fn sweep_entries(&self) -> Result<u64, Error> {
        match self.sweep_batch(&self.statements.owners.swept).await {
            Err(Error::Database(said)) if DB::lacks_table(&*said) => {
                self.lacks_owners.store(true, Relaxed);
                Ok(0)
            }
            swept => swept,
        }
    }
}

/// The sweeping in the background. It ends with this.
pub(super) struct Sweeping {
    every: Option<Duration>,
    /// Empty: not begun yet. `None`: never again.
    task: OnceLock<Option<AbortHandle>>,
}

impl Sweeping {
    pub(super) fn new(every: Option<Duration>) -> Self {
        Self { every, task: OnceLock::new() }
    }

    /// Begins to sweep, unless that has happened, is not wanted, or was ended. The task has a store without this, so it keeps none alive
    /// that nobody else has.
    pub(super) fn start<DB: Dialect>(&self, inner: &Arc<Inner<DB>>) {
        self.task.get_or_init(|| {
            let every = self.every?;
            let store = SqlStore { inner: Arc::clone(inner), sweeping: Arc::new(Self::new(None)) };
            let sweeper = Sweeper::new(store, tokio::time::sleep).with_period(every);
            Some(tokio::spawn(sweeper.run(std::future::pending())).abort_handle())
        });
    }

    pub(super) fn stop(&self) {
        if let Some(task) = self.task.get_or_init(|| None) {
            task.abort();
        }
    }
}

impl Drop for Sweeping {
    fn drop(&mut self) {
        self.stop();
    }
}
