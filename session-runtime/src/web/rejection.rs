//! The response for a request that a guard turned away: the guard's own, else the application's, else the built-in one.

use std::any::Any;

use bytes::Bytes;
use http::Response;

use crate::guard::{Guard, Guarded};
use crate::rejection::{Head, Reason, Rejection};
use crate::web::tower::Arrived;

/// The response for a request that the guard `G` turned away.
pub(crate) fn rejection_response<G: Guard, B: From<Bytes> + 'static>(
    reason: Reason,
    head: &Head<'_>,
    arrived: &Arrived<G::Data>,
) -> Response<B> {
    let rejection = &Guarded::<G>::rejection(reason, &arrived.session, head);
    if let Some(own) = G::reject(rejection, &OverHttp).and_then(as_response) {
        return own;
    }
    let Some(mut response) = arrived.answer.as_ref().and_then(|answer| as_response(answer(rejection))) else {
        return built_in_response(rejection);
    };
    rejection.complete(response.status().as_u16(), response.headers_mut());
    response
}

/// The response that a rejection is.
pub(crate) fn built_in_response<B: From<Bytes>>(rejection: &Rejection) -> Response<B> {
    rejection.response().map(|body| B::from(Bytes::from(body)))
}

fn as_response<B: 'static>(response: Box<dyn Any>) -> Option<Response<B>> {
    response.downcast().ok().map(|response| *response)
}

/// Asks for a response of the `http` crate, as far as a `reject = …` function has one.
pub(crate) struct OverHttp;
