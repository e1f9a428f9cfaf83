//! What a store must do, and nothing else: every call is one atomic step on one key.
//!
//! Merging what two requests wrote is done once, above the store, so a store only compares versions. Write one by implementing
//! [`SessionStore`] with `async fn`s, then run the contract suite (`session_runtime::store::contract`, feature `testing`) on it.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// What records are handed over as, re-exported so that a store need not depend on `bytes` itself.
pub use bytes::Bytes;

/// For stores that keep times as numbers.
pub use crate::clock::{from_millis, millis};
use crate::error::BoxError;
pub use crate::token::StoreKey;

mod boxed;
#[cfg(feature = "testing")]
pub mod contract;
mod memory;
mod owners;
mod sweeper;

pub(crate) use boxed::{Boxed, DynIndex, DynStore};
pub use memory::MemoryStore;
pub use owners::{MAX_REMOVED, OwnerEntry, OwnerIndex, OwnerKey};
pub use sweeper::Sweeper;

/// Keeps records. Every method is one atomic step on one key, as seen by all nodes that share the store.
///
/// Whatever is past its `expires_at`, to the millisecond and by the store's clock, counts as absent everywhere.
/// A driver must not repeat a `replace` by itself: after a lost reply the repeat would read as a conflict.
pub trait SessionStore: Send + Sync + 'static {
    /// What is stored under `key`, unless it has expired.
    fn load(&self, key: &StoreKey) -> impl Future<Output = Result<Option<Stored>, StoreError>> + Send;

    /// Stores `bytes` under a key that must be free (an expired record leaves it free).
    fn create(
        &self,
        key: &StoreKey,
        bytes: Bytes,
        expires_at: SystemTime,
    ) -> impl Future<Output = Result<Created, StoreError>> + Send;

    /// Stores `bytes` in place of version `expected`, under a version that `key` never had before.
    fn replace(
        &self,
        key: &StoreKey,
        expected: &Version,
        bytes: Bytes,
        expires_at: SystemTime,
    ) -> impl Future<Output = Result<Replaced, StoreError>> + Send;

    /// Moves the expiry of version `expected`. The version stays, and nothing is ever created.
    fn touch(
        &self,
        key: &StoreKey,
        expected: &Version,
        expires_at: SystemTime,
    ) -> impl Future<Output = Result<Touched, StoreError>> + Send;

    /// Removes what is stored under `key`, whatever its version, and hands it back (unless it had expired).
    fn delete(&self, key: &StoreKey) -> impl Future<Output = Result<Option<Stored>, StoreError>> + Send;

    /// What [`load`](Self::load) would answer, where it is at hand in this process: it must not wait. `None`, the default, says nothing of
    /// what is stored: `load` is asked then.
    ///
    /// It also stands in for [`load_current`](Self::load_current), unless [`load_may_be_behind`](Self::load_may_be_behind): a cache that
    /// others can write past has to say so there, or guards and commits would rely on what is old.
    fn load_now(&self, key: &StoreKey) -> Option<Stored> {
        let _ = key;
        None
    }

    /// As [`load`](Self::load), but never from a cache that may be behind. Guards, `update_*` and commits ask this one.
    fn load_current(&self, key: &StoreKey) -> impl Future<Output = Result<Option<Stored>, StoreError>> + Send {
        self.load(key)
    }

    /// Waits, by the timer of the runtime that the store lives on. `None`, the default, where it has none.
    ///
    /// With it, requests that write to one session at the same moment take turns and back off from those of other nodes; without
    /// it each tries again at once. So a store whose calls cross a network should have it, and a store around another one should
    /// hand on the other's:
    ///
    /// ```
    /// # use std::time::Duration;
    /// # trait Pauses {
    /// fn pause(&self, time: Duration) -> Option<impl Future<Output = ()> + Send> {
    ///     Some(tokio::time::sleep(time))
    /// }
    /// # }
    /// ```
    fn pause(&self, time: Duration) -> Option<impl Future<Output = ()> + Send> {
        let _ = time;
        None::<std::future::Ready<()>>
    }

    /// As [`load_current`](Self::load_current), for whoever has the bytes of version `known`: they need not be sent again.
    ///
    /// A store over a network sends the version first, or has its server compare. Unless it is written, the whole record is
    /// loaded.
    fn load_if_changed(
        &self,
        key: &StoreKey,
        known: &Version,
    ) -> impl Future<Output = Result<Refreshed, StoreError>> + Send {
        async { Ok(Refreshed::of(self.load_current(key).await?, known)) }
    }

    /// Removes what has expired, as far as nothing else does, and says how much that was. Any number of nodes may do it at once.
    ///
    /// The default is for stores that drop what has expired by themselves. Whatever a store keeps counts as absent once it has expired, so
    /// this frees room and decides nothing. It is done again and again by a [`Sweeper`]. A store around another one
    /// should hand on the other's.
    fn sweep(&self) -> impl Future<Output = Result<Swept, StoreError>> + Send {
        async { Ok(Swept::ByItself) }
    }

    /// Whether [`load`](Self::load) may hand out a record that has been replaced or deleted since. It must never miss one that
    /// is there. Where this is `true`, what `load` found is loaded anew before a guard or a commit relies on it.
    fn load_may_be_behind(&self) -> bool {
        false
    }

    /// Which sessions an owner has. `None`, the default, where the store keeps no such index: sessions can then not be listed or
    /// revoked by their owner. A store around another one hands on the other's, and one that is its own index says `Some(self)`.
    ///
    /// An index belongs to the store that holds the records, and may forget entries whose records it does not find: the one of a
    /// [`MemoryStore`] loses the living sessions of any other store.
    fn owner_index(&self) -> Option<&impl OwnerIndex> {
        None::<&owners::NoIndex>
    }
}

