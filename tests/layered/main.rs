//! Memory in front of a store: no read is stale, or none is staler than was chosen, and what it saves.

mod coherent;
mod cost;
mod memory;
mod model;
mod races;
mod stale;

use std::time::{Duration, SystemTime};

use cloakroom::store::{Created, Replaced, SessionStore, Stored, Version};
use cloakroom::{StoreKey, session_guard};
use tests::{Shop, UserId};

#[session_guard(Shop, user_id)]
struct SignedIn {
    user_id: UserId,
}

const HOUR: Duration = Duration::from_secs(3600);

fn key(n: u32) -> StoreKey {
    let mut bytes = [0; 32];
    bytes[28..].copy_from_slice(&n.to_be_bytes());
    StoreKey::from_bytes(bytes)
}

async fn load(store: &impl SessionStore, key: &StoreKey) -> Option<Stored> {
    store.load(key).await.unwrap()
}

async fn create(store: &impl SessionStore, key: &StoreKey, bytes: &str, at: SystemTime) -> Version {
    match store.create(key, bytes.to_owned().into(), at).await.unwrap() {
        Created::New(version) => version,
        Created::Taken => panic!("the key is taken"),
    }
}

async fn replace(
    store: &impl SessionStore,
    key: &StoreKey,
    expected: &Version,
    bytes: &str,
    at: SystemTime,
) -> Version {
    match store.replace(key, expected, bytes.to_owned().into(), at).await.unwrap() {
        Replaced::Done(version) => version,
        other => panic!("the version is current, and replace said {other:?}"),
    }
}
