//! Stores that count, fail, or wait for their turn.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use cloakroom::store::{
    Created, OwnerEntry, OwnerIndex, OwnerKey, Refreshed, Replaced, SessionStore, StoreError, StoreKey, Stored, Swept,
    Touched, Version,
};
use futures_util::future::BoxFuture;

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
    Enter,
    Entries,
    HasEntry,
    RemoveEntries,
}

/// What a store was asked to do, in order.
#[derive(Clone, Debug, Default)]
pub struct Calls(Arc<Mutex<Vec<Deed>>>);

impl Calls {
    fn note(&self, deed: Deed) {
        self.0.lock().unwrap().push(deed);
    }

    /// Waits until, from now on, something was asked this many times.
    pub async fn wait_for(&self, deed: Deed, times: usize) {
        self.take();
        let asked = || self.0.lock().unwrap().iter().filter(|asked| **asked == deed).count();
        let all = async {
            while asked() < times {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), all).await.expect("the store is asked");
    }

    /// Takes what was noted since the last time.
    pub fn take(&self) -> Vec<Deed> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

/// What happens around the calls to a store.
pub trait Around: Clone + Send + Sync + 'static {
    /// Before the store inside is asked; an error is the answer. (What is asked of a whole owner comes with the owner's bytes as key.)
    fn before(&self, _: Deed, _: &StoreKey) -> impl Future<Output = Result<(), StoreError>> + Send {
        async { Ok(()) }
    }

    /// Once it has done what it was asked; an error takes the answer's place.
    fn after(&self, _: Deed) -> impl Future<Output = Result<(), StoreError>> + Send {
        async { Ok(()) }
    }

    /// What a sweep comes to, in place of the store's.
    fn sweep(&self) -> impl Future<Output = Option<Result<Swept, StoreError>>> + Send {
        async { None }
    }

    /// A timer in place of the store's.
    fn pause(&self, _: Duration) -> Option<BoxFuture<'static, ()>> {
        None
    }
}

/// A store, and what happens around its calls.
#[derive(Clone)]
pub struct Wrapped<S, A> {
    /// The store inside.
    pub inner: S,
    /// What happens.
    pub around: A,
}

impl<S, A: Around> Wrapped<S, A> {
    async fn around<T>(
        &self,
        deed: Deed,
        key: &StoreKey,
        call: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        self.around.before(deed, key).await?;
        let answer = call.await?;
        self.around.after(deed).await?;
        Ok(answer)
    }
}

impl<S: SessionStore, A: Around> SessionStore for Wrapped<S, A> {
    async fn load(&self, key: &StoreKey) -> Result<Option<Stored>, StoreError> {
        self.around(Deed::Load, key, self.inner.load(key)).await
    }

    async fn create(&self, key: &StoreKey, bytes: Bytes, at: SystemTime) -> Result<Created, StoreError> {
        self.around(Deed::Create, key, self.inner.create(key, bytes, at)).await
    }

    async fn replace(&self, key: &StoreKey, old: &Version, new: Bytes, at: SystemTime) -> Result<Replaced, StoreError> {
        self.around(Deed::Replace, key, self.inner.replace(key, old, new, at)).await
    }

    async fn touch(&self, key: &StoreKey, expected: &Version, at: SystemTime) -> Result<Touched, StoreError> {
        self.around(Deed::Touch, key, self.inner.touch(key, expected, at)).await
    }

    async fn delete(&self, key: &StoreKey) -> Result<Option<Stored>, StoreError> {
        self.around(Deed::Delete, key, self.inner.delete(key)).await
    }

    async fn load_current(&self, key: &StoreKey) -> Result<Option<Stored>, StoreError> {
        self.around(Deed::LoadCurrent, key, self.inner.load_current(key)).await
    }

