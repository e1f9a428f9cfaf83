//! Sweeping in the background. No database error ends it: other libraries' clean-up stops for good at its first.

use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;

use session_runtime::StoreError;
use sqlx::Error;
use tokio::task::AbortHandle;

use super::Inner;
use super::driver::Dialect;
use super::table::Statement;

/// Rows that one statement removes at most, so that nobody waits long for it.
const BATCH: u64 = 1_000;
/// The wait after a first error. It doubles with each further one, up to the ordinary pause.
const FIRST_WAIT: Duration = Duration::from_secs(1);

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

/// The task that sweeps. It ends with this.
pub(super) struct Sweeper {
    every: Option<Duration>,
    /// Empty: not begun yet. `None`: never again.
    task: OnceLock<Option<AbortHandle>>,
}

impl Sweeper {
    pub(super) fn new(every: Option<Duration>) -> Self {
        Self { every, task: OnceLock::new() }
    }

    /// Begins to sweep, unless that has happened, is not wanted, or was ended.
    pub(super) fn start<DB: Dialect>(&self, inner: &Arc<Inner<DB>>) {
        self.task.get_or_init(|| {
            let every = self.every?;
            Some(tokio::spawn(keep_sweeping(Arc::downgrade(inner), every)).abort_handle())
        });
    }

    pub(super) fn stop(&self) {
        if let Some(task) = self.task.get_or_init(|| None) {
            task.abort();
        }
    }
}

impl Drop for Sweeper {
    fn drop(&mut self) {
        self.stop();
    }
}

async fn keep_sweeping<DB: Dialect>(inner: Weak<Inner<DB>>, every: Duration) {
    let (mut pause, mut after_error) = (every, FIRST_WAIT);
    loop {
        tokio::time::sleep(pause).await;
        let Some(inner) = inner.upgrade() else { return };
        match inner.sweep().await {
            Ok(removed) => {
                tracing::debug!(removed, "swept expired sessions");
                (pause, after_error) = (every, FIRST_WAIT);
            }
            Err(error) => {
                pause = after_error.min(every);
                after_error = longer(pause, every);
                tracing::warn!(%error, ?pause, "expired sessions could not be swept, trying again");
            }
        }
    }
}

/// Twice as long, up to the ordinary pause.
fn longer(wait: Duration, every: Duration) -> Duration {
    wait.saturating_mul(2).min(every)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_number_of_errors_is_too_many() {
        for every in [Duration::from_secs(60), Duration::MAX] {
            let waits = std::iter::successors(Some(FIRST_WAIT), |wait| Some(longer(*wait, every)));
            let waits: Vec<_> = waits.take(200).collect();
            assert_eq!(waits[..6].iter().map(Duration::as_secs).collect::<Vec<_>>(), [1, 2, 4, 8, 16, 32]);
            assert_eq!(waits[199], every);
        }
    }
}
