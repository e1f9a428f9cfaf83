//! cloakroom in a file, which is left in the folder for temporary files: `benches/measure` removes that.

use std::path::PathBuf;

use axum::Router;
use cloakroom::Sessions;
use cloakroom::stores::{RedbStore, SqliteStore};

use super::with_sessions;

fn file(name: &str) -> PathBuf {
    tempfile::tempdir().expect("a temporary folder").keep().join(name)
}

pub(super) async fn redb() -> Router {
    with_sessions(Sessions::new(RedbStore::open(file("shop.redb")).expect("a file")))
}

pub(super) async fn sqlite() -> Router {
    let store = SqliteStore::builder(file("shop.sqlite")).expect("a file").build().expect("settings");
    store.migrate().await.expect("the table is made");
    with_sessions(Sessions::new(store))
}
