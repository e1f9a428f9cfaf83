//! A store in under 60 lines: records in a map. Where this one holds a lock, a database has a conditional write.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};
use std::time::SystemTime;

use cloakroom::Clock;
use cloakroom::store::{Bytes, Created, Replaced, SessionStore, StoreError, StoreKey, Stored, Touched, Version};

type Answer<T> = Result<T, StoreError>;

pub struct MapStore<C> {
    clock: C,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    records: HashMap<StoreKey, Stored>,
    writes: u64,
}

impl State {
    /// Each write has a version that no other ever had: a key that is created anew must refuse its old versions.
    fn put(&mut self, key: &StoreKey, bytes: Bytes, expires_at: SystemTime) -> Version {
        self.writes += 1;
        let version = Version::from(self.writes);
        self.records.insert(*key, Stored { version, bytes, expires_at });
        version
    }
}

impl<C: Clock> MapStore<C> {
    pub fn new(clock: C) -> Self {
        Self { clock, state: Mutex::default() }
    }

    /// What is over is gone before anybody looks. (A database has `expires_at > now` in each condition, and deletes now and then.)
    fn state(&self) -> Answer<MutexGuard<'_, State>> {
        let mut state =
            self.state.lock().map_err(|_| StoreError::message("a thread ended in the middle of a write"))?;
        state.records.retain(|_, record| record.expires_at > self.clock.now());
        Ok(state)
    }
}

impl<C: Clock> SessionStore for MapStore<C> {
    async fn load(&self, key: &StoreKey) -> Answer<Option<Stored>> {
        Ok(self.state()?.records.get(key).cloned())
    }

    async fn create(&self, key: &StoreKey, bytes: Bytes, expires_at: SystemTime) -> Answer<Created> {
        let mut state = self.state()?;
        let taken = state.records.contains_key(key);
        Ok(if taken { Created::Taken } else { Created::New(state.put(key, bytes, expires_at)) })
    }

    async fn replace(&self, key: &StoreKey, expected: &Version, bytes: Bytes, ends: SystemTime) -> Answer<Replaced> {
        let mut state = self.state()?;
        Ok(match state.records.get(key) {
            None => Replaced::Gone,
            Some(current) if current.version != *expected => Replaced::Stale(current.clone()),
            Some(_) => Replaced::Done(state.put(key, bytes, ends)),
        })
    }

    async fn touch(&self, key: &StoreKey, expected: &Version, expires_at: SystemTime) -> Answer<Touched> {
        let mut state = self.state()?;
        let Some(current) = state.records.get_mut(key) else { return Ok(Touched::Gone) };
        let is_expected = current.version == *expected;
        current.expires_at = if is_expected { expires_at } else { current.expires_at };
        Ok(if is_expected { Touched::Done } else { Touched::Stale })
    }

    async fn delete(&self, key: &StoreKey) -> Answer<Option<Stored>> {
        Ok(self.state()?.records.remove(key))
    }
}
