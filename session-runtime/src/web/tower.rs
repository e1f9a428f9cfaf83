//! A tower layer over `http` 1 requests and responses.
//!
//! 1. Refuse a cross-site request.
//! 2. Open the session and put it into the request's extensions.
//! 3. Run the handler. If the client goes away meanwhile, only a `destroy` is carried out.
//! 4. Close the session on a task of its own, so that a closed connection cannot cut a commit in half.
//! 5. Append the cookie and cache headers, or replace the response by the error's.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Uri, header};
use pin_project_lite::pin_project;
use tokio::task::JoinHandle;
use tower_layer::Layer;
use tower_service::Service;

use crate::clock::Clock;
use crate::cookie::SameSite;
use crate::data::{OwnedData, SessionData};
use crate::error::SessionError;
use crate::manager::{Closed, Sessions, abandon, close, close_at_once};
use crate::origin::RequestHead;
use crate::policy::{AtLimit, Policy};
use crate::rejection::{Rejection, vary_by};
#[cfg(feature = "sealed")]
use crate::seal::SealKeys;
use crate::session::Session;
use crate::state::Inner;
use crate::store::{Boxed, SessionStore, StoreError};

/// Opens a session of type `D` for every request, and saves it before the response's head leaves.
///
/// Needs a tokio runtime. Add one layer per type of session; each has its own cookie.
///
/// ```
/// use axum::{Router, routing::get};
/// use cloakroom::{MemoryStore, Session, SessionData, SessionError, SessionLayer};
/// use std::time::Duration;
///
/// #[derive(SessionData)]
/// struct Shop { visits: u64 }
///
/// async fn visit(session: Session<Shop>) -> Result<String, SessionError> {
///     session.update_visits(|visits| *visits += 1).await?;
///     Ok(format!("visit {}", session.visits().await?))
/// }
///
/// let app: Router = Router::new().route("/", get(visit)).layer(
///     SessionLayer::<Shop>::new(MemoryStore::new())
///         .with_idle(Duration::from_secs(30 * 60))
///         .with_public_origin("https://shop.example"),
/// );
/// ```
pub struct SessionLayer<D> {
    sessions: Sessions<D>,
    /// What answers the requests that guards turn away, if the application does.
    pub(super) answer: Option<Answer>,
}

impl<D: SessionData> SessionLayer<D> {
    /// Sessions in `store`, by the policy that the struct's own attribute states.
    ///
    /// # Panics
    /// If sessions of another type use the same name: see [`Sessions::new`].
    pub fn new(store: impl SessionStore) -> Self {
        Self::from(Sessions::new(store))
    }

    /// Sessions without a store, sealed into their cookies. **Without a deny list, signing out does not end them on the server, and of
    /// two requests that overlap the later answer wins**: see [`Sessions::sealed`].
    ///
    /// # Panics
    /// As [`new`](Self::new).
    #[cfg(feature = "sealed")]
    pub fn sealed(keys: SealKeys) -> Self {
        Self::from(Sessions::sealed(keys))
    }

    /// As [`Sessions::with_deny_list`].
    ///
    /// # Panics
    /// Where that method does.
    #[cfg(feature = "sealed")]
    pub fn with_deny_list(self, store: impl SessionStore) -> Self {
        Self { sessions: self.sessions.with_deny_list(store), ..self }
    }

    /// The manager, for sessions outside of requests.
    pub fn sessions(&self) -> &Sessions<D> {
        &self.sessions
    }
}

/// The builder methods of [`Sessions`], on the layer.
macro_rules! builder_methods {
    ($($method:ident($($argument:ident: $type:ty)?);)*) => {
        impl<D: SessionData> SessionLayer<D> {$(
            #[doc = concat!("As [`Sessions::", stringify!($method), "`].")]
            #[doc = ""]
            #[doc = "# Panics"]
            #[doc = "Where that method does."]
            pub fn $method(self $(, $argument: $type)?) -> Self {
                Self { sessions: self.sessions.$method($($argument)?), ..self }
            }
        )*}
    };
}

builder_methods! {
    with_policy(policy: Policy);
    with_clock(clock: impl Clock);
    with_idle(idle: Duration);
    with_absolute(absolute: Duration);
    with_max_record_size(bytes: usize);
    with_same_site(same_site: SameSite);
    with_insecure_development_cookie();
    with_public_origin(origin: &str);
    with_trusted_origin(origin: &str);
    with_strict_origins();
    with_insecure_same_site_requests();
    with_insecure_log_only_origins();
    with_insecure_cross_site_path(path: impl Into<String>);
}

impl<D: SessionData> SessionLayer<D> {
    /// As [`Sessions::with_owner_index`].
    ///
    /// # Panics
    /// Where that method does.
    pub fn with_owner_index(self) -> Self
    where
        D: OwnedData,
    {
        Self { sessions: self.sessions.with_owner_index(), ..self }
    }

