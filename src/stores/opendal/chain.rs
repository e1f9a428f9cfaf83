//! For services that can create an object only if it is not there, and can compare nothing else: each state of a session is an
//! object of its own, `prefix/key/number`, and the one with the highest number is the present one.
//!
//! Whoever wants to replace state *n* creates *n + 1*. Of two rivals one is told that it exists, and so is whoever believes in an
//! *n* that was superseded. That is all, as long as no number is free again for somebody who might ask for it. So
//!
//! - a deleted session leaves a dead state at its end, which takes the number that a late writer would;
//! - only who has seen that *n* is the last, or knows that it was written less than half an hour ago, asks for *n + 1*;
//! - superseded states go from the lowest number up, an hour after they were superseded, and an ended chain goes as a whole an
//!   hour after its end, the last state last. **No write may be on its way for longer than that**, and clocks may differ by less.
//!
//! A key is begun once: it is random. One that is begun again while a sweep removes what was there before could be begun twice.
//!
//! Half a write (a folder shows a file before its bytes are in it) is waited for: its number is taken, and nobody can tell what
//! it will say. One that is still half after an hour was cut off, and the sweep removes it.

use opendal::options::WriteOptions;
use session_runtime::store::{StoreError, StoreKey, Version};

use super::bucket::{Bucket, Found, Litter, Place, Put, failed};
use super::object::{Mark, Object};

/// How long a write may be on its way, and so how long numbers stay taken.
pub(super) const HOUR_MS: u64 = 3_600_000;

/// How many superseded states go with one write. It adds one.
const AT_ONCE: usize = 8;

/// The end of a chain, as it was seen.
pub(super) struct End {
    number: u64,
    mark: Mark,
    /// The numbers below, if they were looked for.
    older: Vec<u64>,
}

impl End {
    /// Whether the states below the mark were superseded an hour ago.
    fn is_due(&self, now_ms: u64) -> bool {
        now_ms >= self.mark.since_ms.saturating_add(HOUR_MS)
    }

    /// The numbers that nobody can take for the last any more.
    fn settled(&self, now_ms: u64) -> Vec<u64> {
        let below = if self.is_due(now_ms) { self.mark.below } else { 0 };
        self.older.iter().copied().take_while(|number| *number < below).collect()
    }
}

/// The version of one write: all that whoever wants to put the next one there has to know, and whose it is, since on another key
/// that number may be free. The stamp comes last.
fn own_version(key: &StoreKey, number: u64, object: &Object) -> Result<Version, StoreError> {
    let Mark { below, since_ms } = object.mark;
    let numbers = [number, object.written_ms, object.expires_ms, below, since_ms].map(u64::to_be_bytes);
    Version::from_bytes(&[start(key), numbers.as_flattened(), &object.stamp].concat())
}

/// As much of a key as a version has room for. It is random.
fn start(key: &StoreKey) -> &[u8] {
    &key.as_bytes()[..8]
}

/// The end of the chain, if the state of this version is it: unless it has expired, or its successor's number may have been taken
/// and be free again, or it is time to remove what is old.
pub(super) fn place_of(key: &StoreKey, version: &Version, now_ms: u64) -> Option<Place> {
    let (numbers, _) = version.as_bytes().strip_prefix(start(key))?.as_chunks();
    let numbers: [[u8; 8]; 7] = numbers.try_into().ok()?;
    let [number, written_ms, expires_ms, below, since_ms, ..] = numbers.map(u64::from_be_bytes);
    let is_recent = now_ms < written_ms.saturating_add(HOUR_MS / 2) && now_ms < since_ms.saturating_add(HOUR_MS);
    let end = End { number, mark: Mark { below, since_ms }, older: Vec::new() };
    (is_recent && now_ms < expires_ms).then_some(Place::End(end))
}

