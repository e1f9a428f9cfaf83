//! The middleware for cookies: it opens a request's cookies, and puts what was set into the response's head.

use std::fmt;
use std::future::{Ready, ready};

use actix_web::body::MessageBody;
use actix_web::dev::{Payload, Service, ServiceRequest, ServiceResponse, Transform, forward_ready};
use actix_web::http::StatusCode;
use actix_web::{Error, FromRequest, HttpMessage, HttpRequest, HttpResponse, ResponseError};

use super::LocalBoxed;
use super::response::{status, text_response};
use crate::cookies::{ClosedCookies, CookieError, CookieSettings, Cookies};
use crate::fields::Fields;
use crate::web::exchange::log_returned;
use crate::web::jar::{SessionsBefore, cookie_settings, send};

/// Opens the [`Cookies`] of every request, and sends what the handler set or deleted, whatever the response is. For actix-web 4.
///
/// It needs no session, and may stand before or behind a `SessionMiddleware`, whose cookie it keeps out of reach. Of several, the
/// outermost counts.
///
/// ```
/// use actix_web::{App, HttpResponse, web};
/// use cloakroom::{CookieAttributes, CookieError, Cookies, CookiesMiddleware};
///
/// async fn consent(cookies: Cookies) -> Result<HttpResponse, CookieError> {
///     cookies.set("consent", true, CookieAttributes::new())?;
///     Ok(HttpResponse::NoContent().finish())
/// }
///
/// let app = App::new().route("/consent", web::post().to(consent)).wrap(CookiesMiddleware::new());
/// # let _ = app;
/// ```
#[derive(Clone, Debug, Default)]
pub struct CookiesMiddleware {
    settings: CookieSettings,
}

cookie_settings!(CookiesMiddleware);

impl<S, B> Transform<S, ServiceRequest> for CookiesMiddleware
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    S::Future: 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Transform = CookiesMiddlewareService<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        ready(Ok(CookiesMiddlewareService { settings: self.settings.clone(), inner }))
    }
}

/// What [`CookiesMiddleware`] makes of a service.
#[derive(Debug)]
pub struct CookiesMiddlewareService<S> {
    settings: CookieSettings,
    inner: S,
}

impl<S, B> Service<ServiceRequest> for CookiesMiddlewareService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    S::Future: 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Future = LocalBoxed<Result<Self::Response, Error>>;

    forward_ready!(inner);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        if request.extensions().contains::<Cookies>() {
            return Box::pin(self.inner.call(request));
        }
        let cookies = self.settings.open(request.headers().values("cookie"));
        SessionsBefore::reserve(&*request.extensions(), &cookies);
        request.extensions_mut().insert(cookies.clone());
        let answered = self.inner.call(request);
        Box::pin(async move {
            match answered.await {
                Ok(mut response) => {
                    send(&cookies.close(), response.headers_mut());
                    Ok(response)
                }
                Err(error) => Err(ErrorWithCookies { error, closed: cookies.close() }.into()),
            }
        })
    }
}

/// An error that a middleware within returned, and the cookies that its response has to carry.
struct ErrorWithCookies {
    error: Error,
    closed: ClosedCookies,
}

impl fmt::Debug for ErrorWithCookies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.error, f)
    }
}

impl fmt::Display for ErrorWithCookies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.error, f)
    }
}

impl ResponseError for ErrorWithCookies {
    fn status_code(&self) -> StatusCode {
        self.error.as_response_error().status_code()
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = self.error.error_response();
        send(&self.closed, response.headers_mut());
        response
    }
}

/// The cookies that a [`CookiesMiddleware`] opened. Without the middleware: a 500 that names it.
impl FromRequest for Cookies {
    type Error = CookieError;
    type Future = Ready<Result<Self, CookieError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(request.extensions().get().cloned().ok_or(CookieError::MissingLayer))
    }
}

/// The error's [`status`](CookieError::status), with a text that shows a client no value and nothing of the inside.
impl ResponseError for CookieError {
    fn status_code(&self) -> StatusCode {
        status(self.status())
    }

    fn error_response(&self) -> HttpResponse {
        log_returned("cookie", self.status(), self);
        text_response(status(self.status()), self.public_text())
    }
}
