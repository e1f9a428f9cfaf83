//! Sweeping a store again and again, on any runtime, until it is told to end.

use std::fmt;
use std::future::{Future, pending};
use std::pin::pin;
use std::time::Duration;

use futures_util::future::select;

use super::{SessionStore, Swept};
use crate::clock::random_below;
use crate::report::swept;

/// How long to wait from one sweep to the next, unless the application says otherwise.
const DEFAULT_PERIOD: Duration = Duration::from_secs(5 * 60);

/// The wait after a first error. It doubles with each further one, up to the period.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// Removes expired sessions from a store again and again, until it is told to end.
///
/// Each wait is between half and one and a half times the [period](Self::with_period), by chance, and the first one between nothing and
/// the period: so the nodes of a fleet that start together do not sweep together. An error ends nothing; it is logged as a warning,
/// and the next try comes after a second, then two, then four … up to the period. What was removed is logged as a `debug` event.
///
/// A store that drops what has expired by itself ([`Swept::ByItself`], as Redis does) is asked once, and never again. The stores on SQL
/// and on redb sweep in the background already, `MemoryStore` by each create: they need this only where that was turned off. An object
/// store needs it.
///
/// No runtime is needed but its timer: any function from a time to wait to a future.
///
/// ```
/// use cloakroom::{MemoryStore, SessionData, SessionLayer, Sweeper};
/// use std::time::Duration;
///
/// #[derive(SessionData)]
/// struct Shop { visits: u64 }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let store = MemoryStore::new(); // or one that needs it
/// let layer = SessionLayer::<Shop>::new(store.clone());
///
/// let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
/// let sweeper = Sweeper::new(store, tokio::time::sleep).with_period(Duration::from_secs(60));
/// let sweeping = tokio::spawn(sweeper.run(async { drop(stopped.await) }));
///
/// // `axum::serve(…).with_graceful_shutdown(…)` runs here, and ends.
/// # let _ = layer;
/// drop(stop);
/// sweeping.await?;
/// # Ok(())
/// # }
/// ```
pub struct Sweeper<S, T> {
    store: S,
    timer: T,
    period: Duration,
}

impl<S, T, F> Sweeper<S, T>
where
    S: SessionStore,
    T: Fn(Duration) -> F + Send + Sync,
    F: Future<Output = ()> + Send,
{
    /// Sweeps `store`, about every five minutes, and waits by `timer`: `tokio::time::sleep`, or what the runtime in use has for that.
    pub fn new(store: S, timer: T) -> Self {
        Self { store, timer, period: DEFAULT_PERIOD }
    }

    /// How long to wait from one sweep to the next, on average (default: 5 minutes).
    ///
    /// # Panics
    /// If it is zero: that would be a loop without a pause.
    #[must_use]
    pub fn with_period(self, period: Duration) -> Self {
        assert!(!period.is_zero(), "a sweeper that never waits takes a whole core: give it a period of a minute, say");
        Self { period, ..self }
    }

    /// Sweeps until `shutdown` is done: to be spawned. It ends at once then, and drops a sweep that is under way; what that left is for the
    /// next one. Without a shutdown, give it [`std::future::pending`].
    pub async fn run(self, shutdown: impl Future<Output = ()> + Send) {
        select(pin!(shutdown), pin!(self.keep_sweeping())).await;
        tracing::debug!("sweeping of expired sessions has ended");
    }

    async fn keep_sweeping(&self) {
        let (mut pause, mut after_error) = (random_below(self.period), FIRST_WAIT.min(self.period));
        loop {
            (self.timer)(pause).await;
            match self.store.sweep().await {
                Ok(Swept::Removed(removed)) => {
                    tracing::debug!(removed, "swept expired sessions");
                    swept(removed);
                    (pause, after_error) = (about(self.period), FIRST_WAIT.min(self.period));
                }
                Ok(Swept::ByItself) => {
                    tracing::debug!("the store drops expired sessions by itself, so none are swept");
                    return pending().await;
                }
                Err(error) => {
                    pause = about(after_error);
                    after_error = after_error.saturating_mul(2).min(self.period);
                    tracing::warn!(%error, ?pause, "expired sessions could not be swept, trying again");
                }
            }
        }
    }
}

/// Between half as long and one and a half times as long.
fn about(time: Duration) -> Duration {
    (time / 2).saturating_add(random_below(time))
}

impl<S, T> fmt::Debug for Sweeper<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sweeper").field("period", &self.period).finish_non_exhaustive()
    }
}
