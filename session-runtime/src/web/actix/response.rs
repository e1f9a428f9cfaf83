//! Responses for session errors, and what closing a session does to the response that a handler made.

use std::fmt;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::ServiceResponse;
use actix_web::error::InternalError;
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderMap;
use actix_web::{Error, HttpResponse, ResponseError};

use crate::error::SessionError;
use crate::manager::Closed;
use crate::origin::CrossSite;
use crate::web::exchange::{PLAIN, finish, keep_cookies, log_returned};

/// The error's [`status`](SessionError::status), with a text that tells a client nothing of the inside.
impl ResponseError for SessionError {
    fn status_code(&self) -> StatusCode {
        status(self.status())
    }

    fn error_response(&self) -> HttpResponse {
        log_returned("session", self, self.status());
        error_response(self)
    }
}

/// The response to another site's request.
pub(super) fn refusal(refused: &CrossSite) -> HttpResponse {
    text_response(StatusCode::FORBIDDEN, refused.to_string())
}

/// The response for an error that no handler returned.
pub(super) fn error_response(error: &SessionError) -> HttpResponse {
    text_response(status(error.status()), error.public_text())
}

pub(super) fn text_response(status: StatusCode, text: String) -> HttpResponse {
    HttpResponse::build(status).content_type(PLAIN).body(text)
}

pub(super) fn status(core: http::StatusCode) -> StatusCode {
    StatusCode::from_u16(core.as_u16()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// What becomes of the handler's response.
pub(super) fn close_response<B: MessageBody>(
    mut response: ServiceResponse<EitherBody<B>>,
    closed: Closed,
) -> ServiceResponse<EitherBody<B>> {
    if let Some(error) = &closed.error {
        response = replaced(response, error_response(error)).map_into_right_body();
    }
    finish(&closed, response.headers_mut());
    response
}

/// The response in another's place, with the cookies of both.
pub(super) fn replaced<B>(response: ServiceResponse<B>, mut by: HttpResponse) -> ServiceResponse {
    keep_cookies(response.headers(), by.headers_mut());
    response.into_response(by)
}

/// The error in another's place, with the cookies of both.
pub(super) fn replaced_error(error: &Error, by: Error) -> Error {
    let replaced = error.error_response();
    if !replaced.headers().contains_key("set-cookie") {
        return by;
    }
    let mut response = by.error_response();
    keep_cookies(replaced.headers(), response.headers_mut());
    InternalError::from_response(by, response).into()
}

/// What becomes of an error that a middleware within returned, which the server makes a response of.
pub(super) fn close_error(error: Error, mut closed: Closed) -> Error {
    if closed.error.is_none() && closed.set_cookie.is_none() && !closed.uncacheable {
        return error;
    }
    let instead = closed.error.take();
    ClosedError { error, instead, finish: move |head: &mut HeaderMap| finish(&closed, head) }.into()
}

/// An error, and what its response has to carry.
pub(super) struct ClosedError<F> {
    pub(super) error: Error,
    /// The error that is answered in its place.
    pub(super) instead: Option<SessionError>,
    pub(super) finish: F,
}

impl<F> fmt::Debug for ClosedError<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClosedError")
            .field("error", &self.error)
            .field("instead", &self.instead)
            .finish_non_exhaustive()
    }
}

impl<F> fmt::Display for ClosedError<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.instead {
            Some(error) => error.fmt(f),
            None => self.error.fmt(f),
        }
    }
}

impl<F: Fn(&mut HeaderMap)> ResponseError for ClosedError<F> {
    fn status_code(&self) -> StatusCode {
        match &self.instead {
            Some(error) => status(error.status()),
            None => self.error.as_response_error().status_code(),
        }
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = self.error.error_response();
        if let Some(error) = &self.instead {
            let mut instead = error_response(error);
            keep_cookies(response.headers(), instead.headers_mut());
            response = instead;
        }
        (self.finish)(response.headers_mut());
        response
    }
}
