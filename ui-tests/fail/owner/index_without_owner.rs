#![allow(dead_code, unused)]

use cloakroom::{MemoryStore, SessionData, SessionLayer};

#[derive(SessionData)]
struct Shop {
    user_id: Option<u64>,
}

fn main() {
    let layer = SessionLayer::<Shop>::new(MemoryStore::new()).with_owner_index();
}
