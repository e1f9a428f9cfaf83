//! Settings of a store in an object store, and which services are refused.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use opendal::{Capability, Operator};
use session_runtime::{Clock, StoreError, SystemClock};

use super::ObjectStore;
use super::bucket::{Bucket, Way};

/// How an [`ObjectStore`] is to keep its sessions.
#[must_use]
pub struct ObjectBuilder {
    operator: Operator,
    prefix: String,
    limit: Duration,
    clock: Arc<dyn Clock>,
    may_overwrite: bool,
}

impl ObjectBuilder {
    pub(super) fn new(operator: Operator) -> Self {
        Self {
            operator,
            prefix: "sessions/".to_owned(),
            limit: Duration::from_secs(5),
            clock: Arc::new(SystemClock),
            may_overwrite: false,
        }
    }

    /// The folder of the objects, below the operator's root: `sessions/` by default. Nothing else may be kept in it.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        if !self.prefix.is_empty() && !self.prefix.ends_with('/') {
            self.prefix.push('/');
        }
        self
    }

    /// How long a call may take, however many requests it needs: 5 seconds by default, and well under an hour. A
    /// `TimeoutLayer` of the operator's own limits each request alone.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Follows `clock`, for tests.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// **Loses updates and logouts**: takes a service that cannot write under a condition, and writes without one.
    ///
    /// Of two requests that overlap, the one that writes last undoes what the other wrote, and one that writes after a logout
    /// signs the visitor in again. With a service that can do better, this changes nothing.
    pub fn with_insecure_last_writer_wins(mut self) -> Self {
        self.may_overwrite = true;
        self
    }

    /// Makes the store. Nothing is asked of the service yet.
    ///
    /// # Errors
    /// The service lacks what the promises of this crate need; the error says what.
    pub fn build(self) -> Result<ObjectStore, UnfitService> {
        let way = way(&self.operator, self.may_overwrite)?;
        let bucket = Bucket { operator: self.operator, prefix: self.prefix, way };
        Ok(ObjectStore::on(bucket, self.clock, self.limit))
    }
}

fn way(operator: &Operator, may_overwrite: bool) -> Result<Way, UnfitService> {
    let can = operator.info().capability();
    let basics = [("read", can.read), ("write", can.write), ("delete", can.delete)];
    let lacks: Vec<_> = basics.iter().filter(|(_, has)| !has).map(|(name, _)| *name).collect();
    if !lacks.is_empty() {
        return Err(UnfitService { service: operator.info().scheme(), lacks });
    }
    if may_replace_what_it_should_not(operator) {
        return if may_overwrite { Ok(Way::Overwrite) } else { Err(unfit(operator, vec!["write_with_if_not_exists"])) };
    }
    conditional_way(&can).or_else(|lacks| if may_overwrite { Ok(Way::Overwrite) } else { Err(unfit(operator, lacks)) })
}

/// The best that the service can do under a condition, or what is missing for any.
fn conditional_way(can: &Capability) -> Result<Way, Vec<&'static str>> {
    if !can.write_with_if_not_exists {
        return Err(vec!["write_with_if_not_exists"]);
    }
    match (can.write_with_if_version_match, can.write_with_if_match, can.list) {
        (true, ..) => Ok(Way::Generation),
        (_, true, _) => Ok(Way::Etag),
        (.., true) => Ok(Way::Chain),
        _ => Err(vec!["write_with_if_match", "list"]),
    }
}

/// With an `atomic_write_dir`, the folder service (opendal 0.59) looks whether a file is there, and later moves its own over
/// it, though it says that it creates files under a condition. Two rivals may both be told that they did.
fn may_replace_what_it_should_not(operator: &Operator) -> bool {
    operator.info().scheme() == "fs" && format!("{:?}", operator.base_service()).contains("atomic_write_dir: Some")
}

fn unfit(operator: &Operator, lacks: Vec<&'static str>) -> UnfitService {
    UnfitService { service: operator.info().scheme(), lacks }
}

/// Why a service is refused: without conditional writes an update could be lost, and a logout undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnfitService {
    service: &'static str,
    lacks: Vec<&'static str>,
}

impl UnfitService {
    /// The service, by opendal's name for it.
    pub fn service(&self) -> &str {
        self.service
    }

    /// What it lacks, by the names of [`opendal::Capability`]. One of them would do, but for reading, writing and deleting.
    pub fn lacks(&self) -> &[&'static str] {
        &self.lacks
    }
}

impl fmt::Display for UnfitService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lacks = self.lacks.join("`, `");
        write!(
            f,
            "the service `{}` lacks `{lacks}`: choose one that can write under a condition (S3, GCS, Azure Blob, OSS, COS",
            self.service
        )?;
        write!(f, ", a folder without `atomic_write_dir`), or give up on that with `with_insecure_last_writer_wins()`")
    }
}

impl std::error::Error for UnfitService {}

impl From<UnfitService> for StoreError {
    fn from(unfit: UnfitService) -> Self {
        Self::new(unfit)
    }
}
