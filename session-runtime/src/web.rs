//! Adapters for web frameworks: off-by-default features, and no session logic.

#[cfg(feature = "axum")]
mod axum;
#[cfg(all(feature = "cookies", feature = "tower"))]
mod cookies;
#[cfg(feature = "tower")]
mod guard;
#[cfg(feature = "tower")]
mod rejection;
#[cfg(feature = "tower")]
mod tower;

#[cfg(feature = "axum")]
pub use axum::{AnswerWith, ReplyWith, extracted};
#[cfg(all(feature = "cookies", feature = "tower"))]
pub use cookies::{CookiesFuture, CookiesLayer, CookiesService};
#[cfg(feature = "tower")]
pub use guard::{GuardLayer, GuardService};
#[cfg(feature = "tower")]
pub use tower::{ResponseFuture, SessionLayer, SessionService};

/// No web framework is in use that a guard could be an extractor for.
#[cfg(not(feature = "axum"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __extractor {
    ($guard:ty) => {};
}
