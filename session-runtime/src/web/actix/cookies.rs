//! Cookies on actix-web 4: the middleware, the extractor and the response for an error.

use std::future::{Ready, ready};

use actix_web::body::MessageBody;
use actix_web::dev::{Payload, Service, ServiceRequest, ServiceResponse, Transform, forward_ready};
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderMap;
use actix_web::{Error, FromRequest, HttpMessage, HttpRequest, HttpResponse, ResponseError};

use super::LocalBoxed;
use super::response::{ClosedError, status, text_response};
use crate::cookies::{CookieError, CookieSettings, Cookies};
use crate::web::cookies::{cookie_settings, finish, open};
use crate::web::exchange::log_returned;

/// Opens the [`Cookies`] of every request, and sends what the handler set or deleted, whatever the response is. For actix-web 4.
///
/// It needs no session, and may stand before or behind a `SessionMiddleware`, whose cookie it keeps out of reach. Of several, the outermost
/// counts. A response that depends on cookies gets `Vary: Cookie`, one that sets some `Cache-Control: no-store` unless it has its own.
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
#[derive(Clone, Debug)]
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
        let cookies = open(&self.settings, request.headers(), request.extensions().get());
        request.extensions_mut().insert(cookies.clone());
        let answered = self.inner.call(request);
        Box::pin(async move {
            let answered = answered.await;
            let closed = cookies.close();
            match answered {
                Ok(mut response) => {
                    finish(&closed, response.headers_mut());
                    Ok(response)
                }
                Err(error) if !closed.read && closed.set_cookie.is_empty() => Err(error),
                Err(error) => {
                    let finish = move |head: &mut HeaderMap| finish(&closed, head);
                    Err(ClosedError { error, instead: None, finish }.into())
                }
            }
        })
    }
}

/// The cookies that a [`CookiesMiddleware`] opened. Without the middleware: a 500 that names it.
///
/// In a middleware: `request.extract::<Cookies>().await`.
impl FromRequest for Cookies {
    type Error = CookieError;
    type Future = Ready<Result<Self, CookieError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let cookies = request.extensions().get().cloned();
        ready(cookies.ok_or(CookieError::MissingLayer { layer: "CookiesMiddleware" }))
    }
}

/// The error's [`status`](CookieError::status), with a text that shows a client no value and nothing of the inside.
impl ResponseError for CookieError {
    fn status_code(&self) -> StatusCode {
        status(self.status())
    }

    fn error_response(&self) -> HttpResponse {
        log_returned("cookie", self, self.status());
        text_response(self.status_code(), self.public_text())
    }
}
