//! Every store: one function each, which gives an empty [`Place`]. Here those that need no server and no driver of a database.

use std::sync::{Arc, OnceLock};

use cloakroom::store::SessionStore;
use cloakroom::stores::{Encrypted, Layered, RedbStore};
use cloakroom::{Clock, MemoryStore, SealKeys};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use crate::place::Place;

#[cfg(feature = "stores")]
mod servers;

#[cfg(feature = "stores")]
pub use servers::*;

pub fn on_memory() -> Place<MemoryStore> {
    let store = OnceLock::new();
    Place::new(move |clock| {
        let store = store.get_or_init(|| MemoryStore::new().with_clock(clock)).clone();
        async { store }
    })
}

pub fn on_memory_encrypted() -> Place<Encrypted<MemoryStore>> {
    on_memory().map(|store, _| encrypted(store))
}

/// Each node has its own memory in front of one that they share.
pub fn on_memory_layered() -> Place<Layered<MemoryStore>> {
    on_memory().map(layered)
}

/// With keys that other processes have as well.
fn encrypted<S>(back: S) -> Encrypted<S> {
    let keys = SealKeys::from_bytes(&Sha256::digest("the tests' own key"));
    Encrypted::new(back, keys.expect("it has 32 bytes that look random"))
}

fn layered<S: SessionStore>(back: S, clock: Arc<dyn Clock>) -> Layered<S> {
    Layered::new(back).with_clock(clock)
}

/// One process alone can open a file, and once: its nodes share a handle.
pub fn on_redb() -> Place<RedbStore> {
    let (folder, store) = (folder(), OnceLock::new());
    Place::new(move |clock| {
        let open = || RedbStore::builder(folder.path().join("sessions.redb")).clock(clock).open();
        let store: RedbStore = store.get_or_init(|| open().expect("a new file opens")).clone();
        async { store }
    })
}

fn folder() -> TempDir {
    TempDir::new().expect("a temporary folder")
}
