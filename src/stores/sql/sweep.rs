//! Sweeping in the background. No database error ends it: other libraries' clean-up stops for good at its first.

use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;

use tokio::task::AbortHandle;

use super::Inner;
use super::driver::Dialect;

/// The wait after a first error. It doubles with each further one, up to the ordinary pause.
const FIRST_WAIT: Duration = Duration::from_secs(1);

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
