//! The response for a request that a guard turned away: the guard's own, else the application's, else the built-in one.

use std::any::Any;
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, Responder, ResponseError};

use super::fields::{from_core, to_core};
use super::response::status;
use super::{Arrived, SessionMiddleware};
use crate::data::SessionData;
use crate::guard::{Guard, Guarded, Reply};
use crate::rejection::{Head, Reason, Rejection};

/// The response for a request that the guard `G` turned away, and why it did.
pub(super) fn rejected<G: Guard>(
    reason: Reason,
    arrived: &Arrived<G::Data>,
    request: &HttpRequest,
) -> (Rejection, HttpResponse) {
    let rejection = rejection::<G>(reason, arrived, request);
    let response = match G::reject(&rejection, request).and_then(|own| own.downcast().ok()) {
        Some(own) => *own,
        None => answered(&rejection, arrived, request),
    };
    (rejection, response)
}

fn rejection<G: Guard>(reason: Reason, arrived: &Arrived<G::Data>, request: &HttpRequest) -> Rejection {
    let method = request.method().as_str().parse().unwrap_or_default();
    let (uri, headers) = (arrived.uri.to_string().parse().unwrap_or_default(), to_core(request.headers()));
    let head = Head { method: &method, uri: &uri, headers: &headers };
    Guarded::<G>::rejection(reason, &arrived.session, &head)
}

fn answered<D: SessionData>(rejection: &Rejection, arrived: &Arrived<D>, request: &HttpRequest) -> HttpResponse {
    let Some(answer) = &arrived.answer else { return rejection.error_response() };
    let mut response = answer(rejection, request);
    rejection.complete(response.status().as_u16(), response.headers_mut());
    response
}

/// What a guard answers where neither it nor the application has an answer of its own: see [`Rejection`].
impl ResponseError for Rejection {
    fn status_code(&self) -> StatusCode {
        status(self.status())
    }

    fn error_response(&self) -> HttpResponse {
        let (head, body) = self.response().into_parts();
        let mut response = HttpResponse::new(status(head.status));
        from_core(&head.headers, response.headers_mut());
        response.set_body(body).map_into_boxed_body()
    }
}

/// The same response, where a function may answer with this one or with its own.
impl Responder for &Rejection {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        self.error_response()
    }
}

/// As for `&Rejection`.
impl Responder for Rejection {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        self.error_response()
    }
}

impl<D: SessionData> SessionMiddleware<D> {
    /// Answers each request that a guard of this session turns away, unless that guard has its own `reject = …`.
    ///
    /// The response is sent as it is, with what HTTP asks for: `Vary: Accept`, and on a 401 a `WWW-Authenticate` where it has none.
    /// `rejection.error_response()` is the one that would have been sent; so an application can put its own face on the pages, and leave
    /// redirects and programs alone:
    ///
    /// ```
    /// use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};
    /// use cloakroom::{Format, MemoryStore, Rejection, SessionData, SessionMiddleware};
    ///
    /// #[derive(SessionData)]
    /// struct Shop { #[session(owner)] user_id: Option<u64> }
    ///
    /// fn turned_away(rejection: &Rejection) -> HttpResponse {
    ///     match rejection.prefers() {
    ///         Format::Html if rejection.location.is_none() => {
    ///             let mut response = HttpResponseBuilder::new(rejection.status_code());
    ///             response.content_type("text/html; charset=utf-8").body("<h1>Not with this ticket</h1>")
    ///         }
    ///         _ => rejection.error_response(),
    ///     }
    /// }
    ///
    /// let middleware = SessionMiddleware::<Shop>::new(MemoryStore::new()).with_rejection(turned_away);
    /// ```
    ///
    /// The same function can stand behind a guard's `reject`. A closure has to name its parameter's type: `|rejection: &Rejection| …`.
    ///
    /// A guard that is checked inside a function's body leaves the answer to that function.
    pub fn with_rejection(mut self, answer: impl for<'a> RespondWith<'a> + Send + Sync + 'static) -> Self {
        self.answer = Some(Arc::new(move |rejection, request| response(answer(rejection), request)));
        self
    }
}

/// A function from `&Rejection` to a response, which may borrow from it.
#[doc(hidden)]
pub trait RespondWith<'a>: Fn(&'a Rejection) -> <Self as RespondWith<'a>>::Response {
    type Response: Responder;
}

impl<'a, F: Fn(&'a Rejection) -> R, R: Responder> RespondWith<'a> for F {
    type Response = R;
}

/// Makes a response of what a `reject = …` function returned.
#[doc(hidden)]
pub trait ReplyWithActix {
    fn reply(&self) -> Option<Box<dyn Any>>;
}

impl<T: Responder> ReplyWithActix for &Reply<'_, T> {
    fn reply(&self) -> Option<Box<dyn Any>> {
        let request = self.request.downcast_ref()?;
        self.take().map(|value| reply(value, request))
    }
}

/// Makes a response, of whichever framework asks, of what both know.
#[cfg(feature = "axum")]
#[doc(hidden)]
pub trait ReplyWithEither {
    fn reply(&self) -> Option<Box<dyn Any>>;
}

#[cfg(feature = "axum")]
impl<T: axum_core::response::IntoResponse + Responder> ReplyWithEither for &&&Reply<'_, T> {
    fn reply(&self) -> Option<Box<dyn Any>> {
        let value = self.take()?;
        Some(match self.request.downcast_ref() {
            Some(request) => reply(value, request),
            None => crate::web::axum::reply(value),
        })
    }
}

fn reply(value: impl Responder, request: &HttpRequest) -> Box<dyn Any> {
    Box::new(response(value, request))
}

fn response(value: impl Responder, request: &HttpRequest) -> HttpResponse {
    value.respond_to(request).map_into_boxed_body()
}
