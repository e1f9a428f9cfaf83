//! Extractors, guards and error responses for axum 0.8.

use std::any::Any;
use std::sync::Arc;

use axum_core::body::Body;
use axum_core::extract::{FromRequestParts, OptionalFromRequestParts};
use axum_core::response::{IntoResponse, Response};
use http::request::Parts;

#[cfg(feature = "cookies")]
use crate::cookies::{CookieError, Cookies};
use crate::data::SessionData;
use crate::error::SessionError;
use crate::guard::{Guard, Guarded, Refused, Reply};
use crate::rejection::{Head, Rejection};
use crate::session::Session;
use crate::web::exchange::log_returned;
use crate::web::rejection::{OverHttp, built_in_response, rejection_response};
#[cfg(feature = "cookies")]
use crate::web::tower::text_response;
use crate::web::tower::{Arrived, SessionLayer, error_response};

/// The session that a [`SessionLayer`](crate::SessionLayer) opened. Without the layer: a 500 that names it.
impl<S: Send + Sync, D: SessionData> FromRequestParts<S> for Session<D> {
    type Rejection = SessionError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, SessionError> {
        Self::from_extensions(&parts.extensions)
    }
}

/// `None` where no [`SessionLayer`](crate::SessionLayer) stands before the handler.
impl<S: Send + Sync, D: SessionData> OptionalFromRequestParts<S> for Session<D> {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Self::Rejection> {
        Ok(Self::from_extensions(&parts.extensions).ok())
    }
}

/// The cookies that a [`CookiesLayer`](crate::CookiesLayer) opened. Without the layer: a 500 that names it.
#[cfg(feature = "cookies")]
impl<S: Send + Sync> FromRequestParts<S> for Cookies {
    type Rejection = CookieError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, CookieError> {
        Self::from_extensions(&parts.extensions)
    }
}

/// `None` where no [`CookiesLayer`](crate::CookiesLayer) stands before the handler.
#[cfg(feature = "cookies")]
impl<S: Send + Sync> OptionalFromRequestParts<S> for Cookies {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Self::Rejection> {
        Ok(Self::from_extensions(&parts.extensions).ok())
    }
}

/// The error's [`status`](CookieError::status), with a text that shows a client no value and nothing of the inside.
#[cfg(feature = "cookies")]
impl IntoResponse for CookieError {
    fn into_response(self) -> Response {
        log_returned("cookie", &self, self.status());
        text_response::<Body>(self.status(), self.public_text())
    }
}

/// The error's [`status`](SessionError::status), with a text that tells a client nothing of the inside.
impl IntoResponse for SessionError {
    fn into_response(self) -> Response {
        log_returned("session", &self, self.status());
        error_response::<Body>(&self)
    }
}

/// What a guard answers where neither it nor the application has an answer of its own: see [`Rejection`].
impl IntoResponse for &Rejection {
    fn into_response(self) -> Response {
        built_in_response::<Body>(self)
    }
}

/// As for `&Rejection`.
impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        built_in_response::<Body>(&self)
    }
}

impl<S: Send + Sync, G: Guard> FromRequestParts<S> for Guarded<G> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        extracted(parts).await
    }
}

impl<S: Send + Sync, T: Send> FromRequestParts<S> for Refused<T> {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        unreachable!("refused at compile time")
    }
}

/// Runs a guard on a request's head.
///
/// # Errors
/// The response for a request that is turned away.
#[doc(hidden)]
pub async fn extracted<G: Guard>(parts: &Parts) -> Result<Guarded<G>, Response> {
    let arrived = Arrived::<G::Data>::find(&parts.extensions).map_err(IntoResponse::into_response)?;
    let head = Head { method: &parts.method, uri: &arrived.uri, headers: &parts.headers };
    let checked = Guarded::check(&arrived.session).await;
    checked.map_err(|reason| rejection_response::<G, Body>(reason, &head, arrived))
}

/// Makes a guard with a name an extractor. The guard is the application's type, so the application's crate must do it.
#[doc(hidden)]
#[macro_export]
macro_rules! __axum_extractor {
    ($guard:ty) => {
        #[automatically_derived]
        // The names of types are not hygienic: a guard may be called `S`.
        impl<__State: $crate::private::core::marker::Send + $crate::private::core::marker::Sync>
            $crate::private::FromRequestParts<__State> for $guard
        {
            type Rejection = $crate::private::Response;

            async fn from_request_parts(
                parts: &mut $crate::private::Parts,
                _: &__State,
            ) -> $crate::private::core::result::Result<Self, $crate::private::Response> {
                let $crate::private::Guarded(guard) = $crate::private::extracted::<Self>(parts).await?;
                $crate::private::core::result::Result::Ok(guard)
            }
        }
    };
}

impl<D: SessionData> SessionLayer<D> {
    /// Answers each request that a guard of this session turns away, unless that guard has its own `reject = …`.
    ///
    /// The response is sent as it is, with what HTTP asks for: `Vary: Accept`, and on a 401 a `WWW-Authenticate` where it has none.
    /// A `&Rejection` is itself a response, the one that would have been sent; so an application can put its own face on the pages,
    /// and leave redirects and programs alone:
    ///
    /// ```
    /// use axum::response::{Html, IntoResponse, Response};
    /// use cloakroom::{Format, MemoryStore, Rejection, SessionData, SessionLayer};
    ///
    /// #[derive(SessionData)]
    /// struct Shop { #[session(owner)] user_id: Option<u64> }
    ///
    /// fn turned_away(rejection: &Rejection) -> Response {
    ///     match rejection.prefers() {
    ///         Format::Html if rejection.location.is_none() => (rejection.status(), Html("<h1>Not with this ticket</h1>")).into_response(),
    ///         _ => rejection.into_response(),
    ///     }
    /// }
    ///
    /// let layer = SessionLayer::<Shop>::new(MemoryStore::new()).with_rejection(turned_away);
    /// ```
    ///
    /// The same function can stand behind a guard's `reject`. A closure has to name its parameter's type: `|rejection: &Rejection| …`.
    ///
    /// A guard that is checked inside a function's body leaves the answer to that function.
    pub fn with_rejection(mut self, answer: impl for<'a> AnswerWith<'a> + Send + Sync + 'static) -> Self {
        self.answer = Some(Arc::new(move |rejection| Box::new(answer(rejection).into_response())));
        self
    }
}

/// A function from `&Rejection` to a response, which may borrow from it.
#[doc(hidden)]
pub trait AnswerWith<'a>: Fn(&'a Rejection) -> <Self as AnswerWith<'a>>::Response {
    type Response: IntoResponse;
}

impl<'a, F: Fn(&'a Rejection) -> R, R: IntoResponse> AnswerWith<'a> for F {
    type Response = R;
}

/// Makes a response of what a `reject = …` function returned.
#[doc(hidden)]
pub trait ReplyWithAxum {
    fn reply(&self) -> Option<Box<dyn Any>>;
}

impl<T: IntoResponse> ReplyWithAxum for &&Reply<'_, T> {
    fn reply(&self) -> Option<Box<dyn Any>> {
        self.request.is::<OverHttp>().then(|| self.take().map(reply)).flatten()
    }
}

/// The reply for axum.
pub(super) fn reply(value: impl IntoResponse) -> Box<dyn Any> {
    Box::new(value.into_response())
}