    fn pause(&self, time: Duration) -> Option<impl Future<Output = ()> + Send> {
        let own = self.around.pause(time);
        own.or_else(|| self.inner.pause(time).map(|pause| -> BoxFuture<'_, ()> { Box::pin(pause) }))
    }

    async fn load_if_changed(&self, key: &StoreKey, known: &Version) -> Result<Refreshed, StoreError> {
        self.around(Deed::LoadIfChanged, key, self.inner.load_if_changed(key, known)).await
    }

    async fn sweep(&self) -> Result<Swept, StoreError> {
        match self.around.sweep().await {
            Some(swept) => swept,
            None => self.inner.sweep().await,
        }
    }

    fn load_may_be_behind(&self) -> bool {
        self.inner.load_may_be_behind()
    }

    fn owner_index(&self) -> Option<&impl OwnerIndex> {
        self.inner.owner_index().is_some().then_some(self)
    }
}

impl<S: SessionStore, A: Around> Wrapped<S, A> {
    fn index(&self) -> &impl OwnerIndex {
        self.inner.owner_index().expect("the store inside has an owner index")
    }
}

impl<S: SessionStore, A: Around> OwnerIndex for Wrapped<S, A> {
    async fn enter(&self, owner: &OwnerKey, entry: &OwnerEntry) -> Result<(), StoreError> {
        self.around(Deed::Enter, &entry.key, self.index().enter(owner, entry)).await
    }

    async fn entries(&self, owner: &OwnerKey) -> Result<Vec<OwnerEntry>, StoreError> {
        let all = StoreKey::from_bytes(*owner.as_bytes());
        self.around(Deed::Entries, &all, self.index().entries(owner)).await
    }

    async fn has_entry(&self, owner: &OwnerKey, key: &StoreKey) -> Result<bool, StoreError> {
        self.around(Deed::HasEntry, key, self.index().has_entry(owner, key)).await
    }

    async fn remove_entries(&self, owner: &OwnerKey, keys: &[StoreKey]) -> Result<(), StoreError> {
        let all = StoreKey::from_bytes(*owner.as_bytes());
        self.around(Deed::RemoveEntries, &all, self.index().remove_entries(owner, keys)).await
    }
}

/// Counts the calls to the store inside.
pub type CountingStore<S> = Wrapped<S, Calls>;

impl<S> Wrapped<S, Calls> {
    /// The store, and its tally.
    pub fn new(inner: S) -> (Self, Calls) {
        let calls = Calls::default();
        (Self { inner, around: calls.clone() }, calls)
    }
}

impl Around for Calls {
    async fn before(&self, deed: Deed, _: &StoreKey) -> Result<(), StoreError> {
        self.note(deed);
        Ok(())
    }
}

/// Fails the chosen calls while it is switched on.
pub type FlakyStore<S> = Wrapped<S, Faults>;

/// The calls that fail.
#[derive(Clone, Default)]
pub struct Faults {
    some: Arc<Mutex<Vec<Deed>>>,
    all: Arc<AtomicBool>,
}

impl<S> Wrapped<S, Faults> {
    /// A store that works.
    pub fn new(inner: S) -> Self {
        Self { inner, around: Faults::default() }
    }

    /// From now on these calls, and no others, fail.
    pub fn fail(&self, deeds: &[Deed]) {
        self.around.all.store(false, Ordering::SeqCst);
        *self.around.some.lock().unwrap() = deeds.to_vec();
    }

    /// From now on every call fails, sweeps as well.
    pub fn fail_all(&self) {
        self.around.all.store(true, Ordering::SeqCst);
    }

    /// From now on it works.
    pub fn recover(&self) {
        self.fail(&[]);
    }
}

impl Faults {
    fn answer(&self, fails: bool) -> Result<(), StoreError> {
        let fails = fails || self.all.load(Ordering::SeqCst);
        if fails { Err(StoreError::message("connection refused")) } else { Ok(()) }
    }
}

impl Around for Faults {
    async fn before(&self, deed: Deed, _: &StoreKey) -> Result<(), StoreError> {
        self.answer(self.some.lock().unwrap().contains(&deed))
    }

    async fn sweep(&self) -> Option<Result<Swept, StoreError>> {
        self.answer(false).err().map(Err)
    }
}

/// Stops before every call, so that a test decides who goes on: polled once more, a request does exactly one store step.
pub type SteppedStore<S> = Wrapped<S, Steps>;

/// Who goes on.
#[derive(Clone, Default)]
pub struct Steps {
    stepping: Arc<AtomicBool>,
    steps: Arc<AtomicUsize>,
    waiting: Arc<Mutex<Vec<Waker>>>,
}

impl<S> Wrapped<S, Steps> {
    /// A store that does not stop yet.
    pub fn new(inner: S) -> Self {
        Self { inner, around: Steps::default() }
    }

    /// Stops before every call from now on, or no longer.
    pub fn step(&self, on: bool) {
        self.around.stepping.store(on, Ordering::SeqCst);
    }

    /// Wakes those that wait.
    pub fn wake(&self) {
        self.around.waiting.lock().unwrap().drain(..).for_each(Waker::wake);
    }

    /// Calls that were let through.
    pub fn steps(&self) -> usize {
        self.around.steps.load(Ordering::SeqCst)
    }
}

impl Around for Steps {
    async fn before(&self, _: Deed, _: &StoreKey) -> Result<(), StoreError> {
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
        Ok(())
    }
}

/// Remembers what was created, so that a test can look for what is left.
pub type WatchedStore<S> = Wrapped<S, Keys>;

/// The keys of all records that were ever created.
#[derive(Clone, Default)]
pub struct Keys(Arc<Mutex<Vec<StoreKey>>>);

impl<S: SessionStore> Wrapped<S, Keys> {
    /// A store that remembers.
    pub fn new(inner: S) -> Self {
        Self { inner, around: Keys::default() }
    }

    /// The records that still stand, in the order in which they were created.
    pub async fn left(&self) -> Vec<Stored> {
        let keys = self.around.0.lock().unwrap().clone();
        let mut left = Vec::new();
        for key in keys {
            left.extend(self.inner.load_current(&key).await.expect("the store works"));
        }
        left
    }

    /// Forgets what was created so far.
    pub fn forget(&self) {
        self.around.0.lock().unwrap().clear();
    }
}

impl Around for Keys {
    async fn before(&self, deed: Deed, key: &StoreKey) -> Result<(), StoreError> {
        if deed == Deed::Create {
            self.0.lock().unwrap().push(*key);
        }
        Ok(())
    }
}

/// Does what it is asked at once, but for chosen calls: it makes them late, holds their answers back, or loses them on the way.
pub type LateStore<S> = Wrapped<S, Late>;

/// The calls that are late, whose answers are held back, and whose answers are lost.
#[derive(Clone, Default)]
pub struct Late {
    delayed: Arc<Mutex<Vec<Deed>>>,
    held: Arc<Mutex<Vec<Deed>>>,
    lost: Arc<Mutex<Vec<Deed>>>,
}

impl<S> Wrapped<S, Late> {
    /// A store that answers.
    pub fn new(inner: S) -> Self {
        Self { inner, around: Late::default() }
    }

    /// From now on these calls, and no others, are not made yet. Who waits for one has to be polled.
    pub fn delay(&self, deeds: &[Deed]) {
        *self.around.delayed.lock().unwrap() = deeds.to_vec();
    }

    /// From now on the answers to these calls, and to no others, are held back. Who waits for one has to be polled.
    pub fn hold(&self, deeds: &[Deed]) {
        *self.around.held.lock().unwrap() = deeds.to_vec();
    }

    /// From now on the answers to these calls, and to no others, are lost.
    pub fn lose(&self, deeds: &[Deed]) {
        *self.around.lost.lock().unwrap() = deeds.to_vec();
    }
}

impl Around for Late {
    async fn before(&self, deed: Deed, _: &StoreKey) -> Result<(), StoreError> {
        while_in(&self.delayed, deed).await;
        Ok(())
    }

    async fn after(&self, deed: Deed) -> Result<(), StoreError> {
        while_in(&self.held, deed).await;
        let lost = self.lost.lock().unwrap().contains(&deed);
        if lost { Err(StoreError::message("the connection was lost")) } else { Ok(()) }
    }
}

async fn while_in(deeds: &Mutex<Vec<Deed>>, deed: Deed) {
    poll_fn(|_| if deeds.lock().unwrap().contains(&deed) { Poll::Pending } else { Poll::Ready(()) }).await;
}

/// Polls a future once: with a [`SteppedStore`], one step further.
pub fn poll_step<T>(future: &mut Pin<Box<dyn Future<Output = T> + Send + '_>>) -> Option<T> {
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}
