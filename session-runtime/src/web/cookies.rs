//! The tower layer for cookies: it opens a request's cookies, and puts what was set into the response's head.

use std::future::Future;
use std::iter::successors;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use http::{Extensions, HeaderMap, HeaderValue, Request, Response, header};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::base::Shared;
use crate::clock::Clock;
use crate::cookies::{ClosedCookies, CookieError, CookieSettings, Cookies};
use crate::data::SessionData;
use crate::rejection::vary_by;
#[cfg(feature = "sealed")]
use crate::seal::SealKeys;
use crate::session::Session;

/// Opens the [`Cookies`] of every request, and sends what the handler set or deleted, whatever the response is.
///
/// It needs no session, and may stand before or behind a `SessionLayer`, whose cookie it keeps out of reach. Of several, the outermost
/// counts.
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
#[derive(Clone, Debug, Default)]
pub struct CookiesLayer {
    settings: CookieSettings,
}

impl CookiesLayer {
    /// No keys, and the system's clock.
    pub fn new() -> Self {
        Self::default()
    }

    /// As [`CookieSettings::with_keys`].
    ///
    /// ```no_run
    /// use cloakroom::{CookiesLayer, SealKeys};
    ///
    /// # fn main() -> Result<(), cloakroom::SealKeyError> {
    /// let layer = CookiesLayer::new().with_keys(SealKeys::from_env()?);
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "sealed")]
    pub fn with_keys(self, keys: SealKeys) -> Self {
        self.settings.with_keys(keys).into()
    }

    /// As [`CookieSettings::with_clock`].
    pub fn with_clock(self, clock: impl Clock) -> Self {
        self.settings.with_clock(clock).into()
    }

    /// As [`CookieSettings::with_insecure_development_cookies`].
    pub fn with_insecure_development_cookies(self) -> Self {
        self.settings.with_insecure_development_cookies().into()
    }
}

impl From<CookieSettings> for CookiesLayer {
    fn from(settings: CookieSettings) -> Self {
        Self { settings }
    }
}

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
        let fields = request.headers().get_all(header::COOKIE).iter().map(HeaderValue::as_bytes);
        let cookies = self.settings.open(fields);
        SessionsBefore::reserve(request.extensions(), &cookies);
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
            send(cookies.close(), response.headers_mut());
        }
        Poll::Ready(Ok(response))
    }
}

fn send(closed: ClosedCookies, headers: &mut HeaderMap) {
    if closed.read {
        vary_by(headers, "Cookie");
    }
    if !closed.set_cookie.is_empty() {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    // What a browser would refuse was refused when it was set, so all of them are header text.
    for cookie in closed.set_cookie.into_iter().filter_map(|text| HeaderValue::try_from(text).ok()) {
        headers.append(header::SET_COOKIE, cookie);
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
        extensions.get().cloned().ok_or(CookieError::MissingLayer)
    }
}

/// The sessions that were opened for a request before its cookies were.
#[derive(Clone)]
pub(crate) struct SessionsBefore {
    shared: Arc<Shared>,
    others: Option<Arc<SessionsBefore>>,
}

impl SessionsBefore {
    /// Keeps a session's cookie out of the reach of [`Cookies`], whichever layer is the outer one.
    pub(crate) fn announce<D: SessionData>(session: &Session<D>, extensions: &mut Extensions) {
        let shared = &session.inner().shared;
        if let Some(cookies) = extensions.get::<Cookies>() {
            cookies.reserve_for_session(shared.policy.cookie_name());
        } else {
            let others = extensions.remove::<Self>().map(Arc::new);
            extensions.insert(Self { shared: Arc::clone(shared), others });
        }
    }

    fn reserve(extensions: &Extensions, cookies: &Cookies) {
        for opened in successors(extensions.get::<Self>(), |opened| opened.others.as_deref()) {
            cookies.reserve_for_session(opened.shared.policy.cookie_name());
        }
    }
}
