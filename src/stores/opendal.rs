//! Sessions in an object store: S3 and what speaks like it, Google's, Azure's, a folder, and what else opendal reaches.

mod bucket;
mod builder;
mod chain;
mod object;
mod sweep;

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use opendal::Operator;
use session_runtime::Clock;
use session_runtime::store::{
    Created, Replaced, SessionStore, StoreError, StoreKey, Stored, Swept, Touched, Version, from_millis, millis,
};
use tokio::time::Instant;

use self::bucket::{Bucket, Found, Litter, Place, Put};
pub use self::builder::{ObjectBuilder, UnfitService};
use self::object::Object;

/// An outcome that is known waits no longer than this.
const TIME_TO_TIDY: Duration = Duration::from_secs(1);

#[doc = include_str!("opendal/deploying.md")]
#[derive(Clone)]
pub struct ObjectStore(Arc<Inner>);

struct Inner {
    bucket: Bucket,
    clock: Arc<dyn Clock>,
    limit: Duration,
}

impl ObjectStore {
    /// A store where the operator's service and root say, with the default settings.
    ///
    /// ```
    /// use cloakroom::stores::ObjectStore;
    /// use opendal::{Operator, services::Memory};
    ///
    /// let store = ObjectStore::new(Operator::new(Memory::default())?)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The service cannot write under a condition. The error says what it lacks.
    pub fn new(operator: Operator) -> Result<Self, UnfitService> {
        Self::builder(operator).build()
    }

    /// As [`new`](Self::new), with settings.
    ///
    /// ```
    /// use cloakroom::stores::ObjectStore;
    /// use opendal::{Operator, services::Memory};
    /// use std::time::Duration;
    ///
    /// let store = ObjectStore::builder(Operator::new(Memory::default())?)
    ///     .prefix("shop/sessions")
    ///     .time_limit(Duration::from_secs(2))
    ///     .build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn builder(operator: Operator) -> ObjectBuilder {
        ObjectBuilder::new(operator)
    }

    /// Removes every expired session, and says how many: lists the prefix, reads each object, and deletes under a condition, so
    /// that one which was renewed meanwhile stays. Nothing does this by itself; see [above](Self#expired-sessions). Where each
    /// state is an object of its own, sessions go an hour after they expired.
    ///
    /// The time limit of a call is for each step of it.
    ///
    /// # Errors
    /// The service cannot list, or failed. A session at which it failed is passed over: the error comes at the end, with the
    /// first failure, and says how many sessions failed and how many were removed.
    pub async fn sweep(&self) -> Result<u64, StoreError> {
        self.0.sweep().await
    }

    fn on(bucket: Bucket, clock: Arc<dyn Clock>, limit: Duration) -> Self {
        Self(Arc::new(Inner { bucket, clock, limit }))
    }
}

impl Inner {
    fn now(&self) -> u64 {
        millis(self.clock.now())
    }

    /// The whole of a call, within the time limit.
    async fn within<T>(&self, call: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
        tokio::time::timeout(self.limit, call).await.unwrap_or_else(|_| {
            let service = self.bucket.operator.info().scheme();
            Err(StoreError::message(format!("`{service}` did not answer within {:?}", self.limit)))
        })
    }

    /// A call that writes, within the time limit. What it leaves is removed if there is time, which is never a reason to fail.
    async fn write<T>(
        &self,
        key: &StoreKey,
        call: impl AsyncFnOnce(&mut Litter) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let start = Instant::now();
        let mut litter = Litter::default();
        let outcome = self.within(call(&mut litter)).await?;
        let spare = self.limit.saturating_sub(start.elapsed()).min(TIME_TO_TIDY);
        match tokio::time::timeout(spare, self.bucket.tidy(key, litter)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(%error, "what a call left was not removed, and will be later"),
            Err(_) => tracing::debug!("what a call left was not removed in time, and will be later"),
        }
        Ok(outcome)
    }

    fn draft(&self, bytes: Bytes, expires_at: SystemTime) -> Result<Object, StoreError> {
        Object::new(bytes, self.now(), millis(expires_at).max(1))
    }

    fn is_alive(&self, found: &Found) -> bool {
        found.object.expires_ms > self.now()
    }

    async fn alive(&self, key: &StoreKey) -> Result<Option<Found>, StoreError> {
        Ok(self.bucket.find(key).await?.filter(|found| self.is_alive(found)))
    }

    async fn create(&self, key: &StoreKey, draft: Object, litter: &mut Litter) -> Result<Created, StoreError> {
        let mut over = None;
        loop {
            if let Put::Done(version) = self.bucket.put(key, over.as_ref(), &draft, litter).await? {
                return Ok(Created::New(version));
            }
            over = match self.bucket.find(key).await? {
                Some(found) if found.object.stamp == draft.stamp => return Ok(Created::New(found.version)),
                Some(found) if self.is_alive(&found) => return Ok(Created::Taken),
                found => found.map(|found| found.place),
            };
        }
    }

