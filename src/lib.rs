#![doc = include_str!("../README.md")]
#![doc = include_str!("outside.md")]

pub mod stores;

pub use session_macros::*;
#[doc(hidden)]
pub use session_runtime::private;
pub use session_runtime::*;
