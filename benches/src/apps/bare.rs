//! No session at all: what every figure is compared with.

use std::convert::Infallible;
use std::task::{Context, Poll};

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use tower::Service;

use crate::endpoints::plain;

/// What `Router::layer` costs by itself.
#[derive(Clone)]
struct Nothing<S>(S);

impl<S: Service<Request, Response = Response, Error = Infallible>> Service<Request> for Nothing<S> {
    type Response = Response;
    type Error = Infallible;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> S::Future {
        self.0.call(request)
    }
}

pub(super) async fn bare() -> Router {
    plain()
}

pub(super) async fn layer() -> Router {
    plain().layer(tower::layer::layer_fn(Nothing))
}
