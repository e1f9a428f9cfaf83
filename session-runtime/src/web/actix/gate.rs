//! actix-web asks for all parameters of a handler at once. So that a guard still comes before the others, the request's body is held back
//! until the guard has spoken, and of a guard that was dropped because another parameter failed the answer is waited for.

use std::cell::RefCell;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use actix_web::body::EitherBody;
use actix_web::dev::{Payload, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::{Error, HttpResponse};
use bytes::Bytes;
use futures_util::Stream;
use tokio::sync::oneshot::{Receiver, Sender, channel};

use super::LocalBoxed;
use super::response::{replaced, replaced_error};

/// Holds a request's body back until this is dropped.
pub(super) struct Gate(#[expect(dead_code, reason = "what counts is when it is dropped")] Sender<Infallible>);

impl Gate {
    /// `None` where there is no body.
    pub(super) fn before(payload: &mut Payload) -> Option<Self> {
        if matches!(payload, Payload::None) {
            return None;
        }
        let (gate, opened) = channel();
        let held = Held { opened: Some(opened), payload: payload.take() };
        *payload = Payload::Stream { payload: Box::pin(held) };
        Some(Self(gate))
    }
}

struct Held {
    opened: Option<Receiver<Infallible>>,
    payload: Payload,
}

impl Stream for Held {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(opened) = &mut self.opened {
            // Nothing is ever sent: what comes is that the gate is gone.
            let _ = ready!(Pin::new(opened).poll(cx));
            self.opened = None;
        }
        Pin::new(&mut self.payload).poll_next(cx)
    }
}

/// A guard that was dropped before it has spoken, if there is one.
#[derive(Default)]
pub(super) struct Unfinished(RefCell<Option<LocalBoxed<Result<(), Error>>>>);

impl Unfinished {
    /// Keeps a guard, unless one that stands before it is kept.
    pub(super) fn keep(&self, guard: LocalBoxed<Result<(), Error>>) {
        self.0.borrow_mut().get_or_insert(guard);
    }

    /// What the guard says against a request, where a handler's parameters were at fault as well; else what was answered.
    pub(super) async fn first<B>(
        &self,
        answered: Result<ServiceResponse<B>, Error>,
    ) -> Result<ServiceResponse<EitherBody<B>>, Error> {
        let is_fault = match &answered {
            Ok(response) => response.status().is_client_error(),
            Err(error) => error.as_response_error().status_code().is_client_error(),
        };
        let refused = match self.0.take().filter(|_| is_fault) {
            Some(guard) => guard.await.err(),
            None => None,
        };
        match (refused, answered) {
            (None, answered) => answered.map(ServiceResponse::map_into_left_body),
            // A response, as a guard's is that was in time, for the middleware around this one.
            (Some(refused), Ok(response)) => {
                Ok(replaced(response, HttpResponse::from_error(refused)).map_into_right_body())
            }
            (Some(refused), Err(error)) => Err(replaced_error(&error, refused)),
        }
    }
}
