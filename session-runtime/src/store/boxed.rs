//! The contract with boxed futures, so that a session's type does not name its store.

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, SystemTime};

use bytes::Bytes;

use super::{
    Created, OwnerEntry, OwnerIndex, OwnerKey, Replaced, SessionStore, StoreError, StoreKey, Stored, Touched, Version,
};

pub(crate) type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The boxed twin of [`SessionStore`], as far as sessions call it.
pub(crate) trait DynStore: Send + Sync + 'static {
    fn load<'a>(&'a self, key: &'a StoreKey) -> Boxed<'a, Result<Option<Stored>, StoreError>>;
    fn load_now(&self, key: &StoreKey) -> Option<Stored>;
    fn load_current<'a>(&'a self, key: &'a StoreKey) -> Boxed<'a, Result<Option<Stored>, StoreError>>;
    fn create<'a>(&'a self, key: &'a StoreKey, bytes: Bytes, at: SystemTime) -> Boxed<'a, Result<Created, StoreError>>;
    fn replace<'a>(
        &'a self,
        key: &'a StoreKey,
        expected: &'a Version,
        bytes: Bytes,
        at: SystemTime,
    ) -> Boxed<'a, Result<Replaced, StoreError>>;
    fn touch<'a>(
        &'a self,
        key: &'a StoreKey,
        expected: &'a Version,
        at: SystemTime,
    ) -> Boxed<'a, Result<Touched, StoreError>>;
    fn delete<'a>(&'a self, key: &'a StoreKey) -> Boxed<'a, Result<Option<Stored>, StoreError>>;
    fn load_may_be_behind(&self) -> bool;
    fn pause(&self, time: Duration) -> Option<Boxed<'_, ()>>;
    fn owner_index(&self) -> Option<&dyn DynIndex>;
}

/// The boxed twin of [`OwnerIndex`].
pub(crate) trait DynIndex: Send + Sync {
    fn enter<'a>(&'a self, owner: &'a OwnerKey, entry: &'a OwnerEntry) -> Boxed<'a, Result<(), StoreError>>;
    fn entries<'a>(&'a self, owner: &'a OwnerKey) -> Boxed<'a, Result<Vec<OwnerEntry>, StoreError>>;
    fn has_entry<'a>(&'a self, owner: &'a OwnerKey, key: &'a StoreKey) -> Boxed<'a, Result<bool, StoreError>>;
    fn remove_entries<'a>(&'a self, owner: &'a OwnerKey, keys: &'a [StoreKey]) -> Boxed<'a, Result<(), StoreError>>;
}

impl<S: SessionStore> DynStore for S {
    fn load<'a>(&'a self, key: &'a StoreKey) -> Boxed<'a, Result<Option<Stored>, StoreError>> {
        Box::pin(SessionStore::load(self, key))
    }

    fn load_now(&self, key: &StoreKey) -> Option<Stored> {
        SessionStore::load_now(self, key)
    }

    fn load_current<'a>(&'a self, key: &'a StoreKey) -> Boxed<'a, Result<Option<Stored>, StoreError>> {
        Box::pin(SessionStore::load_current(self, key))
    }

    fn create<'a>(&'a self, key: &'a StoreKey, bytes: Bytes, at: SystemTime) -> Boxed<'a, Result<Created, StoreError>> {
        Box::pin(SessionStore::create(self, key, bytes, at))
    }

    fn replace<'a>(
        &'a self,
        key: &'a StoreKey,
        expected: &'a Version,
        bytes: Bytes,
        at: SystemTime,
    ) -> Boxed<'a, Result<Replaced, StoreError>> {
        Box::pin(SessionStore::replace(self, key, expected, bytes, at))
    }

    fn touch<'a>(
        &'a self,
        key: &'a StoreKey,
        expected: &'a Version,
        at: SystemTime,
    ) -> Boxed<'a, Result<Touched, StoreError>> {
        Box::pin(SessionStore::touch(self, key, expected, at))
    }

    fn delete<'a>(&'a self, key: &'a StoreKey) -> Boxed<'a, Result<Option<Stored>, StoreError>> {
        Box::pin(SessionStore::delete(self, key))
    }

    fn load_may_be_behind(&self) -> bool {
        SessionStore::load_may_be_behind(self)
    }

    fn pause(&self, time: Duration) -> Option<Boxed<'_, ()>> {
        SessionStore::pause(self, time).map(|pause| -> Boxed<'_, ()> { Box::pin(pause) })
    }

    fn owner_index(&self) -> Option<&dyn DynIndex> {
        SessionStore::owner_index(self).map(|index| index as &dyn DynIndex)
    }
}

impl<I: OwnerIndex> DynIndex for I {
    fn enter<'a>(&'a self, owner: &'a OwnerKey, entry: &'a OwnerEntry) -> Boxed<'a, Result<(), StoreError>> {
        Box::pin(OwnerIndex::enter(self, owner, entry))
    }

    fn entries<'a>(&'a self, owner: &'a OwnerKey) -> Boxed<'a, Result<Vec<OwnerEntry>, StoreError>> {
        Box::pin(OwnerIndex::entries(self, owner))
    }

    fn has_entry<'a>(&'a self, owner: &'a OwnerKey, key: &'a StoreKey) -> Boxed<'a, Result<bool, StoreError>> {
        Box::pin(OwnerIndex::has_entry(self, owner, key))
    }

    fn remove_entries<'a>(&'a self, owner: &'a OwnerKey, keys: &'a [StoreKey]) -> Boxed<'a, Result<(), StoreError>> {
        Box::pin(OwnerIndex::remove_entries(self, owner, keys))
    }
}
