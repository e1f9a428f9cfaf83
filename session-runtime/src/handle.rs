//! One request's hold on its session: what the generated methods call, and what they answer.
//!
//! The types are made to be cheap to compile, since each generated method names one. A getter is an `async fn` here and an
//! `impl Future` there, so that the compiler can say where an `.await` was forgotten; the others answer with a [`Later`], which
//! takes a compiler less than half of that time.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::data::Key;
use crate::error::SessionError;
use crate::state::Inner;
use crate::store::Boxed;

/// One request's hold on its session; what the generated methods call.
#[doc(hidden)]
pub struct Handle<D> {
    pub(crate) inner: Arc<Inner>,
    data: PhantomData<fn() -> D>,
}

impl<D> Handle<D> {
    pub(crate) fn new(inner: Arc<Inner>) -> Self {
        Self { inner, data: PhantomData }
    }

    pub fn get<T>(&self, key: Key<D, T>) -> impl Future<Output = Result<T, SessionError>> {
        get(&self.inner, key.untyped())
    }

    pub fn set<T>(&self, key: Key<D, T>, value: T) -> Done {
        set(&self.inner, key.untyped(), &value, key.field.ttl)
    }

    pub fn set_for<T>(&self, key: Key<D, T>, value: T, lifetime: Duration) -> Done {
        set(&self.inner, key.untyped(), &value, Some(lifetime))
    }

    pub fn update<'a, T: 'a, R: Send + 'a>(
        &'a self,
        key: Key<D, T>,
        change: impl FnMut(&mut T) -> R + Send + 'a,
    ) -> Later<'a, R> {
        Later(Box::pin(update(&self.inner, key.untyped(), change)))
    }

    pub fn take<'a, T: 'a>(&'a self, key: Key<D, T>) -> Later<'a, T> {
        Later(Box::pin(take(&self.inner, key.untyped())))
    }

    pub fn clear_field<T>(&self, key: Key<D, T>) -> Done {
        Done::ready(self.inner.clear_field(key.field))
    }

    pub fn has<'a, T: 'a>(&'a self, key: Key<D, T>) -> Later<'a, bool> {
        Later(Box::pin(has(&self.inner, key.untyped())))
    }
}

// Not generic over `D`, so that one type of value is compiled once for all sessions.

async fn get<T>(inner: &Inner, key: Key<(), T>) -> Result<T, SessionError> {
    if key.field.flash {
        return take(inner, key).await;
    }
    key.read(inner.read(key.field).await?.as_deref())
}

async fn take<T>(inner: &Inner, key: Key<(), T>) -> Result<T, SessionError> {
    inner.load().await?;
    taken(inner, key)
}

fn taken<T>(inner: &Inner, key: Key<(), T>) -> Result<T, SessionError> {
    let stored = inner.peek(key.field);
    let value = key.read(stored.as_deref())?;
    if stored.is_some() {
        inner.clear_field(key.field)?;
    }
    Ok(value)
}

async fn has<T>(inner: &Inner, key: Key<(), T>) -> Result<bool, SessionError> {
    inner.load().await?;
    // What no longer reads as its type counts as unset, where the field says so: only then is it looked into.
    match inner.peek(key.field) {
        Some(stored) if key.field.lenient => Ok(key.read_set(Some(&stored))?.is_some()),
        stored => Ok(stored.is_some()),
    }
}

fn set<T>(inner: &Inner, key: Key<(), T>, value: &T, lifetime: Option<Duration>) -> Done {
    Done::ready(key.write(value).and_then(|bytes| inner.set(key.field, bytes, lifetime)))
}

async fn update<T, R: Send>(
    inner: &Inner,
    key: Key<(), T>,
    mut change: impl FnMut(&mut T) -> R + Send,
) -> Result<R, SessionError> {
    let mut result = None;
    let mut step = |stored: Option<&[u8]>| {
        let mut value = key.read(stored)?;
        let unset = if stored.is_none() { key.write(&value).ok().flatten() } else { None };
        result = Some(change(&mut value));
        // What reads as before the change is no reason to store anything, or even to begin a session.
        Ok(key.write(&value)?.filter(|bytes| unset.as_ref() != Some(bytes)))
    };
    inner.update(key.field, &mut step).await?;
    result.ok_or(SessionError::Contended)
}

impl<D> Clone for Handle<D> {
    fn clone(&self) -> Self {
        Self::new(Arc::clone(&self.inner))
    }
}

/// What an operation on a session will answer: `.await` it for a `Result<T, SessionError>`. Nothing is done before.
#[must_use = "nothing is done until it is awaited"]
pub struct Later<'a, T>(Boxed<'a, Result<T, SessionError>>);

impl<T> Future for Later<'_, T> {
    type Output = Result<T, SessionError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(cx)
    }
}

impl<T> fmt::Debug for Later<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Later")
    }
}

/// The report of a change that has already been made: `.await` it to learn whether it was refused.
#[must_use = "the change is made either way; `.await` tells whether it was refused"]
pub struct Done(Report);

enum Report {
    Now(Option<Result<(), SessionError>>),
    Later(Boxed<'static, Result<(), SessionError>>),
}

impl Done {
    pub(crate) fn ready(result: Result<(), SessionError>) -> Self {
        Self(Report::Now(Some(result)))
    }

    pub(crate) fn later(report: impl Future<Output = Result<(), SessionError>> + Send + 'static) -> Self {
        Self(Report::Later(Box::pin(report)))
    }
}

impl Future for Done {
    type Output = Result<(), SessionError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            Report::Now(result) => Poll::Ready(result.take().unwrap_or(Ok(()))),
            Report::Later(future) => future.as_mut().poll(cx),
        }
    }
}

impl fmt::Debug for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Done")
    }
}
