//! Middleware over actix-web 4's requests and responses.
//!
//! 1. Refuse a cross-site request.
//! 2. Open the session and put it into the request's extensions.
//! 3. Run the handler. If the client goes away meanwhile, a `destroy` is carried out, and what a commit has half begun is taken back.
//! 4. Let a guard speak first that was still looking when a later parameter of its handler failed.
//! 5. Close the session on a task of its own, so that a closed connection cannot cut a commit in half.
//! 6. Append the cookie and cache headers, or replace the response, but for its cookies, by the error's.

use std::fmt;
use std::future::{Future, Ready, poll_fn, ready};
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::sync::Arc;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready};
use actix_web::http::Uri;
use actix_web::http::uri::Authority;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse};

use crate::data::SessionData;
use crate::error::SessionError;
use crate::manager::Sessions;
use crate::rejection::Rejection;
use crate::session::Session;
#[cfg(feature = "cookies")]
use crate::web::cookies::SessionsBefore;
use crate::web::exchange::{Running, opened};
use crate::web::settings::settings;

#[cfg(feature = "cookies")]
mod cookies;
mod extract;
mod fields;
mod gate;
mod guard;
mod rejection;
mod response;

#[cfg(feature = "cookies")]
pub use cookies::{CookiesMiddleware, CookiesMiddlewareService};
pub use extract::{Checking, checking};
use gate::Unfinished;
pub use guard::{GuardMiddleware, GuardMiddlewareService};
pub use rejection::ReplyWithActix;
#[cfg(feature = "axum")]
pub use rejection::ReplyWithEither;
use response::{close_error, close_response, refusal};

type LocalBoxed<T> = Pin<Box<dyn Future<Output = T>>>;

/// Opens a session of type `D` for every request, and saves it before the response's head leaves. For actix-web 4.
///
/// Wrap an application in one per type of session; each has its own cookie. Of several middlewares, the one that is added by the last
/// `wrap` sees a request first: those that use the session are added before this one. Make it outside of the function that
/// `HttpServer::new` takes and clone it there, so that all workers have the same sessions.
///
/// A panic drops what was pending, and so does a client that goes away where actix drops the handler: by default it lets handlers
/// run to their end; see `HttpServer::h1_allow_half_closed`.
///
/// ```
/// use actix_web::{App, web};
/// use cloakroom::{MemoryStore, Session, SessionData, SessionError, SessionMiddleware};
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
/// let sessions = SessionMiddleware::<Shop>::new(MemoryStore::new())
///     .with_idle(Duration::from_secs(30 * 60))
///     .with_public_origin("https://shop.example");
/// let app = move || App::new().route("/", web::get().to(visit)).wrap(sessions.clone());
/// # let _ = app();
/// ```
pub struct SessionMiddleware<D> {
    sessions: Sessions<D>,
    /// What answers the requests that guards turn away, if the application does.
    answer: Option<Answer>,
}

settings!(SessionMiddleware);

impl<D, S, B> Transform<S, ServiceRequest> for SessionMiddleware<D>
where
    D: SessionData,
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    S::Future: 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Transform = SessionMiddlewareService<D, S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        ready(Ok(SessionMiddlewareService { middleware: self.clone(), inner }))
    }
}

/// What [`SessionMiddleware`] makes of a service.
pub struct SessionMiddlewareService<D, S> {
    middleware: SessionMiddleware<D>,
    inner: S,
}

impl<D, S: fmt::Debug> fmt::Debug for SessionMiddlewareService<D, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { middleware, inner } = self;
        f.debug_struct("SessionMiddlewareService").field("middleware", middleware).field("inner", inner).finish()
    }
}

impl<D, S, B> Service<ServiceRequest> for SessionMiddlewareService<D, S>
where
    D: SessionData,
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    S::Future: 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Future = LocalBoxed<Result<Self::Response, Error>>;

    forward_ready!(inner);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let SessionMiddleware { sessions, answer } = &self.middleware;
        let uri = request.uri();
        let asked = (request.method().as_str(), uri.path(), uri.authority().map(Authority::as_str));
        let session = match opened(sessions, asked, request.headers()) {
            Ok(session) => session,
            Err(refused) => {
                let response = request.into_response(refusal(&refused)).map_into_right_body();
                return Box::pin(ready(Ok(response)));
            }
        };
        #[cfg(feature = "cookies")]
        announce(&session, &request);
        let mut running = Running::new(&session);
        // Whether the handler has to wait is not watched here.
        running.waits();
        let unfinished = Rc::new(Unfinished::default());
        let (uri, answer) = (uri.clone(), answer.clone());
        let arrived = Arrived { session, uri, answer, unfinished: Rc::downgrade(&unfinished) };
        request.extensions_mut().insert(arrived);
        let answered = self.inner.call(request);
        Box::pin(async move {
            let answered = unfinished.first(answered.await).await;
            let status = match &answered {
                Ok(response) => response.status(),
                Err(error) => error.as_response_error().status_code(),
            };
            let success = !status.is_server_error();
            let Some(closed) = poll_fn(|cx| running.poll_close(success, cx)).await else {
                return answered;
            };
            match answered {
                Ok(response) => Ok(close_response(response, closed)),
                Err(error) => Err(close_error(error, closed)),
            }
        })
    }
}

/// Keeps the session's cookie out of reach of the application's own.
#[cfg(feature = "cookies")]
fn announce<D: SessionData>(session: &Session<D>, request: &ServiceRequest) {
    let mut extensions = request.extensions_mut();
    let left = SessionsBefore::announced(session, extensions.get(), extensions.get());
    left.map(|left| extensions.insert(left));
}

/// What answers for all guards.
type Answer = Arc<dyn Fn(&Rejection, &HttpRequest) -> HttpResponse + Send + Sync>;

/// A session, and what a guard needs beside it.
struct Arrived<D: SessionData> {
    session: Session<D>,
    /// What was asked for, as it arrived: middleware within may rewrite it, and a guard sends the visitor back there.
    uri: Uri,
    /// What answers a request that is turned away.
    answer: Option<Answer>,
    /// Where a guard goes that is dropped before it has spoken.
    unfinished: Weak<Unfinished>,
}

impl<D: SessionData> Clone for Arrived<D> {
    fn clone(&self) -> Self {
        let Self { session, uri, answer, unfinished } = self;
        Self { session: session.clone(), uri: uri.clone(), answer: answer.clone(), unfinished: unfinished.clone() }
    }
}

impl<D: SessionData> Arrived<D> {
    /// What the middleware left in a request.
    fn find(request: &impl HttpMessage) -> Result<Self, SessionError> {
        request
            .extensions()
            .get()
            .cloned()
            .ok_or(SessionError::MissingLayer { data: std::any::type_name::<D>(), layer: "SessionMiddleware" })
    }
}
