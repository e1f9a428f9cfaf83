#![doc = include_str!("guide/links.md")]
#![doc = include_str!("../README.md")]
//!
//! ## Read on
//!
//! [The guide][contents]: quick starts, migrating, choosing a store, the security model, operating, writing a store.

#[cfg(any(doc, doctest))]
pub mod guide;
pub mod stores;

pub use session_macros::*;
#[doc(hidden)]
pub use session_runtime::private;
pub use session_runtime::*;