impl Bucket {
    /// The last state.
    pub(super) async fn end(&self, key: &StoreKey) -> Result<Option<Found>, StoreError> {
        loop {
            let mut older = self.numbers(key).await?;
            let Some(number) = older.pop() else { return Ok(None) };
            // If it is not there any more, it was swept.
            if let Some(found) = self.linked(key, number, older).await? {
                return Ok(Some(found));
            }
        }
    }

    /// The state of this number.
    async fn linked(&self, key: &StoreKey, number: u64, older: Vec<u64>) -> Result<Option<Found>, StoreError> {
        let Some((object, _)) = self.read(&self.link(key, number)).await? else { return Ok(None) };
        let version = object.kept.map_or_else(|| own_version(key, number, &object), Ok)?;
        let place = Place::End(End { number, mark: object.mark, older });
        Ok(Some(Found { object, version, place }))
    }

    /// The first state. That its number is free says nothing: it may have been removed long ago.
    pub(super) async fn begin(&self, key: &StoreKey, object: &Object) -> Result<Put, StoreError> {
        if !self.numbers(key).await?.is_empty() {
            return Ok(Put::Beaten);
        }
        self.take(key, 0, Mark { below: 0, since_ms: object.written_ms }, object).await
    }

    /// The state after the last one. Now and then, what was superseded long ago is left to be removed: a few at a time, as the
    /// caller waits. As long as there are more, the mark stays, so that the next write comes here as well.
    pub(super) async fn extend(
        &self,
        key: &StoreKey,
        end: &End,
        object: &Object,
        litter: &mut Litter,
    ) -> Result<Put, StoreError> {
        let now_ms = object.written_ms;
        let mut settled = end.settled(now_ms);
        let is_last = end.is_due(now_ms) && settled.len() <= AT_ONCE;
        settled.truncate(AT_ONCE);
        let mark = if is_last { Mark { below: end.number, since_ms: now_ms } } else { end.mark };
        let put = self.take(key, end.number + 1, mark, object).await?;
        if matches!(put, Put::Done(_)) {
            litter.links = settled;
        }
        Ok(put)
    }

    /// Ends the chain after this state or a later one: a dead state takes the first number that is free. What stood there last.
    ///
    /// Whoever reads the last state first, and then asks for the next number, loses to those who write without reading, for as long
    /// as they go on.
    pub(super) async fn close(&self, key: &StoreKey, end: &End, dead: &Object) -> Result<Option<Found>, StoreError> {
        let mut number = end.number + 1;
        while let Put::Beaten = self.take(key, number, end.mark, dead).await? {
            number += 1;
        }
        loop {
            number -= 1;
            match self.linked(key, number, Vec::new()).await? {
                // An operator that asks again was told that its own number is taken.
                Some(found) if found.object.stamp == dead.stamp => {}
                found => return Ok(found),
            }
        }
    }

    async fn take(&self, key: &StoreKey, number: u64, mark: Mark, object: &Object) -> Result<Put, StoreError> {
        let free = WriteOptions { if_not_exists: true, ..WriteOptions::default() };
        let object = Object { mark, ..object.clone() };
        Ok(match self.write(&self.link(key, number), &object, free).await? {
            Some(_) => Put::Done(own_version(key, number, &object)?),
            None => Put::Beaten,
        })
    }

    /// The numbers that are taken, in their order.
    pub(super) async fn numbers(&self, key: &StoreKey) -> Result<Vec<u64>, StoreError> {
        let entries = self.operator.list(&self.folder(key)).await.map_err(failed)?;
        let mut numbers: Vec<u64> = entries.iter().filter_map(|entry| entry.name().parse().ok()).collect();
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// Removes a state. From the lowest number up, so that it never outlives a higher one.
    pub(super) async fn remove_link(&self, key: &StoreKey, number: u64) -> Result<(), StoreError> {
        self.operator.delete(&self.link(key, number)).await.map_err(failed)
    }

    pub(super) fn folder(&self, key: &StoreKey) -> String {
        format!("{}/", self.path(key))
    }

    pub(super) fn link(&self, key: &StoreKey, number: u64) -> String {
        format!("{}{number:020}", self.folder(key))
    }
}
