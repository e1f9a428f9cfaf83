//! A memory store behind a wire: replies may be late or lost, and raw records can be looked at and planted.

use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use cloakroom::MemoryStore;
use cloakroom::store::{Created, SessionStore, StoreError, StoreKey};
use tests::{Around, Deed, Wrapped};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Replies {
    Come,
    /// What was asked is done; the answer takes one more poll.
    Late,
    /// What was asked is done, but nobody hears of it.
    Lost(Deed),
}

#[derive(Clone)]
pub(crate) struct Wire {
    pub(crate) memory: MemoryStore,
    replies: Arc<Mutex<Replies>>,
    created: Arc<Mutex<Vec<StoreKey>>>,
}

impl Wire {
    pub(crate) fn new() -> Self {
        Self { memory: MemoryStore::new(), replies: Arc::new(Mutex::new(Replies::Come)), created: Arc::default() }
    }

    /// The store at its other end.
    pub(crate) fn store(&self) -> Wrapped<MemoryStore, Self> {
        Wrapped { inner: self.memory.clone(), around: self.clone() }
    }

    pub(crate) fn replies(&self, replies: Replies) {
        *self.replies.lock().unwrap() = replies;
    }

    /// The key of the record that was created last.
    pub(crate) fn last_key(&self) -> StoreKey {
        *self.created.lock().unwrap().last().expect("something was created")
    }

    pub(crate) async fn raw(&self, key: &StoreKey) -> Option<Bytes> {
        self.memory.load(key).await.unwrap().map(|stored| stored.bytes)
    }

    /// Puts these bytes in the record's place.
    pub(crate) async fn plant(&self, key: &StoreKey, bytes: &[u8]) {
        self.memory.delete(key).await.unwrap();
        let end = SystemTime::now() + Duration::from_secs(600);
        let created = self.memory.create(key, Bytes::copy_from_slice(bytes), end).await.unwrap();
        assert!(matches!(created, Created::New(_)));
    }
}

impl Around for Wire {
    async fn before(&self, deed: Deed, key: &StoreKey) -> Result<(), StoreError> {
        if deed == Deed::Create {
            self.created.lock().unwrap().push(*key);
        }
        Ok(())
    }

    async fn after(&self, deed: Deed) -> Result<(), StoreError> {
        let replies = *self.replies.lock().unwrap();
        if replies == Replies::Lost(deed) {
            return Err(StoreError::message("connection reset"));
        }
        let mut waited = replies != Replies::Late;
        poll_fn(|_| if std::mem::replace(&mut waited, true) { Poll::Ready(()) } else { Poll::Pending }).await;
        Ok(())
    }
}
