//! Adapters for web frameworks: off-by-default features, and no session logic.

#[cfg(feature = "axum")]
mod axum;
#[cfg(feature = "tower")]
mod guard;
#[cfg(feature = "tower")]
mod rejection;
#[cfg(feature = "tower")]
mod tower;

#[cfg(feature = "axum")]
pub use axum::{AnswerWith, ReplyWith, extracted};
#[cfg(feature = "tower")]
pub use guard::{GuardLayer, GuardService};
#[cfg(all(feature = "testing", feature = "tower"))]
pub(crate) use tower::Arrived;
#[cfg(feature = "tower")]
pub use tower::{ResponseFuture, SessionLayer, SessionService};

/// No web framework is in use that a guard could be an extractor for.
#[cfg(not(feature = "axum"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __extractor {
    ($guard:ty) => {};
}