/// A record as a store hands it out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Which write made it.
    pub version: Version,
    /// The bytes that were stored, unchanged.
    pub bytes: Bytes,
    /// When it counts as absent.
    pub expires_at: SystemTime,
}

/// What [`SessionStore::load_if_changed`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refreshed {
    /// The version that was known is still stored, now with this expiry.
    Unchanged {
        /// When it counts as absent: a `touch` may have moved it.
        expires_at: SystemTime,
    },
    /// Another version is stored: this one.
    Changed(Stored),
    /// Nothing is stored there.
    Gone,
}

impl Refreshed {
    /// What was found, for whoever has the bytes of version `known`.
    pub fn of(found: Option<Stored>, known: &Version) -> Self {
        match found {
            None => Self::Gone,
            Some(stored) if stored.version == *known => Self::Unchanged { expires_at: stored.expires_at },
            Some(stored) => Self::Changed(stored),
        }
    }
}

/// What [`SessionStore::create`] did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Created {
    /// Stored, under this version.
    New(Version),
    /// Something else is stored there; nothing was changed.
    Taken,
}

/// What [`SessionStore::replace`] did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replaced {
    /// Stored, under this version.
    Done(Version),
    /// Another version is stored: this one. Nothing was changed.
    Stale(Stored),
    /// Nothing is stored there. Nothing was changed.
    Gone,
}

/// What [`SessionStore::touch`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touched {
    /// The expiry was moved.
    Done,
    /// Another version is stored. Nothing was changed.
    Stale,
    /// Nothing is stored there. Nothing was changed.
    Gone,
}

/// What [`SessionStore::sweep`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Swept {
    /// The store drops what has expired by itself. There is nothing to sweep, today or later.
    ByItself,
    /// So many records had expired, and were removed by this call.
    Removed(u64),
}

/// A record's version: up to 64 opaque bytes, equal only if no write lies between.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Version {
    len: u8,
    bytes: [u8; Self::MAX],
}

impl Version {
    /// The most bytes that a version may have (S3 has ETags).
    pub const MAX: usize = 64;

    /// A version of these bytes.
    ///
    /// # Errors
    /// More than [`Version::MAX`] bytes are refused.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, StoreError> {
        let mut version = Self { len: 0, bytes: [0; Self::MAX] };
        let Some(room) = version.bytes.get_mut(..bytes.len()) else {
            return Err(StoreError::message(format!("a version of {} bytes is over the limit of 64", bytes.len())));
        };
        room.copy_from_slice(bytes);
        version.len = bytes.len() as u8;
        Ok(version)
    }

    /// The bytes it was made of.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }
}

