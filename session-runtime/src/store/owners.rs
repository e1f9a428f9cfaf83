//! Which sessions an owner has: what a store may keep beside the records, so that they can be listed and revoked.
//!
//! The index is a hint that never says too little. A session is entered before it is stored, and its entry removed once it is
//! gone, so an entry may name a session that is not there (any more, or yet), and whoever reads the index looks at the records.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::SystemTime;

use sha2::{Digest, Sha256};

use super::{StoreError, StoreKey};

/// Keeps, for each owner, the storage keys of their sessions. Every method is one atomic step on one owner, as seen by all nodes
/// that share the store: what one call has done, the next one sees, wherever it is made.
///
/// A store that has one hands it out in [`SessionStore::owner_index`](super::SessionStore::owner_index), and the clauses of the
/// contract suite that are about it (`session_runtime::store::contract`) then apply. An entry counts as absent once it is past its
/// `ends_at`, to the millisecond and by the store's clock, and the store sweeps it. No token is ever told to it.
pub trait OwnerIndex: Send + Sync {
    /// Enters a session under an owner. An entry that is there already keeps its `entered_at`, and the later of both ends.
    fn enter(&self, owner: &OwnerKey, entry: &OwnerEntry) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// All entries of an owner, in no particular order.
    fn entries(&self, owner: &OwnerKey) -> impl Future<Output = Result<Vec<OwnerEntry>, StoreError>> + Send;

    /// Whether a session is entered under an owner.
    fn has_entry(&self, owner: &OwnerKey, key: &StoreKey) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Removes these entries of an owner, at most [`MAX_REMOVED`] of them. Those that are not there are no error.
    fn remove_entries(
        &self,
        owner: &OwnerKey,
        keys: &[StoreKey],
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// The most entries that [`OwnerIndex::remove_entries`] is asked to remove at once.
pub const MAX_REMOVED: usize = 128;

/// That an owner has a session, or is about to have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnerEntry {
    /// The session's storage key.
    pub key: StoreKey,
    /// When it was entered, to the millisecond: by the clock of the node that did it.
    pub entered_at: SystemTime,
    /// When it counts as absent, to the millisecond: the session's absolute end, which no activity moves.
    pub ends_at: SystemTime,
}

/// An owner, as a store knows them: SHA-256 over session name, a zero byte, `owner`, a zero byte and the owner field's stored bytes.
///
/// It hides no owner from whoever can guess them (a user's number, an e-mail address): it only makes all of one length.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OwnerKey([u8; 32]);

impl OwnerKey {
    /// A key of these bytes, whatever they are.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes to store under.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Of the owner with these stored bytes, in sessions of this name.
    pub(crate) fn of(name: &str, owner: &[u8]) -> Self {
        let hash = Sha256::new().chain_update(name).chain_update(b"\0owner\0").chain_update(owner);
        Self(hash.finalize().into())
    }
}

impl fmt::Debug for OwnerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OwnerKey(")?;
        self.0[..6].iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str("…)")
    }
}

/// The index of a store that has none.
pub(super) struct NoIndex(std::convert::Infallible);

impl OwnerIndex for NoIndex {
    async fn enter(&self, _: &OwnerKey, _: &OwnerEntry) -> Result<(), StoreError> {
        match self.0 {}
    }

    async fn entries(&self, _: &OwnerKey) -> Result<Vec<OwnerEntry>, StoreError> {
        match self.0 {}
    }

    async fn has_entry(&self, _: &OwnerKey, _: &StoreKey) -> Result<bool, StoreError> {
        match self.0 {}
    }

    async fn remove_entries(&self, _: &OwnerKey, _: &[StoreKey]) -> Result<(), StoreError> {
        match self.0 {}
    }
}

/// An index that several parts of a program share.
impl<I: OwnerIndex + ?Sized> OwnerIndex for Arc<I> {
    fn enter(&self, owner: &OwnerKey, entry: &OwnerEntry) -> impl Future<Output = Result<(), StoreError>> + Send {
        (**self).enter(owner, entry)
    }

    fn entries(&self, owner: &OwnerKey) -> impl Future<Output = Result<Vec<OwnerEntry>, StoreError>> + Send {
        (**self).entries(owner)
    }

    fn has_entry(&self, owner: &OwnerKey, key: &StoreKey) -> impl Future<Output = Result<bool, StoreError>> + Send {
        (**self).has_entry(owner, key)
    }

    fn remove_entries(
        &self,
        owner: &OwnerKey,
        keys: &[StoreKey],
    ) -> impl Future<Output = Result<(), StoreError>> + Send {
        (**self).remove_entries(owner, keys)
    }
}
