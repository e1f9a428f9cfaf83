//! The core of [cloakroom](https://docs.rs/cloakroom): records, patches, commits, cookies and guards.
//!
//! Applications depend on `cloakroom`. Depend on this crate alone to write a store ([`SessionStore`]) or an adapter for a
//! web framework ([`Sessions`]).

mod accept;
mod assurance;
mod base;
mod base64url;
mod bearer;
mod clock;
mod codec;
mod commit;
mod cookie;
mod cookie_header;
#[cfg(feature = "cookies")]
pub mod cookies;
mod data;
#[cfg(feature = "debug-view")]
mod debug_view;
mod ends;
mod error;
mod field;
mod fields;
mod guard;
mod handle;
mod line;
mod manager;
pub mod observe;
mod origin;
mod owners;
mod patch;
mod policy;
#[doc(hidden)]
pub mod private;
mod record;
mod rejection;
mod report;
#[cfg(feature = "sealed")]
mod seal;
#[cfg(not(feature = "sealed"))]
#[path = "seal/absent.rs"]
mod seal;
mod sealed;
mod session;
mod set_cookie;
mod state;
pub mod store;
#[cfg(feature = "testing")]
pub mod testing;
mod token;
mod web;

pub use accept::Format;
pub use assurance::{AAL1_ABSOLUTE, AAL2_ABSOLUTE, AAL2_IDLE, AAL3_ABSOLUTE, AAL3_IDLE, Assurance};
#[cfg(any(test, feature = "testing"))]
pub use clock::ManualClock;
pub use clock::{Clock, SystemClock};
pub use cookie::SameSite;
#[cfg(feature = "cookies")]
pub use cookies::{
    ClosedCookies, CookieAttributes, CookieError, CookieKey, CookieRule, CookieSettings, CookieValue, Cookies,
    ProtectedCookies,
};
pub use data::{Key, OwnedData, SessionData, Settings};
pub use ends::SessionEnd;
pub use error::{BoxError, RecordError, SessionError};
pub use field::{Field, MAX_FIELD_NAME_LEN};
pub use guard::Guard;
pub use handle::{Done, Later};
pub use manager::{Closed, OwnedSession, Sessions, SessionsOf};
pub use origin::{CrossSite, RequestHead};
pub use policy::{
    AtLimit, DEFAULT_ABSOLUTE, DEFAULT_IDLE, DEFAULT_MAX_RECORD_SIZE, DEFAULT_RETIREMENT, MAX_LIFETIME, Policy,
};
pub use rejection::{Reason, Rejection, same_site_path};
pub use report::EndReason;
#[cfg(feature = "sealed")]
pub use seal::{OpenError, Opened, SEAL_OVERHEAD, SealKeyError, SealKeyId, SealKeys};
pub use session::Session;
pub use store::{MemoryStore, SessionStore, StoreError, Sweeper};
pub use token::{InvalidSessionId, InvalidToken, MAX_NAME_LEN, SessionId, StoreKey, Token};
#[cfg(all(feature = "cookies", feature = "tower"))]
pub use web::{CookiesFuture, CookiesLayer, CookiesService};
#[cfg(all(feature = "actix", feature = "cookies"))]
pub use web::{CookiesMiddleware, CookiesMiddlewareService};
#[cfg(feature = "tower")]
pub use web::{GuardLayer, GuardService, ResponseFuture, SessionLayer, SessionService};
#[cfg(feature = "actix")]
pub use web::{GuardMiddleware, GuardMiddlewareService, SessionMiddleware, SessionMiddlewareService};
