//! Where the time comes from, so that a test can own it.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Tells the time. Lifetimes follow the clock of the node that asks; skew between nodes shifts them by the skew.
pub trait Clock: Send + Sync + 'static {
    /// The current time.
    fn now(&self) -> SystemTime;
}

/// The operating system's clock: the default everywhere.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> SystemTime {
        (**self).now()
    }
}

/// A clock that stands still until its test moves it. Clones share the time.
///
/// ```
/// use session_runtime::{Clock, ManualClock};
/// use std::time::{Duration, UNIX_EPOCH};
///
/// let clock = ManualClock::at(UNIX_EPOCH + Duration::from_secs(1_000));
/// clock.advance(Duration::from_secs(5));
/// assert_eq!(clock.now(), UNIX_EPOCH + Duration::from_secs(1_005));
/// ```
#[cfg(any(test, feature = "testing"))]
#[derive(Clone, Debug)]
pub struct ManualClock(Arc<std::sync::atomic::AtomicU64>);

#[cfg(any(test, feature = "testing"))]
impl ManualClock {
    /// A clock that shows `time`, to the millisecond.
    pub fn at(time: SystemTime) -> Self {
        Self(Arc::new(std::sync::atomic::AtomicU64::new(millis(time))))
    }

    /// Moves the clock forth.
    pub fn advance(&self, by: Duration) {
        self.set(self.now() + by);
    }

    /// Moves the clock back, as an operator or NTP may do.
    pub fn step_back(&self, by: Duration) {
        self.set(self.now() - by);
    }

    /// Sets the clock to `time`, to the millisecond.
    pub fn set(&self, time: SystemTime) {
        self.0.store(millis(time), std::sync::atomic::Ordering::SeqCst);
    }
}

#[cfg(any(test, feature = "testing"))]
impl Default for ManualClock {
    /// Starts in the year 2026, so that nothing near 1970 is tested by accident.
    fn default() -> Self {
        Self::at(UNIX_EPOCH + Duration::from_secs(1_780_000_000))
    }
}

#[cfg(any(test, feature = "testing"))]
impl Clock for ManualClock {
    fn now(&self) -> SystemTime {
        from_millis(self.0.load(std::sync::atomic::Ordering::SeqCst))
    }
}

/// Milliseconds since 1970; a time before that counts as 1970.
pub fn millis(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, duration_ms)
}

/// A length in milliseconds.
pub(crate) fn duration_ms(duration: Duration) -> u64 {
    duration.as_secs().saturating_mul(1_000).saturating_add(duration.subsec_millis().into())
}

/// The time `ms` milliseconds after 1970, held within what `SystemTime` can show.
pub fn from_millis(ms: u64) -> SystemTime {
    UNIX_EPOCH.checked_add(Duration::from_millis(ms)).unwrap_or(UNIX_EPOCH + Duration::from_secs(u32::MAX.into()))
}

/// A random time, so that those who wait at the same moment do not come back at the same moment. Where there are no random numbers it
/// is as long as it may be: they then only meet more often.
pub(crate) fn random_below(end: Duration) -> Duration {
    let share = getrandom::u32().map_or(1.0, |random| f64::from(random) / f64::from(u32::MAX));
    Duration::try_from_secs_f64(end.as_secs_f64() * share).map_or(end, |time| time.min(end))
}

/// A shared clock that `Debug` can pass over.
#[derive(Clone)]
pub(crate) struct SharedClock(Arc<dyn Clock>);

impl SharedClock {
    pub(crate) fn new(clock: impl Clock) -> Self {
        Self(Arc::new(clock))
    }

    pub(crate) fn now(&self) -> SystemTime {
        self.0.now()
    }
}

impl fmt::Debug for SharedClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedClock")
    }
}