    /// As [`Sessions::with_session_limit`].
    ///
    /// # Panics
    /// Where that method does.
    pub fn with_session_limit(self, most: usize, at_limit: AtLimit) -> Self
    where
        D: OwnedData,
    {
        Self { sessions: self.sessions.with_session_limit(most, at_limit), ..self }
    }
}

impl<D> From<Sessions<D>> for SessionLayer<D> {
    fn from(sessions: Sessions<D>) -> Self {
        Self { sessions, answer: None }
    }
}

impl<D> Clone for SessionLayer<D> {
    fn clone(&self) -> Self {
        Self { sessions: self.sessions.clone(), answer: self.answer.clone() }
    }
}

impl<D> fmt::Debug for SessionLayer<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SessionLayer").field(&self.sessions).finish()
    }
}

impl<D, S> Layer<S> for SessionLayer<D> {
    type Service = SessionService<D, S>;

    fn layer(&self, inner: S) -> SessionService<D, S> {
        SessionService { sessions: self.sessions.clone(), answer: self.answer.clone(), inner }
    }
}

/// What [`SessionLayer`] makes of a service.
pub struct SessionService<D, S> {
    sessions: Sessions<D>,
    answer: Option<Answer>,
    inner: S,
}

impl<D, S: Clone> Clone for SessionService<D, S> {
    fn clone(&self) -> Self {
        Self { sessions: self.sessions.clone(), answer: self.answer.clone(), inner: self.inner.clone() }
    }
}

impl<D, S: fmt::Debug> fmt::Debug for SessionService<D, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionService").field("sessions", &self.sessions).field("inner", &self.inner).finish()
    }
}

impl<D, S, ReqBody, ResBody> Service<Request<ReqBody>> for SessionService<D, S>
where
    D: SessionData,
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
    ResBody: From<Bytes>,
{
    type Response = Response<ResBody>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future, ResBody>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<ReqBody>) -> Self::Future {
        if let Err(refused) = self.sessions.admit(&head(&request), cookies(request.headers())) {
            let response = text_response(StatusCode::FORBIDDEN, refused.to_string());
            return ResponseFuture { running: Running(None), step: Step::Refused { response: Some(response) } };
        }
        let session = self.sessions.open(cookies(request.headers()));
        let running = Running(Some(Arc::clone(session.inner())));
        let arrived = Arrived { session, uri: request.uri().clone(), answer: self.answer.clone() };
        request.extensions_mut().insert(arrived);
        ResponseFuture { running, step: Step::Handler { future: self.inner.call(request) } }
    }
}

/// What answers for all guards: makes a response of the web framework in use.
pub(crate) type Answer = Arc<dyn Fn(&Rejection) -> Box<dyn Any + Send> + Send + Sync>;

/// A session, and what a guard needs beside it.
pub(crate) struct Arrived<D: SessionData> {
    pub(crate) session: Session<D>,
    /// What was asked for before a nested router cut off its prefix: a guard sends the visitor back there.
    pub(crate) uri: Uri,
    /// What answers a request that is turned away.
    pub(crate) answer: Option<Answer>,
}

impl<D: SessionData> Clone for Arrived<D> {
    fn clone(&self) -> Self {
        Self { session: self.session.clone(), uri: self.uri.clone(), answer: self.answer.clone() }
    }
}

impl<D: SessionData> Session<D> {
    /// The session that a [`SessionLayer`] opened for this request, for services whose framework has no extractors: a method of a
    /// tonic service calls it with its request's extensions.
    ///
    /// ```
    /// use cloakroom::{Rejection, Session, SessionData, session_guard};
    ///
    /// #[derive(SessionData)]
    /// struct Shop { #[session(owner)] user_id: Option<u64> }
    ///
    /// #[session_guard(Shop, user_id)]
    /// struct SignedIn { user_id: u64 }
    ///
    /// async fn price<T>(request: http::Request<T>) -> Result<u64, Rejection> {
    ///     let session = Session::<Shop>::from_extensions(request.extensions())?;
    ///     let SignedIn { user_id } = SignedIn::check(&session).await?;
    ///     Ok(user_id)
    /// }
    /// # let _ = price::<()>;
    /// ```
    ///
    /// # Errors
    /// [`SessionError::MissingLayer`] where there is none.
    pub fn from_extensions(extensions: &http::Extensions) -> Result<Self, SessionError> {
        Arrived::<D>::find(extensions).map(|arrived| arrived.session.clone())
    }
}

impl<D: SessionData> Arrived<D> {
    /// What the layer left in a request.
    pub(crate) fn find(extensions: &http::Extensions) -> Result<&Self, SessionError> {
        extensions.get().ok_or(SessionError::MissingLayer { data: std::any::type_name::<D>() })
    }
}

