//! The store that one sealed session is to its request, and the deny list behind it.
//!
//! A cookie that was handed out cannot be called back, so a deny list names those that are over: by the storage key of their
//! identity, in any store, until the end that no cookie of this identity outlives, and a little longer. An entry is
//!
//! ```text
//! ended:   one byte
//! retired: the tombstone of `record.rs`, which names the successor · until when it reads as one: u64 ms, little-endian
//! ```
//! All cookies of one identity have the same absolute end by one policy, since whatever moves that end (`set_expiry`,
//! `mark_authenticated`, another owner) gives the session a new one. Where the policy gives it, another node's may be later: the end
//! is not in the cookie, but the idle end that the cookie has is.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;

use super::{BROUGHT, SealedRequest};
use crate::clock::{from_millis, millis};
use crate::policy::{MAX_LIFETIME, MAX_LIFETIME_MS};
use crate::record::{Header, Lifetimes, Parsed};
use crate::store::{Created, DynStore, Replaced, SessionStore, StoreError, Stored, Touched, Version};
use crate::token::StoreKey;

const ENDED: &[u8] = &[0];

/// The version of what this request has made: its identity is new, or the list was asked about it.
const MADE: u64 = 1;

/// The list's clock may be ahead of this node's.
const SKEW: Duration = Duration::from_secs(5 * 60);

/// What the deny list says of an identity.
enum Entry {
    Ended,
    /// A regenerate gave it a successor.
    Retired(Stored),
}

impl Entry {
    /// Whatever stands there denies, also what a newer program wrote.
    fn read(found: Stored) -> Self {
        match found.bytes.split_last_chunk::<8>() {
            Some((tombstone, until)) => Self::Retired(Stored {
                version: found.version,
                bytes: found.bytes.slice_ref(tombstone),
                expires_at: from_millis(u64::from_le_bytes(*until)),
            }),
            None => Self::Ended,
        }
    }

    /// The tombstone, while it reads as one.
    fn tombstone(self, now: SystemTime) -> Option<Stored> {
        match self {
            Self::Retired(tombstone) if tombstone.expires_at > now => Some(tombstone),
            _ => None,
        }
    }
}

impl SealedRequest {
    async fn look_up(&self, key: &StoreKey, current: bool) -> Result<Option<Stored>, StoreError> {
        let now = self.shared.clock.now();
        let held = self.with(key, |stored| stored.clone()).filter(|stored| stored.expires_at > now);
        let (Some(_), Some(deny)) = (&held, &self.sealing.deny) else { return Ok(held) };
        let asked = if current { deny.load_current(key) } else { deny.load(key) };
        match asked.await? {
            None => Ok(held),
            Some(found) => Ok(Entry::read(found).tombstone(now)),
        }
    }

    /// Denies an identity from now on. What stands there already stays, and is handed back.
    async fn enter(&self, deny: &Arc<dyn DynStore>, key: &StoreKey, entry: Bytes) -> Result<Option<Entry>, StoreError> {
        if let Created::New(_) = deny.create(key, entry, self.last_end(key) + SKEW).await? {
            return Ok(None);
        }
        let found = deny.load_current(key).await?;
        Ok(Some(found.map_or(Entry::Ended, Entry::read)))
    }

    /// When the last cookie of this identity is over: the longest that there is, for one that this request has not seen.
    ///
    /// Nodes may differ in `absolute`, while it is being changed. But no cookie outlives its idle time by itself, and from now on none of
    /// this identity is sealed.
    fn last_end(&self, key: &StoreKey) -> SystemTime {
        let now = self.shared.clock.now();
        let Some((header, end)) = self.held_header(key) else { return now + MAX_LIFETIME };
        if let Some(own) = header.own {
            return from_millis(header.absolute_end(own.at_most(MAX_LIFETIME_MS)));
        }
        let lifetimes = self.shared.policy.lifetimes(&header);
        from_millis(header.absolute_end(lifetimes)).max(end).max(now + Duration::from_millis(lifetimes.idle))
    }

