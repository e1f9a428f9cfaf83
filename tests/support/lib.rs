//! What the tests share: apps, clients, counting and failing stores.

pub mod folder;
