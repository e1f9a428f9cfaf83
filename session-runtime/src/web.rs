//! Adapters for web frameworks: off-by-default features, and no session logic.

#[cfg(feature = "actix")]
mod actix;
#[cfg(feature = "axum")]
mod axum;
#[cfg(all(feature = "cookies", any(feature = "actix", feature = "tower")))]
mod cookies;
#[cfg(any(feature = "actix", feature = "tower"))]
mod exchange;
#[cfg(feature = "tower")]
mod guard;
#[cfg(feature = "tower")]
mod rejection;
#[cfg(any(feature = "actix", feature = "tower"))]
mod settings;
#[cfg(feature = "tower")]
mod tower;

#[cfg(all(feature = "actix", feature = "axum"))]
pub use actix::ReplyWithEither;
#[cfg(feature = "actix")]
pub use actix::{
    Checking, GuardMiddleware, GuardMiddlewareService, ReplyWithActix, SessionMiddleware, SessionMiddlewareService,
    checking,
};
#[cfg(all(feature = "actix", feature = "cookies"))]
pub use actix::{CookiesMiddleware, CookiesMiddlewareService};
#[cfg(feature = "axum")]
pub use axum::{AnswerWith, ReplyWithAxum, extracted};
#[cfg(all(feature = "cookies", feature = "tower"))]
pub use cookies::{CookiesFuture, CookiesLayer, CookiesService};
#[cfg(feature = "tower")]
pub use guard::{GuardLayer, GuardService};
#[cfg(all(feature = "testing", feature = "tower"))]
pub(crate) use tower::Arrived;
#[cfg(feature = "tower")]
pub use tower::{ResponseFuture, SessionLayer, SessionService};

/// Makes a guard with a name an extractor of every framework in use.
#[doc(hidden)]
#[macro_export]
macro_rules! __extractor {
    ($guard:ty) => {
        $crate::__actix_extractor!($guard);
        $crate::__axum_extractor!($guard);
    };
}

#[cfg(not(feature = "actix"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __actix_extractor {
    ($guard:ty) => {};
}

#[cfg(not(feature = "axum"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __axum_extractor {
    ($guard:ty) => {};
}
