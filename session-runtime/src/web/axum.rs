//! Extractors, guards and error responses for axum 0.8.

use std::any::Any;
use std::cell::Cell;

use axum_core::body::Body;
use axum_core::extract::{FromRequestParts, OptionalFromRequestParts};
use axum_core::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderValue, header};

use crate::data::SessionData;
use crate::error::SessionError;
use crate::guard::{Guard, Guarded, Reply};
use crate::rejection::{Head, Rejection};
use crate::session::Session;
use crate::web::tower::{Arrived, error_response, text_response};

/// The session that a [`SessionLayer`](crate::SessionLayer) opened. Without the layer: a 500 that names it.
impl<S: Send + Sync, D: SessionData> FromRequestParts<S> for Session<D> {
    type Rejection = SessionError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, SessionError> {
        arrived::<D>(parts).map(|arrived| arrived.session.clone())
    }
}

/// `None` where no [`SessionLayer`](crate::SessionLayer) stands before the handler.
impl<S: Send + Sync, D: SessionData> OptionalFromRequestParts<S> for Session<D> {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Self::Rejection> {
        Ok(arrived::<D>(parts).ok().map(|arrived| arrived.session.clone()))
    }
}

fn arrived<D: SessionData>(parts: &Parts) -> Result<&Arrived<D>, SessionError> {
    parts.extensions.get().ok_or(SessionError::MissingLayer { data: std::any::type_name::<D>() })
}

/// The error's [`status`](SessionError::status), with a text that tells a client nothing of the inside.
impl IntoResponse for SessionError {
    fn into_response(self) -> Response {
        if self.status().is_server_error() {
            tracing::error!(error = %self, "a handler returned a session error");
        } else {
            tracing::debug!(error = %self, "a handler returned a session error");
        }
        error_response::<Body>(&self)
    }
}

/// The [`status`](Rejection::status), and the `Location` where there is one.
impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        let mut response = text_response::<Body>(self.status(), self.public_text());
        if let Some(location) = self.location.and_then(|location| HeaderValue::try_from(location).ok()) {
            response.headers_mut().insert(header::LOCATION, location);
        }
        response
    }
}

impl<S: Send + Sync, G: Guard> FromRequestParts<S> for Guarded<G> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        let Arrived { session, uri } = arrived::<G::Data>(parts).map_err(IntoResponse::into_response)?;
        let head = Head { method: &parts.method, uri, headers: &parts.headers };
        Self::check(session, &head).await.map_err(rejected::<G>)
    }
}

fn rejected<G: Guard>(rejection: Rejection) -> Response {
    let own = G::reject(&rejection).and_then(|response| response.downcast::<Response>().ok());
    own.map_or_else(|| rejection.into_response(), |response| *response)
}

/// Makes a response of what a `reject = …` function returned.
#[doc(hidden)]
pub trait ReplyWith {
    fn reply(&self) -> Option<Box<dyn Any + Send>>;
}

impl<T: IntoResponse> ReplyWith for Reply<T> {
    fn reply(&self) -> Option<Box<dyn Any + Send>> {
        let value = Cell::take(&self.0)?;
        Some(Box::new(value.into_response()))
    }
}
