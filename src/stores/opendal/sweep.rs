//! Removing what has expired. An object store does not do it by itself, and does not know when a record ends: each is read.

use std::error::Error;
use std::fmt;
use std::future::ready;

use futures_util::StreamExt as _;
use opendal::{Entry, ErrorKind};
use session_runtime::store::{StoreError, StoreKey, millis};

use super::Inner;
use super::bucket::{Found, Litter, Look, Put, Way, failed};
use super::chain::HOUR_MS;
use super::object::Object;

/// Sessions that are looked at side by side.
const SIDE_BY_SIDE: usize = 16;

impl Inner {
    /// Goes on past what fails: one bad object, or one late answer, keeps no other session.
    pub(super) async fn sweep(&self) -> Result<u64, StoreError> {
        let bucket = &self.bucket;
        let entries = bucket.operator.lister(&bucket.prefix).await.map_err(failed)?;
        entries
            .filter_map(|entry| ready(entry.map_err(failed).map(|entry| key_of(&entry)).transpose()))
            .map(|key| async move { self.sweep_one(&key.map_err(Failure::List)?).await.map_err(Failure::Session) })
            .buffer_unordered(SIDE_BY_SIDE)
            .fold(Tally::default(), |tally, removed| ready(tally.with(removed)))
            .await
            .result()
    }

    /// The time limit is for each step, as a chain may be long.
    async fn sweep_one(&self, key: &StoreKey) -> Result<bool, StoreError> {
        if self.bucket.way == Way::Chain {
            return self.sweep_chain(key).await;
        }
        match self.within(self.bucket.find(key)).await? {
            Some(found) if found.object.expires_ms <= self.now() => self.within(self.remove(key, found)).await,
            _ => Ok(false),
        }
    }

    /// Removes an expired object, unless it was renewed since it was read.
    async fn remove(&self, key: &StoreKey, found: Found) -> Result<bool, StoreError> {
        let bucket = &self.bucket;
        let is_dead = found.object.expires_ms == 0;
        if bucket.way != Way::Overwrite && !bucket.can_erase_under_a_condition() && !is_dead {
            let dead = Object::dead(self.now())?;
            if matches!(bucket.put(key, Some(&found.place), &dead, &mut Litter::default()).await?, Put::Beaten) {
                return Ok(false);
            }
        }
        bucket.erase(key, found.place).await
    }

    async fn sweep_chain(&self, key: &StoreKey) -> Result<bool, StoreError> {
        let bucket = &self.bucket;
        let numbers = self.within(bucket.numbers(key)).await?;
        let Some(last) = numbers.last() else { return Ok(false) };
        let object = match self.within(bucket.look(&bucket.link(key, *last))).await? {
            Look::Whole(object, _) => object,
            Look::Half => return self.within(self.remove_half(key, *last)).await,
            Look::Nothing => return Ok(false),
        };
        if object.expires_ms.max(object.written_ms).saturating_add(HOUR_MS) > self.now() {
            return Ok(false);
        }
        for number in numbers {
            self.within(bucket.remove_link(key, number)).await?;
        }
        // A folder that is empty now. Where folders are no more than a part of names, there is none.
        let _ = self.within(async { bucket.operator.delete(&bucket.folder(key)).await.map_err(failed) }).await;
        Ok(true)
    }

    /// Removes half a write whose writer has been gone for an hour. What stands below it is looked at by the next sweep.
    async fn remove_half(&self, key: &StoreKey, number: u64) -> Result<bool, StoreError> {
        let bucket = &self.bucket;
        let metadata = match bucket.operator.stat(&bucket.link(key, number)).await {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
            stat => stat.map_err(failed)?,
        };
        if metadata.last_modified().is_some_and(|written| millis(written.into()).saturating_add(HOUR_MS) <= self.now())
        {
            bucket.remove_link(key, number).await?;
        }
        Ok(false)
    }
}

enum Failure {
    /// The rest of the list is not known: opendal ends it with its first failure.
    List(StoreError),
    Session(StoreError),
}

/// What has come of a sweep so far.
#[derive(Debug, Default)]
struct Tally {
    removed: u64,
    failed: u64,
    is_cut_short: bool,
    first: Option<StoreError>,
}

impl Tally {
    fn with(mut self, removed: Result<bool, Failure>) -> Self {
        let error = match removed {
            Ok(removed) => {
                self.removed += u64::from(removed);
                return self;
            }
            Err(Failure::List(error)) => {
                self.is_cut_short = true;
                error
            }
            Err(Failure::Session(error)) => {
                self.failed += 1;
                error
            }
        };
        self.first.get_or_insert(error);
        self
    }

    fn result(self) -> Result<u64, StoreError> {
        if self.first.is_some() { Err(StoreError::new(self)) } else { Ok(self.removed) }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { removed, failed, is_cut_short, .. } = self;
        let rest = if *is_cut_short { ", and the list broke off" } else { "" };
        write!(f, "the sweep removed {removed} sessions, could not look at or remove {failed}{rest}")?;
        self.source().map_or(Ok(()), |first| write!(f, "; first failure: {first}"))
    }
}

impl Error for Tally {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.first.as_ref().and_then(Error::source)
    }
}

/// The key that an object, or a chain's folder, is named after.
fn key_of(entry: &Entry) -> Option<StoreKey> {
    let name = entry.name().trim_end_matches('/').as_bytes();
    let (digits, []) = name.as_chunks::<2>() else { return None };
    let bytes: Vec<u8> = digits
        .iter()
        .map(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok())
        .collect::<Option<_>>()?;
    Some(StoreKey::from_bytes(bytes.try_into().ok()?))
}
