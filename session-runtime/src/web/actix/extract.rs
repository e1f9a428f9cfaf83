//! Extractors for actix-web 4: the session, and guards.

use std::convert::Infallible;
use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::rc::Weak;
use std::task::{Context, Poll, ready};

use actix_web::dev::Payload;
use actix_web::error::InternalError;
use actix_web::{Error, FromRequest, HttpRequest};

use super::gate::{Gate, Unfinished};
use super::rejection::rejected;
use super::{Arrived, LocalBoxed};
use crate::data::SessionData;
use crate::error::SessionError;
use crate::guard::{Guard, Guarded, Refused};
use crate::session::Session;

/// The session that a [`SessionMiddleware`](crate::SessionMiddleware) opened. Without the middleware: a 500 that names it.
///
/// In a middleware: `request.extract::<Session<Shop>>().await`.
impl<D: SessionData> FromRequest for Session<D> {
    type Error = SessionError;
    type Future = Ready<Result<Self, SessionError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Arrived::find(request).map(|arrived| arrived.session))
    }
}

impl<G: Guard> FromRequest for Guarded<G> {
    type Error = Error;
    type Future = Checking<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        checking(request, payload, std::convert::identity)
    }
}

impl<T> FromRequest for Refused<T> {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(_: &HttpRequest, _: &mut Payload) -> Self::Future {
        unreachable!("refused at compile time")
    }
}

/// Runs a guard on a request's head.
#[doc(hidden)]
pub fn checking<G: Guard, T: 'static>(
    request: &HttpRequest,
    payload: &mut Payload,
    proven: fn(Guarded<G>) -> T,
) -> Checking<T> {
    let arrived = match Arrived::<G::Data>::find(request) {
        Ok(arrived) => arrived,
        Err(error) => {
            let check: LocalBoxed<_> = Box::pin(ready(Err(error.into())));
            return Checking { check: Some(check), has_begun: false, gate: None, unfinished: Weak::new() };
        }
    };
    let (unfinished, request) = (arrived.unfinished.clone(), request.clone());
    let check: LocalBoxed<_> = Box::pin(async move {
        Guarded::check(&arrived.session).await.map(proven).map_err(|reason| {
            let (rejection, response) = rejected::<G>(reason, &arrived, &request);
            InternalError::from_response(rejection, response).into()
        })
    });
    Checking { check: Some(check), has_begun: false, gate: Gate::before(payload), unfinished }
}

/// A guard that looks at a session, and keeps the request's body for those who come after it.
#[doc(hidden)]
pub struct Checking<T: 'static> {
    check: Option<LocalBoxed<Result<T, Error>>>,
    has_begun: bool,
    gate: Option<Gate>,
    unfinished: Weak<Unfinished>,
}

impl<T> Future for Checking<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.has_begun = true;
        // A future that is polled again after its end is a caller's mistake; it waits for ever.
        let Some(check) = &mut self.check else { return Poll::Pending };
        let result = ready!(check.as_mut().poll(cx));
        self.check = None;
        self.gate = None;
        Poll::Ready(result)
    }
}

impl<T> Drop for Checking<T> {
    fn drop(&mut self) {
        let check = self.check.take().filter(|_| self.has_begun);
        if let (Some(check), Some(unfinished)) = (check, self.unfinished.upgrade()) {
            unfinished.keep(Box::pin(async move { check.await.map(drop) }));
        }
    }
}

/// Makes a guard with a name an extractor. The guard is the application's type, so the application's crate must do it.
#[doc(hidden)]
#[macro_export]
macro_rules! __actix_extractor {
    ($guard:ty) => {
        #[automatically_derived]
        impl $crate::private::FromRequest for $guard {
            type Error = $crate::private::Error;
            type Future = $crate::private::Checking<Self>;

            fn from_request(
                request: &$crate::private::HttpRequest,
                payload: &mut $crate::private::Payload,
            ) -> Self::Future {
                $crate::private::checking(request, payload, |guarded: $crate::private::Guarded<Self>| guarded.0)
            }
        }
    };
}
