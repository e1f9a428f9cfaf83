//! Stores that count, fail, or wait for their turn.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::SystemTime;

use bytes::Bytes;
use cloakroom::store::{Created, Refreshed, Replaced, SessionStore, StoreError, StoreKey, Stored, Touched, Version};

/// The names of the store's methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    Load,
    LoadCurrent,
    LoadIfChanged,
    Create,
    Replace,
    Touch,
    Delete,
}

/// What a store was asked to do, in order.
#[derive(Clone, Debug, Default)]
pub struct Calls(Arc<Mutex<Vec<Deed>>>);

impl Calls {
    fn note(&self, deed: Deed) {
        self.0.lock().unwrap().push(deed);
    }

    /// Takes what was noted since the last time.
    pub fn take(&self) -> Vec<Deed> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

/// A call to the store inside. It does nothing until it is awaited.
trait Answer<T>: Future<Output = Result<T, StoreError>> + Send {}

impl<T, F: Future<Output = Result<T, StoreError>> + Send> Answer<T> for F {}

/// Hands every call to `$around`, with its name: to make it or not, and to pass its answer on or not.
macro_rules! wrapper {
    ($name:ident, $around:ident) => {
        impl<S: SessionStore> SessionStore for $name<S> {
            async fn load(&self, key: &StoreKey) -> Result<Option<Stored>, StoreError> {
                self.$around(Deed::Load, self.inner.load(key)).await
            }
            async fn create(&self, key: &StoreKey, bytes: Bytes, at: SystemTime) -> Result<Created, StoreError> {
                self.$around(Deed::Create, self.inner.create(key, bytes, at)).await
            }
            async fn replace(
                &self,
                key: &StoreKey,
                expected: &Version,
                bytes: Bytes,
                at: SystemTime,
            ) -> Result<Replaced, StoreError> {
                self.$around(Deed::Replace, self.inner.replace(key, expected, bytes, at)).await
            }
            async fn touch(&self, key: &StoreKey, expected: &Version, at: SystemTime) -> Result<Touched, StoreError> {
                self.$around(Deed::Touch, self.inner.touch(key, expected, at)).await
            }
            async fn delete(&self, key: &StoreKey) -> Result<Option<Stored>, StoreError> {
                self.$around(Deed::Delete, self.inner.delete(key)).await
            }
            async fn load_current(&self, key: &StoreKey) -> Result<Option<Stored>, StoreError> {
                self.$around(Deed::LoadCurrent, self.inner.load_current(key)).await
            }
            async fn load_if_changed(&self, key: &StoreKey, known: &Version) -> Result<Refreshed, StoreError> {
                self.$around(Deed::LoadIfChanged, self.inner.load_if_changed(key, known)).await
            }
            fn load_may_be_behind(&self) -> bool {
                self.inner.load_may_be_behind()
            }
        }
    };
}

/// Counts the calls to the store inside.
#[derive(Clone)]
pub struct CountingStore<S> {
    inner: S,
    calls: Calls,
}

impl<S> CountingStore<S> {
    /// The store, and its tally.
    pub fn new(inner: S) -> (Self, Calls) {
        let calls = Calls::default();
        (Self { inner, calls: calls.clone() }, calls)
    }

    async fn note<T>(&self, deed: Deed, call: impl Answer<T>) -> Result<T, StoreError> {
        self.calls.note(deed);
        call.await
    }
}

wrapper!(CountingStore, note);

/// Fails the chosen calls while it is switched on.
#[derive(Clone)]
pub struct FlakyStore<S> {
    inner: S,
    down: Arc<Mutex<Vec<Deed>>>,
}

impl<S> FlakyStore<S> {
    /// A store that works.
    pub fn new(inner: S) -> Self {
        Self { inner, down: Arc::default() }
    }

    /// From now on these calls fail.
    pub fn fail(&self, deeds: &[Deed]) {
        *self.down.lock().unwrap() = deeds.to_vec();
    }

    /// From now on every call fails.
    pub fn fail_all(&self) {
        use Deed::{Create, Delete, Load, LoadCurrent, LoadIfChanged, Replace, Touch};
        self.fail(&[Load, LoadCurrent, LoadIfChanged, Create, Replace, Touch, Delete]);
    }

