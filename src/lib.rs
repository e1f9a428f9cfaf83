//! Typed web sessions.
pub mod stores;

pub use session_runtime::*;
