//! A store on objects that a test sees, by a clock that it sets.

use std::time::{Duration, SystemTime};

use cloakroom::store::{Created, Replaced, Stored, Version};
use cloakroom::stores::ObjectStore;
use cloakroom::{Clock as _, ManualClock, SessionStore as _, StoreKey};
use opendal::layers::RetryLayer;

use crate::objects::{Conditions, Objects};

const HOUR: Duration = Duration::from_secs(3600);

/// A store on objects that the test sees, and its time.
pub struct ObjectBench {
    /// What is stored.
    pub objects: Objects,
    /// Its time.
    pub clock: ManualClock,
    /// The store.
    pub store: ObjectStore,
}

impl ObjectBench {
    /// Also where nothing can be done under a condition.
    pub fn new(conditions: Conditions) -> Self {
        let (objects, clock) = (Objects::default(), ManualClock::default());
        let store = ObjectStore::builder(objects.operator(conditions)).clock(clock.clone());
        let store = store.with_insecure_last_writer_wins().build().unwrap();
        Self { objects, clock, store }
    }

    /// Sends again whatever is not answered.
    pub fn with_retries(conditions: Conditions) -> Self {
        let (objects, clock) = (Objects::default(), ManualClock::default());
        let retry = RetryLayer::new().with_min_delay(Duration::from_millis(1));
        let store = ObjectStore::builder(objects.operator(conditions).layer(retry)).clock(clock.clone());
        Self { objects, clock, store: store.build().unwrap() }
    }

    /// A time to come.
    pub fn later(&self, by: Duration) -> SystemTime {
        self.clock.now() + by
    }

    /// Begins a session.
    pub async fn create(&self, number: u8, expires_in: Duration) -> Version {
        match self.store.create(&object_key(number), "data".into(), self.later(expires_in)).await.unwrap() {
            Created::New(version) => version,
            Created::Taken => panic!("session {number} was there"),
        }
    }

    /// Replaces a session that is at this version, for an hour.
    pub async fn replace(&self, number: u8, expected: &Version, bytes: &'static str) -> Version {
        match self.store.replace(&object_key(number), expected, bytes.into(), self.later(HOUR)).await.unwrap() {
            Replaced::Done(version) => version,
            other => panic!("{other:?}"),
        }
    }

    /// What is in a session.
    pub async fn load(&self, number: u8) -> Option<Stored> {
        self.store.load(&object_key(number)).await.unwrap()
    }
}

/// The key of a session.
pub fn object_key(number: u8) -> StoreKey {
    StoreKey::from_bytes([number; 32])
}