    async fn replace(
        &self,
        key: &StoreKey,
        expected: &Version,
        draft: Object,
        litter: &mut Litter,
    ) -> Result<Replaced, StoreError> {
        let mut over = self.bucket.place_of(key, expected, self.now());
        loop {
            if let Some(place) = &over
                && let Put::Done(version) = self.bucket.put(key, Some(place), &draft, litter).await?
            {
                return Ok(Replaced::Done(version));
            }
            let Some(found) = self.alive(key).await? else { return Ok(Replaced::Gone) };
            if found.object.stamp == draft.stamp {
                return Ok(Replaced::Done(found.version));
            }
            if found.version != *expected {
                return Ok(Replaced::Stale(found.into()));
            }
            over = Some(found.place);
        }
    }

    async fn touch(
        &self,
        key: &StoreKey,
        expected: &Version,
        expires_at: SystemTime,
        litter: &mut Litter,
    ) -> Result<Touched, StoreError> {
        loop {
            let Some(found) = self.alive(key).await? else { return Ok(Touched::Gone) };
            if found.version != *expected {
                return Ok(Touched::Stale);
            }
            let mut renewed = self.draft(found.object.bytes, expires_at)?;
            renewed.kept = Some(*expected);
            if let Put::Done(_) = self.bucket.put(key, Some(&found.place), &renewed, litter).await? {
                return Ok(Touched::Done);
            }
        }
    }

    /// First a dead state in place of the session, under a condition like every other; only then the object goes. So what is
    /// handed out is what was removed, also where a service can delete under no condition.
    async fn delete(&self, key: &StoreKey, litter: &mut Litter) -> Result<Option<Stored>, StoreError> {
        let dead = Object::dead(self.now())?;
        let mut replaced = None;
        loop {
            let Some(found) = self.bucket.find(key).await? else { return Ok(None) };
            if found.object.stamp == dead.stamp {
                return Ok(replaced);
            }
            if !self.is_alive(&found) {
                return Ok(None);
            }
            if let Put::Done(version) = self.bucket.put(key, Some(&found.place), &dead, litter).await? {
                litter.dead = Some(version);
                return Ok(Some(found.into()));
            }
            if let Place::End(end) = &found.place {
                let last = self.bucket.close(key, end, &dead).await?;
                return Ok(last.filter(|last| self.is_alive(last)).map(Stored::from));
            }
            replaced = Some(found.into());
        }
    }
}

impl SessionStore for ObjectStore {
    async fn load(&self, key: &StoreKey) -> Result<Option<Stored>, StoreError> {
        self.0.within(async { Ok(self.0.alive(key).await?.map(Stored::from)) }).await
    }

    async fn create(&self, key: &StoreKey, bytes: Bytes, expires_at: SystemTime) -> Result<Created, StoreError> {
        let draft = self.0.draft(bytes, expires_at)?;
        self.0.write(key, async |litter| self.0.create(key, draft, litter).await).await
    }

    async fn replace(
        &self,
        key: &StoreKey,
        expected: &Version,
        bytes: Bytes,
        expires_at: SystemTime,
    ) -> Result<Replaced, StoreError> {
        let draft = self.0.draft(bytes, expires_at)?;
        self.0.write(key, async |litter| self.0.replace(key, expected, draft, litter).await).await
    }

    async fn touch(&self, key: &StoreKey, expected: &Version, expires_at: SystemTime) -> Result<Touched, StoreError> {
        self.0.write(key, async |litter| self.0.touch(key, expected, expires_at, litter).await).await
    }

    async fn delete(&self, key: &StoreKey) -> Result<Option<Stored>, StoreError> {
        self.0.write(key, async |litter| self.0.delete(key, litter).await).await
    }

    async fn sweep(&self) -> Result<Swept, StoreError> {
        Self::sweep(self).await.map(Swept::Removed)
    }

    fn pause(&self, time: Duration) -> Option<impl Future<Output = ()> + Send> {
        Some(tokio::time::sleep(time))
    }
}

impl From<Found> for Stored {
    fn from(found: Found) -> Self {
        let Object { bytes, expires_ms, .. } = found.object;
        Self { version: found.version, bytes, expires_at: from_millis(expires_ms) }
    }
}

impl fmt::Debug for ObjectStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Bucket { operator, prefix, way } = &self.0.bucket;
        write!(f, "ObjectStore({}, `{prefix}`, {way:?})", operator.info().scheme())
    }
}
