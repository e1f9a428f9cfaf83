//! Sessions in this process's memory.

/// A placeholder until the store is written.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore;