    /// From now on it works.
    pub fn recover(&self) {
        self.fail(&[]);
    }

    async fn judge<T>(&self, deed: Deed, call: impl Answer<T>) -> Result<T, StoreError> {
        let fails = self.down.lock().unwrap().contains(&deed);
        if fails { Err(StoreError::message("connection refused")) } else { call.await }
    }
}

wrapper!(FlakyStore, judge);

/// Stops before every call, so that a test decides who goes on: polled once more, a request does exactly one store step.
#[derive(Clone)]
pub struct SteppedStore<S> {
    inner: S,
    stepping: Arc<AtomicBool>,
    steps: Arc<AtomicUsize>,
    waiting: Arc<Mutex<Vec<Waker>>>,
}

impl<S> SteppedStore<S> {
    /// A store that does not stop yet.
    pub fn new(inner: S) -> Self {
        Self { inner, stepping: Arc::default(), steps: Arc::default(), waiting: Arc::default() }
    }

    /// Stops before every call from now on, or no longer.
    pub fn step(&self, on: bool) {
        self.stepping.store(on, Ordering::SeqCst);
    }

    /// Wakes those that wait.
    pub fn wake(&self) {
        self.waiting.lock().unwrap().drain(..).for_each(Waker::wake);
    }

    /// Calls that were let through.
    pub fn steps(&self) -> usize {
        self.steps.load(Ordering::SeqCst)
    }

    async fn wait<T>(&self, _: Deed, call: impl Answer<T>) -> Result<T, StoreError> {
        let mut waited = !self.stepping.load(Ordering::SeqCst);
        poll_fn(|cx| {
            if std::mem::replace(&mut waited, true) {
                return Poll::Ready(());
            }
            self.waiting.lock().unwrap().push(cx.waker().clone());
            Poll::Pending
        })
        .await;
        self.steps.fetch_add(1, Ordering::SeqCst);
        call.await
    }
}

wrapper!(SteppedStore, wait);

/// Does what it is asked at once, but for chosen calls: it makes them late, holds their answers back, or loses them on the way.
#[derive(Clone)]
pub struct LateStore<S> {
    inner: S,
    delayed: Arc<Mutex<Vec<Deed>>>,
    held: Arc<Mutex<Vec<Deed>>>,
    lost: Arc<Mutex<Vec<Deed>>>,
}

impl<S> LateStore<S> {
    /// A store that answers.
    pub fn new(inner: S) -> Self {
        Self { inner, delayed: Arc::default(), held: Arc::default(), lost: Arc::default() }
    }

    /// From now on these calls, and no others, are not made yet. Who waits for one has to be polled.
    pub fn delay(&self, deeds: &[Deed]) {
        *self.delayed.lock().unwrap() = deeds.to_vec();
    }

    /// From now on the answers to these calls, and to no others, are held back. Who waits for one has to be polled.
    pub fn hold(&self, deeds: &[Deed]) {
        *self.held.lock().unwrap() = deeds.to_vec();
    }

    /// From now on the answers to these calls, and to no others, are lost.
    pub fn lose(&self, deeds: &[Deed]) {
        *self.lost.lock().unwrap() = deeds.to_vec();
    }

    async fn answer<T>(&self, deed: Deed, call: impl Answer<T>) -> Result<T, StoreError> {
        let while_in = async |deeds: &Mutex<Vec<Deed>>| {
            poll_fn(|_| if deeds.lock().unwrap().contains(&deed) { Poll::Pending } else { Poll::Ready(()) }).await;
        };
        while_in(&self.delayed).await;
        let answer = call.await;
        while_in(&self.held).await;
        let lost = self.lost.lock().unwrap().contains(&deed);
        if lost { Err(StoreError::message("the connection was lost")) } else { answer }
    }
}

wrapper!(LateStore, answer);

/// Polls a future once: with a [`SteppedStore`], one step further.
pub fn poll_step<T>(future: &mut Pin<Box<dyn Future<Output = T> + Send + '_>>) -> Option<T> {
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}
