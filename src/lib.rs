#![doc = include_str!("../README.md")]
#![doc = include_str!("outside.md")]

#[cfg(any(doc, doctest))]
pub mod guide;
pub mod stores;

pub use session_macros::*;
#[doc(hidden)]
pub use session_runtime::private;
pub use session_runtime::*;
