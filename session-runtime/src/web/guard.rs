//! The tower layer for a guard: the same needs before every route of a router.

use std::fmt;
use std::future::ready;
use std::marker::PhantomData;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use tower_layer::Layer;
use tower_service::Service;

use crate::guard::{Guard, Guarded};
use crate::rejection::Head;
use crate::store::Boxed;
use crate::web::rejection::rejection_response;
use crate::web::tower::{Arrived, error_response};

/// Lets requests through whose session holds what the guard `G` needs; the others get what a handler behind that guard answers.
///
/// It stands inside of the [`SessionLayer`](crate::SessionLayer), which opens the session: with axum's `layer`, the one that is
/// added later is the outer one. Where the service inside has another kind of body than axum's routes, what is turned away gets the built-in
/// answer: a `reject` and `with_rejection` make responses for axum. A CORS layer goes outside of it, since a browser's `OPTIONS` request brings no cookie.
///
/// ```
/// use axum::{Router, routing::get};
/// use cloakroom::{GuardLayer, MemoryStore, SessionData, SessionLayer, session_guard};
///
/// #[derive(SessionData)]
/// struct Shop {
///     #[session(owner)]
///     user_id: Option<u64>,
///     is_admin: bool,
/// }
///
/// #[session_guard(Shop, user_id, is_admin = true, redirect = "/login")]
/// struct Admin;
///
/// let back_office: Router = Router::new()
///     .route("/orders", get(|| async { "orders" }))
///     .route("/stock", get(|| async { "stock" }))
///     .route_layer(GuardLayer::<Admin>::new());
/// let app = Router::new().nest("/admin", back_office).layer(SessionLayer::<Shop>::new(MemoryStore::new()));
/// # let _: Router = app;
/// ```
pub struct GuardLayer<G>(PhantomData<fn() -> G>);

impl<G: Guard> GuardLayer<G> {
    /// The layer.
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<G: Guard> Default for GuardLayer<G> {
    fn default() -> Self {
        Self::new()
    }
}

impl<G> Clone for GuardLayer<G> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<G> Copy for GuardLayer<G> {}

impl<G> fmt::Debug for GuardLayer<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GuardLayer({})", std::any::type_name::<G>())
    }
}

impl<G, S> Layer<S> for GuardLayer<G> {
    type Service = GuardService<G, S>;

    fn layer(&self, inner: S) -> GuardService<G, S> {
        GuardService { guard: *self, inner }
    }
}

/// What [`GuardLayer`] makes of a service.
pub struct GuardService<G, S> {
    guard: GuardLayer<G>,
    inner: S,
}

impl<G, S: Clone> Clone for GuardService<G, S> {
    fn clone(&self) -> Self {
        Self { guard: self.guard, inner: self.inner.clone() }
    }
}

impl<G, S: fmt::Debug> fmt::Debug for GuardService<G, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuardService").field("guard", &self.guard).field("inner", &self.inner).finish()
    }
}

impl<G, S, ReqBody, ResBody> Service<Request<ReqBody>> for GuardService<G, S>
where
    G: Guard,
    S: Service<Request<ReqBody>, Response = Response<ResBody>> + Clone + Send + 'static,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
    ReqBody: Send + 'static,
    ResBody: From<Bytes> + Send + 'static,
{
    type Response = Response<ResBody>;
    type Error = S::Error;
    type Future = Boxed<'static, Result<Response<ResBody>, S::Error>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<ReqBody>) -> Self::Future {
        let arrived = match Arrived::<G::Data>::find(request.extensions()) {
            Ok(arrived) => arrived.clone(),
            Err(error) => return Box::pin(ready(Ok(error_response(&error)))),
        };
        // The clone is for the next request: only the service that was asked is known to be ready.
        let next = self.inner.clone();
        let mut ready = std::mem::replace(&mut self.inner, next);
        Box::pin(async move {
            let reason = match Guarded::<G>::check(&arrived.session).await {
                Ok(Guarded(_)) => return ready.call(request).await,
                Err(reason) => reason,
            };
            let head = Head { method: request.method(), uri: &arrived.uri, headers: request.headers() };
            Ok(rejection_response::<G, _>(reason, &head, &arrived))
        })
    }
}
