//! The core of [cloakroom](https://docs.rs/cloakroom): records, patches, commits, cookies and guards.
//!
//! Applications depend on `cloakroom`. Depend on this crate alone to write a store ([`SessionStore`]) or an adapter for a
//! web framework ([`Sessions`]).

mod clock;
mod error;
pub mod store;
mod token;

#[cfg(any(test, feature = "testing"))]
pub use clock::ManualClock;
pub use clock::{Clock, SystemClock};
pub use error::{BoxError, RecordError, SessionError};
pub use store::{MemoryStore, SessionStore, StoreError};
pub use token::{InvalidSessionId, MAX_NAME_LEN, SessionId, StoreKey, Token};