    /// Is there a policy by which a cookie of this identity may be good still?
    fn may_live(&self, key: &StoreKey) -> bool {
        let longest = Lifetimes { idle: MAX_LIFETIME_MS, absolute: MAX_LIFETIME_MS };
        let is_over =
            |(header, _): (Header, _)| from_millis(header.absolute_end(longest)) + SKEW <= self.shared.clock.now();
        !self.held_header(key).is_some_and(is_over)
    }

    /// The times of a live record that this request holds, and its idle end.
    fn held_header(&self, key: &StoreKey) -> Option<(Header, SystemTime)> {
        let (parsed, end) = self.with(key, |stored| (Parsed::parse(stored.bytes.clone()), stored.expires_at))?;
        if let Ok(Parsed::Live(record)) = parsed { Some((record.header, end)) } else { None }
    }

    /// Has this identity been denied since it was brought? Else it may be sealed again. What this request has made is on no list.
    async fn was_denied(&self, key: &StoreKey, version: &Version) -> Result<bool, StoreError> {
        match &self.sealing.deny {
            Some(deny) if *version == Version::from(BROUGHT) => Ok(deny.load_current(key).await?.is_some()),
            _ => Ok(false),
        }
    }

    /// Puts the tombstone that a rotation leaves.
    async fn retire(&self, key: &StoreKey, tombstone: Bytes, until: SystemTime) -> Result<Replaced, StoreError> {
        if let Some(deny) = &self.sealing.deny {
            let entry = [&tombstone[..], &millis(until).to_le_bytes()].concat();
            match self.enter(deny, key, entry.into()).await? {
                Some(Entry::Retired(by_another)) => return Ok(Replaced::Stale(by_another)),
                Some(Entry::Ended) => return Ok(Replaced::Gone),
                None => {}
            }
        }
        self.forget(key);
        Ok(Replaced::Done(Version::from(MADE)))
    }

    fn forget(&self, key: &StoreKey) {
        self.held().records.retain(|(held, _)| held != key);
    }
}

/// One call at a time, and nobody else's: nothing here is ever stale. But a cookie of an identity that was denied meanwhile would take
/// the place of the one that came after it, so the list is asked once more before one is sealed.
impl SessionStore for SealedRequest {
    async fn load(&self, key: &StoreKey) -> Result<Option<Stored>, StoreError> {
        self.look_up(key, false).await
    }

    async fn load_current(&self, key: &StoreKey) -> Result<Option<Stored>, StoreError> {
        self.look_up(key, true).await
    }

    async fn create(&self, key: &StoreKey, bytes: Bytes, expires_at: SystemTime) -> Result<Created, StoreError> {
        let version = Version::from(MADE);
        self.held().records.push((*key, Stored { version, bytes, expires_at }));
        Ok(Created::New(version))
    }

    async fn replace(
        &self,
        key: &StoreKey,
        version: &Version,
        bytes: Bytes,
        expires_at: SystemTime,
    ) -> Result<Replaced, StoreError> {
        if let Ok(Parsed::Tombstone { .. }) = Parsed::parse(bytes.clone()) {
            return self.retire(key, bytes, expires_at).await;
        }
        if self.was_denied(key, version).await? {
            return Ok(Replaced::Gone);
        }
        let version = Version::from(MADE);
        let replaced = self.with(key, |stored| *stored = Stored { version, bytes, expires_at });
        Ok(replaced.map_or(Replaced::Gone, |()| Replaced::Done(version)))
    }

    async fn touch(&self, key: &StoreKey, version: &Version, expires_at: SystemTime) -> Result<Touched, StoreError> {
        if self.was_denied(key, version).await? {
            return Ok(Touched::Gone);
        }
        let touched = self.with(key, |stored| stored.expires_at = expires_at);
        Ok(touched.map_or(Touched::Gone, |()| Touched::Done))
    }

    async fn delete(&self, key: &StoreKey) -> Result<Option<Stored>, StoreError> {
        let now = self.shared.clock.now();
        let found = match &self.sealing.deny {
            Some(deny) if self.may_live(key) => self.enter(deny, key, Bytes::from_static(ENDED)).await?,
            _ => None,
        };
        let held = self.with(key, |stored| stored.clone()).filter(|stored| stored.expires_at > now);
        self.forget(key);
        Ok(found.map_or(held, |entry| entry.tombstone(now)))
    }
}
