//! What handlers answer with, on every framework.

use std::convert::Infallible;

use actix_web::body::BoxBody;
use actix_web::{HttpRequest, HttpResponse, Responder};
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use cloakroom::{CookieError, Rejection, SessionError};
use futures_util::stream::{self, BoxStream};
use http::StatusCode;

/// What a handler answers with: by the framework's own means wherever it has some.
pub trait Answer: Send + 'static {
    fn on_axum(self) -> Response;
    fn on_actix(self, request: &HttpRequest) -> HttpResponse;
}

/// What both frameworks take as it is.
macro_rules! as_it_is {
    ($($answer:ty),+) => {$(
        impl Answer for $answer {
            fn on_axum(self) -> Response {
                self.into_response()
            }

            fn on_actix(self, request: &HttpRequest) -> HttpResponse {
                self.respond_to(request).map_into_boxed_body()
            }
        }
    )+};
}

as_it_is!(String, &'static str, Bytes, Rejection, Sent);

impl Answer for () {
    fn on_axum(self) -> Response {
        self.into_response()
    }

    fn on_actix(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok().finish()
    }
}

/// Errors that both frameworks make a response of.
macro_rules! errors {
    ($($error:ty),+) => {$(
        impl Answer for $error {
            fn on_axum(self) -> Response {
                self.into_response()
            }

            fn on_actix(self, _: &HttpRequest) -> HttpResponse {
                actix_web::Error::from(self).as_response_error().error_response()
            }
        }
    )+};
}

errors!(CookieError, SessionError);

impl Answer for StatusCode {
    fn on_axum(self) -> Response {
        self.into_response()
    }

    fn on_actix(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::new(to_actix(self))
    }
}

impl<A: Answer> Answer for (StatusCode, A) {
    fn on_axum(self) -> Response {
        (self.0, self.1.on_axum()).into_response()
    }

    fn on_actix(self, request: &HttpRequest) -> HttpResponse {
        let mut response = self.1.on_actix(request);
        *response.status_mut() = to_actix(self.0);
        response
    }
}

impl<A: Answer, E: Answer> Answer for Result<A, E> {
    fn on_axum(self) -> Response {
        self.map_or_else(E::on_axum, A::on_axum)
    }

    fn on_actix(self, request: &HttpRequest) -> HttpResponse {
        match self {
            Ok(answer) => answer.on_actix(request),
            Err(error) => error.on_actix(request),
        }
    }
}

pub(super) fn to_actix(status: StatusCode) -> actix_web::http::StatusCode {
    actix_web::http::StatusCode::from_u16(status.as_u16()).expect("the same statuses")
}

/// A body that is made when the response's head has left.
pub struct Later(BoxStream<'static, Result<Bytes, Infallible>>);

impl Later {
    /// This text, once it is there.
    pub fn new(text: impl Future<Output = String> + Send + 'static) -> Self {
        Self(Box::pin(stream::once(async { Ok(text.await.into()) })))
    }
}

impl Answer for Later {
    fn on_axum(self) -> Response {
        Body::from_stream(self.0).into_response()
    }

    fn on_actix(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok().streaming(self.0)
    }
}

/// A whole response, which is one on every framework.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    status: StatusCode,
    headers: Vec<(String, String)>,
    body: String,
}

impl Sent {
    /// A response without a body.
    pub fn new(status: StatusCode) -> Self {
        Self { status, ..Self::default() }
    }

    /// With one more header field.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With this body.
    pub fn body(self, body: impl Into<String>) -> Self {
        Self { body: body.into(), ..self }
    }

    /// A redirect as a form's answer: 303.
    pub fn see_other(location: &str) -> Self {
        Self::new(StatusCode::SEE_OTHER).header("location", location)
    }
}

/// The response that would have been sent.
impl From<&Rejection> for Sent {
    fn from(rejection: &Rejection) -> Self {
        let (head, body) = rejection.response().into_parts();
        let text = |value: &http::HeaderValue| value.to_str().expect("text").to_owned();
        let headers = head.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        Self { status: head.status, headers, body }
    }
}

impl IntoResponse for Sent {
    fn into_response(self) -> Response {
        let mut response = Response::builder().status(self.status);
        for (name, value) in &self.headers {
            response = response.header(name, value);
        }
        response.body(self.body.into()).expect("a response")
    }
}

impl Responder for Sent {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::build(to_actix(self.status));
        for (name, value) in &self.headers {
            response.append_header((name.as_str(), value.as_str()));
        }
        response.body(self.body)
    }
}