/// A counting version, for stores that number their writes.
impl From<u64> for Version {
    fn from(number: u64) -> Self {
        let mut bytes = [0; Self::MAX];
        bytes[..8].copy_from_slice(&number.to_be_bytes());
        Self { len: 8, bytes }
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Version({})", self.as_bytes().escape_ascii())
    }
}

/// A store that could not do what it was asked: down, out of space, out of time. Never "not found".
#[derive(Debug)]
pub struct StoreError {
    source: BoxError,
    unreadable: bool,
}

impl StoreError {
    /// Wraps what the driver said.
    pub fn new(source: impl Into<BoxError>) -> Self {
        Self { source: source.into(), unreadable: false }
    }

    /// An error of these words.
    pub fn message(text: impl Into<String>) -> Self {
        Self::new(text.into())
    }

    /// The store works, and a record is there that it cannot read: a key for it is missing, say. From
    /// [`delete`](SessionStore::delete), which cannot hand such a record back, it says that the record was removed all the same.
    ///
    /// To its visitor it is a 503 like any other. In a list of its owner's sessions it is left out and hides none of the others, and a revocation
    /// ends it.
    ///
    /// ```
    /// use cloakroom::store::StoreError;
    ///
    /// let error = StoreError::unreadable("no key opens this record");
    /// assert!(error.is_unreadable() && !StoreError::message("connection refused").is_unreadable());
    /// ```
    pub fn unreadable(source: impl Into<BoxError>) -> Self {
        Self { source: source.into(), unreadable: true }
    }

    /// Is it about one record that is there and cannot be read? Else it is about the store.
    pub fn is_unreadable(&self) -> bool {
        self.unreadable
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the session store failed: {}", self.source)
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.source)
    }
}

/// A store that several parts of a program share.
impl<S: SessionStore + ?Sized> SessionStore for Arc<S> {
    fn load(&self, key: &StoreKey) -> impl Future<Output = Result<Option<Stored>, StoreError>> + Send {
        (**self).load(key)
    }

    fn create(
        &self,
        key: &StoreKey,
        bytes: Bytes,
        expires_at: SystemTime,
    ) -> impl Future<Output = Result<Created, StoreError>> + Send {
        (**self).create(key, bytes, expires_at)
    }

    fn replace(
        &self,
        key: &StoreKey,
        expected: &Version,
        bytes: Bytes,
        expires_at: SystemTime,
    ) -> impl Future<Output = Result<Replaced, StoreError>> + Send {
        (**self).replace(key, expected, bytes, expires_at)
    }

    fn touch(
        &self,
        key: &StoreKey,
        expected: &Version,
        expires_at: SystemTime,
    ) -> impl Future<Output = Result<Touched, StoreError>> + Send {
        (**self).touch(key, expected, expires_at)
    }

    fn delete(&self, key: &StoreKey) -> impl Future<Output = Result<Option<Stored>, StoreError>> + Send {
        (**self).delete(key)
    }

    fn load_now(&self, key: &StoreKey) -> Option<Stored> {
        (**self).load_now(key)
    }

    fn load_current(&self, key: &StoreKey) -> impl Future<Output = Result<Option<Stored>, StoreError>> + Send {
        (**self).load_current(key)
    }

    fn pause(&self, time: Duration) -> Option<impl Future<Output = ()> + Send> {
        (**self).pause(time)
    }

    fn load_if_changed(
        &self,
        key: &StoreKey,
        known: &Version,
    ) -> impl Future<Output = Result<Refreshed, StoreError>> + Send {
        (**self).load_if_changed(key, known)
    }

    fn sweep(&self) -> impl Future<Output = Result<Swept, StoreError>> + Send {
        (**self).sweep()
    }

    fn load_may_be_behind(&self) -> bool {
        (**self).load_may_be_behind()
    }

    fn owner_index(&self) -> Option<&impl OwnerIndex> {
        (**self).owner_index()
    }
}
