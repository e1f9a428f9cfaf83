//! Adapters for web frameworks: off-by-default features, and no session logic.

#[cfg(feature = "axum")]
mod axum;
#[cfg(feature = "axum")]
mod rejection;
#[cfg(feature = "tower")]
mod tower;

#[cfg(feature = "axum")]
pub use axum::{AnswerWith, ReplyWith};
#[cfg(feature = "tower")]
pub use tower::{ResponseFuture, SessionLayer, SessionService};
