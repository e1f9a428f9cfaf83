//! A tower layer over `http` 1 requests and responses.
//!
//! 1. Refuse a cross-site request.
//! 2. Open the session and put it into the request's extensions.
//! 3. Run the handler. If the client goes away meanwhile, a `destroy` is carried out, and what a commit has half begun is taken back.
//! 4. Close the session on a task of its own, so that a closed connection cannot cut a commit in half.
//! 5. Append the cookie and cache headers, or replace the response, but for its cookies, by the error's.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, Uri, header, uri::Authority};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::data::SessionData;
use crate::error::SessionError;
use crate::manager::{Closed, Sessions};
use crate::rejection::Rejection;
use crate::session::Session;
#[cfg(feature = "cookies")]
use crate::web::cookies::SessionsBefore;
use crate::web::exchange::{PLAIN, Running, finish, keep_cookies, opened};
use crate::web::settings::settings;

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

settings!(SessionLayer);

impl<D, S> Layer<S> for SessionLayer<D> {
    type Service = SessionService<D, S>;

    fn layer(&self, inner: S) -> SessionService<D, S> {
        SessionService { layer: self.clone(), inner }
    }
}

/// What [`SessionLayer`] makes of a service.
pub struct SessionService<D, S> {
    layer: SessionLayer<D>,
    inner: S,
}

impl<D, S: Clone> Clone for SessionService<D, S> {
    fn clone(&self) -> Self {
        Self { layer: self.layer.clone(), inner: self.inner.clone() }
    }
}

impl<D, S: fmt::Debug> fmt::Debug for SessionService<D, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionService").field("sessions", &self.layer.sessions).field("inner", &self.inner).finish()
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
        let (uri, headers) = (request.uri(), request.headers());
        let asked = (request.method().as_str(), uri.path(), uri.authority().map(Authority::as_str));
        let SessionLayer { sessions, answer } = &self.layer;
        let session = match opened(sessions, asked, headers) {
            Ok(session) => session,
            Err(refused) => {
                let response = Some(text_response(StatusCode::FORBIDDEN, refused.to_string()));
                return ResponseFuture { running: Running::NONE, step: Step::Refused { response } };
            }
        };
        let running = Running::new(&session);
        #[cfg(feature = "cookies")]
        let before = announced(&session, request.extensions());
        let arrived = Arrived { session, uri: uri.clone(), answer: answer.clone() };
        request.extensions_mut().insert(arrived);
        #[cfg(feature = "cookies")]
        before.map(|before| request.extensions_mut().insert(before));
        ResponseFuture { running, step: Step::Handler { future: self.inner.call(request) } }
    }
}

/// Keeps the session's cookie out of reach of the application's own.
#[cfg(feature = "cookies")]
fn announced<D: SessionData>(session: &Session<D>, extensions: &http::Extensions) -> Option<SessionsBefore> {
    SessionsBefore::announced(session, extensions.get(), extensions.get())
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
        let data = std::any::type_name::<D>();
        extensions.get().ok_or(SessionError::MissingLayer { data, layer: "SessionLayer" })
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
        Closing { success: bool, response: Option<Response<B>> },
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
                StepProjection::Refused { response } => return Poll::Ready(Ok(taken(response))),
                StepProjection::Handler { future } => {
                    let Poll::Ready(response) = future.poll(cx)? else {
                        this.running.waits();
                        return Poll::Pending;
                    };
                    let success = !response.status().is_server_error();
                    // What the handler has not dropped yet may change the session as it goes.
                    this.step.set(Step::Closing { success, response: Some(response) });
                }
                StepProjection::Closing { success, response } => {
                    let closed = ready!(this.running.poll_close(*success, cx));
                    return Poll::Ready(Ok(close_response(taken(response), closed)));
                }
            }
        }
    }
}

/// A future that is polled again after its end is a caller's mistake; it gets an empty answer.
fn taken<B: From<Bytes>>(response: &mut Option<Response<B>>) -> Response<B> {
    response.take().unwrap_or_else(|| text_response(StatusCode::INTERNAL_SERVER_ERROR, String::new()))
}

/// Nothing is closed twice: a response future that is polled after its end has said all.
fn close_response<B: From<Bytes>>(mut response: Response<B>, closed: Option<Closed>) -> Response<B> {
    let Some(closed) = closed else { return response };
    if let Some(error) = &closed.error {
        let replaced = std::mem::replace(&mut response, error_response(error));
        keep_cookies(replaced.headers(), response.headers_mut());
    }
    finish(&closed, response.headers_mut());
    response
}

/// The response for an error: its status, and a text that tells a client nothing of the inside.
pub(crate) fn error_response<B: From<Bytes>>(error: &SessionError) -> Response<B> {
    text_response(error.status(), error.public_text())
}

pub(crate) fn text_response<B: From<Bytes>>(status: StatusCode, text: impl Into<String>) -> Response<B> {
    let mut response = Response::new(B::from(Bytes::from(text.into())));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(PLAIN));
    response
}
