//! Memory in front of a slower store, so that what a node has read before is not sent to it again.

mod copies;
mod reads;
mod shard;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use session_runtime::store::{
    Bytes, Created, OwnerIndex, Refreshed, Replaced, SessionStore, StoreError, StoreKey, Stored, Swept, Touched,
    Version,
};
use session_runtime::{Clock, SystemClock};

use self::copies::{Begun, Copies};
pub use self::reads::{Coherent, Reads, StaleUpTo};

/// As much memory as the copies take unless it is set.
const MAX_BYTES: usize = 64 << 20;

/// Keeps copies of records in this process's memory, in front of a store that is slower. Clones share the copies.
///
/// ```
/// use cloakroom::MemoryStore;
/// use cloakroom::stores::Layered;
///
/// # let redis = MemoryStore::new();
/// let store = Layered::new(redis).with_max_bytes(256 << 20);
/// ```
///
/// **No read is stale.** Each asks the store behind whether the copy's version is still the one that stands there
/// ([`load_if_changed`](SessionStore::load_if_changed)): one way over the network, as without the layer, on which the record itself
/// is sent only if it has changed. A logout or a write on one node is therefore seen by all others at their very next request.
/// What this saves is bandwidth, and the work to make the record ready again; it saves no round trip. For an unchanged record of
/// 10,000 bytes Redis is sent 143 bytes and answers 18, where it were 62 and 10,034; PostgreSQL 125 and 82, where it were 104 and 10,089
/// (`tests/layered/cost.rs`). Under a hundred bytes it is not worth while.
///
/// **Reads without a round trip** are possible where they may be old. [`with_stale_reads`](Self::with_stale_reads) makes another type of
/// this one, so that the choice can be seen where it was made and passed on.
///
/// Redis can push the keys that change to those who have read them, and these pushes are deliberately not used: Redis answers whoever
/// changed the key without waiting for them to arrive. A visitor could be told that they are signed out while another node still signs
/// them in, for as long as a push takes, or for good if its connection hangs. That is a stale read without a bound.
///
/// **Writes** go to the store behind first. The copy follows when that has answered; after an error, or where the caller went away,
/// nobody knows what stands there, and the copy is dropped. An error of the store is an error here, never an old copy.
///
/// **Memory** is bounded: 64 MiB unless set otherwise, keys and bookkeeping included. What has not been read lately makes room, and
/// nobody is logged out by that. A record over 4 MiB is not kept.
///
/// **With `Encrypted`** (feature `sealed`) the layer belongs outside: `Layered::new(Encrypted::new(redis, keys))`. The copies are then plain,
/// in this process alone, and a record is opened once for many reads. The other way round it would be opened at each.
///
/// In front of a store in the same process, such as `RedbStore`, it saves nothing.
#[derive(Clone)]
pub struct Layered<S, R = Coherent> {
    back: S,
    copies: Arc<Copies>,
    clock: Arc<dyn Clock>,
    max_bytes: usize,
    reads: R,
}

impl<S: SessionStore> Layered<S> {
    /// Puts memory in front of `back`.
    pub fn new(back: S) -> Self {
        let (clock, max_bytes, reads) = (Arc::new(SystemClock), MAX_BYTES, Coherent::new());
        Self { back, copies: Arc::new(Copies::new(max_bytes)), clock, max_bytes, reads }
    }

    /// Lets getters read a copy without asking the store behind, as long as it was current less than `max_age` ago.
    ///
    /// For that long a visitor who signed out on another node reads as signed in here, and the store behind may even be down. Whatever
    /// decides or writes still asks it: guards (`#[require_session]`, `GuardLayer`, …), `update_*`, `save`, and the commit at the end
    /// of a request that has set something. What this node itself has written or destroyed is read as such at once.
    ///
    /// ```
    /// use cloakroom::MemoryStore;
    /// use cloakroom::stores::{Layered, StaleUpTo};
    /// use std::time::Duration;
    ///
    /// # let redis = MemoryStore::new();
    /// let store: Layered<MemoryStore, StaleUpTo> = Layered::new(redis).with_stale_reads(Duration::from_secs(2));
    /// # assert_eq!(store.max_age(), Duration::from_secs(2));
    /// ```
    pub fn with_stale_reads(self, max_age: Duration) -> Layered<S, StaleUpTo> {
        let Self { back, copies, clock, max_bytes, .. } = self;
        Layered { back, copies, clock, max_bytes, reads: StaleUpTo::new(max_age) }
    }
}

impl<S: SessionStore> Layered<S, StaleUpTo> {
    /// How long ago what a getter reads may have been current.
    pub fn max_age(&self) -> Duration {
        self.reads.max_age()
    }
}

impl<S: SessionStore, R: Reads> Layered<S, R> {
    /// The same, with no copies yet, and at most `bytes` bytes of them.
    #[must_use]
    pub fn with_max_bytes(self, bytes: usize) -> Self {
        Self { copies: Arc::new(Copies::new(bytes)), max_bytes: bytes, ..self }
    }

