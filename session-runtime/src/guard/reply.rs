//! What a `reject = …` function returned, on its way to become a response of the web framework that asks.
//!
//! The features of several frameworks may be on at once, so the compiler is asked which of them takes the type: each has a trait with the
//! method `reply`, one reference further in than the next, and the last one is here.

use std::any::Any;
use std::cell::Cell;

/// What a `reject = …` function returned, and the request of the web framework that asks.
#[doc(hidden)]
pub struct Reply<'a, T> {
    value: Cell<Option<T>>,
    /// The framework's own type, which also tells which framework it is.
    pub request: &'a dyn Any,
}

impl<'a, T> Reply<'a, T> {
    pub fn new(value: T, request: &'a dyn Any) -> Self {
        Self { value: Cell::new(Some(value)), request }
    }

    /// What was returned. `None` if it was taken before.
    pub fn take(&self) -> Option<T> {
        self.value.take()
    }
}

/// Asked last, where no web framework takes the type for a response: demands what no type has, so that the compiler speaks.
#[doc(hidden)]
pub trait ReplyWithNone<T> {
    fn reply(&self) -> Option<Box<dyn Any>>
    where
        T: IsResponse,
    {
        None
    }
}

impl<T> ReplyWithNone<T> for Reply<'_, T> {}

/// Implemented by nothing: its message is what a user reads.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a `reject` function returns a response, and this one a `{Self}`",
    label = "what it returns is no response",
    note = "return what a handler may return, such as `impl IntoResponse`"
)]
pub trait IsResponse {}
