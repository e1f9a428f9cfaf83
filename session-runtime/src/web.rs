//! Adapters for web frameworks: off-by-default features, and no session logic.

#[cfg(feature = "axum")]
mod axum;
#[cfg(feature = "tower")]
mod tower;

#[cfg(feature = "axum")]
pub use axum::ReplyWith;
#[cfg(feature = "tower")]
pub use tower::{ResponseFuture, SessionLayer, SessionService};
