//! The middleware for a guard: the same needs before every route of a scope.

use std::fmt;
use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::rc::Rc;

use actix_web::Error;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready};

use super::rejection::rejected;
use super::response::error_response;
use super::{Arrived, LocalBoxed};
use crate::guard::{Guard, Guarded};

/// Lets requests through whose session holds what the guard `G` needs; the others get what a handler behind that guard answers.
/// For actix-web 4.
///
/// It stands inside of the [`SessionMiddleware`](crate::SessionMiddleware), which opens the session: on a scope within the
/// application that is wrapped in that one, or added to the same application by an earlier `wrap`. CORS middleware goes outside of it, since a
/// browser's `OPTIONS` request brings no cookie.
///
/// ```
/// use actix_web::{App, web};
/// use cloakroom::{GuardMiddleware, MemoryStore, SessionData, SessionMiddleware, session_guard};
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
/// let sessions = SessionMiddleware::<Shop>::new(MemoryStore::new());
/// let back_office = web::scope("/admin")
///     .route("/orders", web::get().to(|| async { "orders" }))
///     .route("/stock", web::get().to(|| async { "stock" }))
///     .wrap(GuardMiddleware::<Admin>::new());
/// let app = App::new().service(back_office).wrap(sessions);
/// # let _ = app;
/// ```
pub struct GuardMiddleware<G>(PhantomData<fn() -> G>);

impl<G: Guard> GuardMiddleware<G> {
    /// The middleware.
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<G: Guard> Default for GuardMiddleware<G> {
    fn default() -> Self {
        Self::new()
    }
}

impl<G> Clone for GuardMiddleware<G> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<G> Copy for GuardMiddleware<G> {}

impl<G> fmt::Debug for GuardMiddleware<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GuardMiddleware({})", std::any::type_name::<G>())
    }
}

impl<G, S, B> Transform<S, ServiceRequest> for GuardMiddleware<G>
where
    G: Guard,
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Transform = GuardMiddlewareService<G, S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        ready(Ok(GuardMiddlewareService { guard: *self, inner: Rc::new(inner) }))
    }
}

/// What [`GuardMiddleware`] makes of a service.
pub struct GuardMiddlewareService<G, S> {
    guard: GuardMiddleware<G>,
    inner: Rc<S>,
}

impl<G, S: fmt::Debug> fmt::Debug for GuardMiddlewareService<G, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuardMiddlewareService").field("guard", &self.guard).field("inner", &self.inner).finish()
    }
}

impl<G, S, B> Service<ServiceRequest> for GuardMiddlewareService<G, S>
where
    G: Guard,
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Future = LocalBoxed<Result<Self::Response, Error>>;

    forward_ready!(inner);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let arrived = Arrived::<G::Data>::find(&request);
        let inner = Rc::clone(&self.inner);
        Box::pin(async move {
            let arrived = match arrived {
                Ok(arrived) => arrived,
                Err(error) => return Ok(request.into_response(error_response(&error)).map_into_right_body()),
            };
            let reason = match Guarded::<G>::check(&arrived.session).await {
                Ok(Guarded(_)) => return Ok(inner.call(request).await?.map_into_left_body()),
                Err(reason) => reason,
            };
            let (_, response) = rejected::<G>(reason, &arrived, request.request());
            Ok(request.into_response(response).map_into_right_body())
        })
    }
}