    /// The same, with no copies yet, following `clock`, for tests. It tells how old a copy is and whether it has expired.
    #[must_use]
    pub fn with_clock(self, clock: impl Clock) -> Self {
        Self { copies: Arc::new(Copies::new(self.max_bytes)), clock: Arc::new(clock), ..self }
    }

    /// The store behind.
    pub fn back(&self) -> &S {
        &self.back
    }

    /// How many records it holds copies of.
    pub fn len(&self) -> usize {
        self.copies.len()
    }

    /// Whether it holds no copy.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many bytes the copies take, with about 400 more for each.
    pub fn bytes(&self) -> usize {
        self.copies.bytes()
    }

    fn begin(&self, key: &StoreKey) -> Begun<'_> {
        self.copies.begin(key, self.clock.now())
    }

    /// What stands in the store behind, sent only where there is no copy of it.
    async fn refresh(&self, key: &StoreKey, begun: Begun<'_>) -> Result<Option<Stored>, StoreError> {
        let Some(copy) = begun.copy() else {
            let found = self.back.load_current(key).await?;
            begun.learn(found.as_ref());
            return Ok(found);
        };
        match self.back.load_if_changed(key, &copy.version).await? {
            Refreshed::Unchanged { expires_at } => {
                begun.confirm(expires_at);
                Ok(Some(Stored { expires_at, ..copy }))
            }
            Refreshed::Changed(stored) => {
                begun.learn(Some(&stored));
                Ok(Some(stored))
            }
            Refreshed::Gone => {
                begun.learn(None);
                Ok(None)
            }
        }
    }
}

impl<S: SessionStore, R: Reads> SessionStore for Layered<S, R> {
    async fn load(&self, key: &StoreKey) -> Result<Option<Stored>, StoreError> {
        let begun = self.begin(key);
        match begun.copy_younger_than(self.reads.max_age()) {
            Some(copy) => Ok(Some(copy)),
            None => self.refresh(key, begun).await,
        }
    }

    fn load_now(&self, key: &StoreKey) -> Option<Stored> {
        if self.load_may_be_behind() { self.begin(key).copy_younger_than(self.reads.max_age()) } else { None }
    }

    async fn load_current(&self, key: &StoreKey) -> Result<Option<Stored>, StoreError> {
        self.refresh(key, self.begin(key)).await
    }

    async fn load_if_changed(&self, key: &StoreKey, known: &Version) -> Result<Refreshed, StoreError> {
        Ok(Refreshed::of(self.load_current(key).await?, known))
    }

    fn load_may_be_behind(&self) -> bool {
        !self.reads.max_age().is_zero()
    }

    fn sweep(&self) -> impl Future<Output = Result<Swept, StoreError>> + Send {
        self.back.sweep()
    }

    fn pause(&self, time: Duration) -> Option<impl Future<Output = ()> + Send> {
        self.back.pause(time)
    }

    async fn create(&self, key: &StoreKey, bytes: Bytes, expires_at: SystemTime) -> Result<Created, StoreError> {
        let writing = self.begin(key).write();
        let created = self.back.create(key, bytes.clone(), expires_at).await?;
        if let Created::New(version) = created {
            writing.leaves(Stored { version, bytes, expires_at });
        }
        Ok(created)
    }

    async fn replace(
        &self,
        key: &StoreKey,
        expected: &Version,
        bytes: Bytes,
        expires_at: SystemTime,
    ) -> Result<Replaced, StoreError> {
        let writing = self.begin(key).write();
        let replaced = self.back.replace(key, expected, bytes.clone(), expires_at).await?;
        match &replaced {
            Replaced::Done(version) => writing.leaves(Stored { version: *version, bytes, expires_at }),
            Replaced::Stale(current) => writing.leaves(current.clone()),
            Replaced::Gone => {}
        }
        Ok(replaced)
    }

    async fn touch(&self, key: &StoreKey, expected: &Version, expires_at: SystemTime) -> Result<Touched, StoreError> {
        let begun = self.begin(key);
        let copy = begun.copy().filter(|copy| copy.version == *expected);
        let writing = begun.write();
        let touched = self.back.touch(key, expected, expires_at).await?;
        if let (Touched::Done, Some(copy)) = (touched, copy) {
            writing.leaves(Stored { expires_at, ..copy });
        }
        Ok(touched)
    }

    async fn delete(&self, key: &StoreKey) -> Result<Option<Stored>, StoreError> {
        let _writing = self.begin(key).write();
        self.back.delete(key).await
    }

    fn owner_index(&self) -> Option<&impl OwnerIndex> {
        self.back.owner_index()
    }
}

impl<S: fmt::Debug, R: fmt::Debug> fmt::Debug for Layered<S, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { back, copies, reads, .. } = self;
        f.debug_struct("Layered")
            .field("back", back)
            .field("reads", reads)
            .field("copies", &copies.len())
            .finish_non_exhaustive()
    }
}
