#![doc = include_str!("guide/links.md")]
#![doc = include_str!("../README.md")]
//!
//! ## Read on
//!
//! [The guide][contents]: [quick starts][quick_start], [migrating][migrating], [choosing a store][stores],
//! [sessions of a person][owners], [life outside requests][outside], [testing][testing], [the security model][security],
//! [operating it][operating].

#[cfg(any(doc, doctest))]
pub mod guide;
pub mod stores;

pub use session_macros::*;
#[doc(hidden)]
pub use session_runtime::private;
pub use session_runtime::*;
