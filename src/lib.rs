//! Typed web sessions.
pub use session_runtime::*;
