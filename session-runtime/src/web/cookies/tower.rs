//! The tower layer for cookies: it opens a request's cookies, and puts what was set into the response's head.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::{Extensions, Request, Response};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use super::{cookie_settings, finish, open};
use crate::cookies::{CookieError, CookieSettings, Cookies};

/// Opens the [`Cookies`] of every request, and sends what the handler set or deleted, whatever the response is.
///
/// It needs no session, and may stand before or behind a `SessionLayer`, whose cookie it keeps out of reach. Of several, the outermost
/// counts. A response that depends on cookies gets `Vary: Cookie`, one that sets some `Cache-Control: no-store` unless it has its own.
///
/// ```
/// use axum::{Router, http::StatusCode, routing::post};
/// use cloakroom::{CookieAttributes, CookieError, Cookies, CookiesLayer};
///
/// async fn consent(cookies: Cookies) -> Result<StatusCode, CookieError> {
///     cookies.set("consent", true, CookieAttributes::new())?;
///     Ok(StatusCode::NO_CONTENT)
/// }
///
/// let app: Router = Router::new().route("/consent", post(consent)).layer(CookiesLayer::new());
/// ```
#[derive(Clone, Debug)]
pub struct CookiesLayer {
    settings: CookieSettings,
}

cookie_settings!(CookiesLayer);

impl<S> Layer<S> for CookiesLayer {
    type Service = CookiesService<S>;

    fn layer(&self, inner: S) -> CookiesService<S> {
        CookiesService { settings: self.settings.clone(), inner }
    }
}

/// What [`CookiesLayer`] makes of a service.
#[derive(Clone, Debug)]
pub struct CookiesService<S> {
    settings: CookieSettings,
    inner: S,
}

impl<S, ReqBody, ResBody> Service<Request<ReqBody>> for CookiesService<S>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
{
    type Response = Response<ResBody>;
    type Error = S::Error;
    type Future = CookiesFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<ReqBody>) -> Self::Future {
        if request.extensions().get::<Cookies>().is_some() {
            return CookiesFuture { future: self.inner.call(request), cookies: None };
        }
        let cookies = open(&self.settings, request.headers(), request.extensions().get());
        request.extensions_mut().insert(cookies.clone());
        CookiesFuture { future: self.inner.call(request), cookies: Some(cookies) }
    }
}

pin_project! {
    /// A response with the cookies that were set.
    pub struct CookiesFuture<F> {
        #[pin]
        future: F,
        cookies: Option<Cookies>,
    }
}

impl<F, B, E> Future for CookiesFuture<F>
where
    F: Future<Output = Result<Response<B>, E>>,
{
    type Output = Result<Response<B>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut response = ready!(this.future.poll(cx))?;
        if let Some(cookies) = this.cookies.take() {
            finish(&cookies.close(), response.headers_mut());
        }
        Poll::Ready(Ok(response))
    }
}

impl Cookies {
    /// The cookies that a [`CookiesLayer`] opened for this request, for services whose framework has no extractors.
    ///
    /// ```
    /// use cloakroom::{CookieError, Cookies};
    ///
    /// fn theme<T>(request: &http::Request<T>) -> Result<String, CookieError> {
    ///     let cookies = Cookies::from_extensions(request.extensions())?;
    ///     cookies.get("theme").map_or(Ok("system".into()), |theme| theme.text().map(str::to_owned))
    /// }
    /// # let _ = theme::<()>;
    /// ```
    ///
    /// # Errors
    /// [`CookieError::MissingLayer`] where there is none.
    pub fn from_extensions(extensions: &Extensions) -> Result<Self, CookieError> {
        extensions.get().cloned().ok_or(CookieError::MissingLayer { layer: "CookiesLayer" })
    }
}