fn head<B>(request: &Request<B>) -> RequestHead<'_> {
    let field = |name| request.headers().get(name).map(HeaderValue::as_bytes);
    let authority = || request.uri().authority().map(|authority| authority.as_str().as_bytes());
    RequestHead {
        method: request.method().as_str(),
        path: request.uri().path(),
        sec_fetch_site: field("sec-fetch-site"),
        origin: field("origin"),
        host: field("host").or_else(authority),
        upgrade: field("upgrade"),
    }
}

fn cookies(headers: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    headers.get_all(header::COOKIE).iter().map(HeaderValue::as_bytes)
}

/// The session of a request whose handler runs. Dropped early, the request was cut short.
struct Running(Option<Arc<Inner>>);

impl Drop for Running {
    fn drop(&mut self) {
        let Some(rest) = self.0.take().and_then(abandon) else { return };
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(rest)),
            Err(_) => tracing::error!("the runtime stopped before a destroyed session was deleted"),
        }
    }
}

pin_project! {
    /// A response with the session saved.
    pub struct ResponseFuture<F, B> {
        running: Running,
        #[pin]
        step: Step<F, B>,
    }
}

pin_project! {
    #[project = StepProjection]
    enum Step<F, B> {
        Refused { response: Option<Response<B>> },
        Handler { #[pin] future: F },
        Closing { task: JoinHandle<Closed>, response: Option<Response<B>> },
    }
}

impl<F, B, E> Future for ResponseFuture<F, B>
where
    F: Future<Output = Result<Response<B>, E>>,
    B: From<Bytes>,
{
    type Output = Result<Response<B>, E>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        loop {
            let mut this = self.as_mut().project();
            match this.step.as_mut().project() {
                StepProjection::Refused { response } => return Poll::Ready(Ok(finished(response.take()))),
                StepProjection::Handler { future } => {
                    let response = ready!(future.poll(cx))?;
                    let Some(inner) = this.running.0.take() else { return Poll::Ready(Ok(response)) };
                    match start_closing(inner, !response.status().is_server_error(), cx) {
                        Ok(closed) => return Poll::Ready(Ok(close_response(response, closed))),
                        Err(task) => this.step.set(Step::Closing { task, response: Some(response) }),
                    }
                }
                StepProjection::Closing { task, response } => {
                    let closed = ready!(Pin::new(task).poll(cx)).unwrap_or_else(|error| cut_short(&error));
                    return Poll::Ready(Ok(close_response(finished(response.take()), closed)));
                }
            }
        }
    }
}

/// A future that is polled again after its end is a caller's mistake; it gets an empty answer.
fn finished<B: From<Bytes>>(response: Option<Response<B>>) -> Response<B> {
    response.unwrap_or_else(|| text_response(StatusCode::INTERNAL_SERVER_ERROR, String::new()))
}

/// Closes the session: at once where the store need not be waited for, else on a task of its own.
fn start_closing(inner: Arc<Inner>, success: bool, cx: &mut Context<'_>) -> Result<Closed, JoinHandle<Closed>> {
    if let Some(closed) = close_at_once(&inner, success) {
        return Ok(closed);
    }
    let mut closing: Boxed<'static, Closed> = Box::pin(async move { close(&inner, success).await });
    match closing.as_mut().poll(cx) {
        Poll::Ready(closed) => Ok(closed),
        Poll::Pending => Err(tokio::spawn(closing)),
    }
}

fn cut_short(error: &tokio::task::JoinError) -> Closed {
    tracing::error!(%error, "a session commit was cut short");
    let error = SessionError::Store(StoreError::message("the commit was cut short"));
    Closed { set_cookie: None, uncacheable: true, error: Some(error) }
}

fn close_response<B: From<Bytes>>(response: Response<B>, closed: Closed) -> Response<B> {
    let mut response = match closed.error {
        Some(error) => error_response(&error),
        None => response,
    };
    let headers = response.headers_mut();
    if let Some(cookie) = closed.set_cookie.and_then(|text| HeaderValue::try_from(text).ok()) {
        headers.append(header::SET_COOKIE, cookie);
    }
    if closed.uncacheable {
        vary_by(headers, "Cookie");
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    response
}

/// The response for an error: its status, and a text that tells a client nothing of the inside.
pub(crate) fn error_response<B: From<Bytes>>(error: &SessionError) -> Response<B> {
    text_response(error.status(), error.public_text())
}

pub(crate) fn text_response<B: From<Bytes>>(status: StatusCode, text: impl Into<String>) -> Response<B> {
    let mut response = Response::new(B::from(Bytes::from(text.into())));
    *response.status_mut() = status;
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, plain);
    response
}
