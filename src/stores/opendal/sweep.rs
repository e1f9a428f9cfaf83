//! Removing what has expired. An object store does not do it by itself, and does not know when a record ends: each is read.

use futures_util::TryStreamExt as _;
use opendal::Entry;
use session_runtime::store::{StoreError, StoreKey, millis};

use super::Inner;
use super::bucket::{Found, Look, Put, Way, failed};
use super::chain::HOUR_MS;
use super::object::Object;

/// Sessions that are looked at side by side.
const SIDE_BY_SIDE: usize = 16;

impl Inner {
    pub(super) async fn sweep(&self) -> Result<u64, StoreError> {
        let bucket = &self.bucket;
        let entries = bucket.operator.lister(&bucket.prefix).await.map_err(failed)?;
        entries
            .map_err(failed)
            .try_filter_map(async |entry| Ok(key_of(&entry)))
            .map_ok(|key| async move { self.within(self.sweep_one(&key)).await })
            .try_buffer_unordered(SIDE_BY_SIDE)
            .try_fold(0, async |sum, removed| Ok(sum + u64::from(removed)))
            .await
    }

    async fn sweep_one(&self, key: &StoreKey) -> Result<bool, StoreError> {
        if self.bucket.way == Way::Chain {
            return self.sweep_chain(key).await;
        }
        match self.bucket.find(key).await? {
            Some(found) if found.object.expires_ms <= self.now() => self.remove(key, found).await,
            _ => Ok(false),
        }
    }

    /// Removes an expired object, unless it was renewed since it was read.
    async fn remove(&self, key: &StoreKey, found: Found) -> Result<bool, StoreError> {
        let bucket = &self.bucket;
        let is_dead = found.object.expires_ms == 0;
        if bucket.way != Way::Overwrite && !bucket.can_erase_under_a_condition() && !is_dead {
            let dead = Object::dead(self.now())?;
            if matches!(bucket.put(key, Some(&found.place), &dead).await?, Put::Beaten) {
                return Ok(false);
            }
        }
        bucket.erase(key, found.place).await
    }

    async fn sweep_chain(&self, key: &StoreKey) -> Result<bool, StoreError> {
        let bucket = &self.bucket;
        let numbers = bucket.numbers(key).await?;
        let Some(last) = numbers.last() else { return Ok(false) };
        let object = match bucket.look(&bucket.link(key, *last)).await? {
            Look::Whole(object, _) => object,
            Look::Half => return self.remove_half(key, *last).await,
            Look::Nothing => return Ok(false),
        };
        if object.expires_ms.max(object.written_ms).saturating_add(HOUR_MS) > self.now() {
            return Ok(false);
        }
        bucket.remove_links(key, numbers).await?;
        // A folder that is empty now. Where folders are no more than a part of names, there is none.
        let _ = bucket.operator.delete(&bucket.folder(key)).await;
        Ok(true)
    }

    /// Removes half a write whose writer has been gone for an hour. What stands below it is looked at by the next sweep.
    async fn remove_half(&self, key: &StoreKey, number: u64) -> Result<bool, StoreError> {
        let bucket = &self.bucket;
        let metadata = bucket.operator.stat(&bucket.link(key, number)).await.map_err(failed)?;
        if metadata.last_modified().is_some_and(|written| millis(written.into()).saturating_add(HOUR_MS) <= self.now())
        {
            bucket.remove_links(key, [number]).await?;
        }
        Ok(false)
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
