//! How old a read may be, as a type.

use std::time::Duration;

/// No read is stale: each asks the store behind.
#[derive(Clone, Copy, Debug)]
pub struct Coherent(());

/// A getter may read what was current this long ago: see [`Layered::with_stale_reads`](super::Layered::with_stale_reads).
#[derive(Clone, Copy, Debug)]
pub struct StaleUpTo(Duration);

impl Coherent {
    pub(super) fn new() -> Self {
        Self(())
    }
}

impl StaleUpTo {
    pub(super) fn new(max_age: Duration) -> Self {
        Self(max_age)
    }
}

/// How old a read may be: [`Coherent`] or [`StaleUpTo`], and no other.
pub trait Reads: Sealed + Send + Sync + 'static {
    /// How long ago what is read without asking the store behind may have been current. Nothing is, where this is zero.
    fn max_age(&self) -> Duration;
}

impl Reads for Coherent {
    fn max_age(&self) -> Duration {
        Duration::ZERO
    }
}

impl Reads for StaleUpTo {
    fn max_age(&self) -> Duration {
        self.0
    }
}

/// Keeps others from adding a third.
pub trait Sealed {}

impl Sealed for Coherent {}
impl Sealed for StaleUpTo {}
