//! Sessions in one file: no server to run, and nothing is lost when the process dies.

mod file;
mod owners;
mod tables;
#[cfg(test)]
mod tests;
mod unfinished;
mod writer;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use session_runtime::store::{
    Created, OwnerEntry, OwnerIndex, OwnerKey, Replaced, SessionStore, StoreError, StoreKey, Stored, Swept, Touched,
    Version, millis,
};
use session_runtime::{Clock, SystemClock};

use self::file::File;
use self::tables::Write;
use self::writer::Writer;

/// Keeps sessions in a [redb](https://docs.rs/redb) file. Clones share it.
///
/// ```no_run
/// use cloakroom::stores::RedbStore;
///
/// let store = RedbStore::open("shop.redb")?;
/// # Ok::<(), cloakroom::StoreError>(())
/// ```
///
/// **Writes** are durable when they are answered: one thread gathers what is waiting, commits it in one transaction with one
/// `fsync`, and then answers each. Under load many writes share one `fsync`; they see each other's effects in the order in
/// which they came in. If the commit fails, every write in it is answered with the error, and the file is opened anew.
///
/// **Reads** see the last commit, wait for no write, and run inline on the caller's thread. A record that is not in redb's
/// cache is read from the disk there; that takes well under a millisecond on the local disk that the file belongs on.
///
/// **While the disk is full**, sessions can be read, and a write fails. Once there is room nothing has to be restarted.
///
/// One process at a time has the file open. Stop it before you move, replace or delete the file: a program that runs would go on
/// with what is no longer there, and lose it when it ends.
///
/// The file is made readable for its owner only. It does not shrink: pages that sweeping frees are used again. After a crash,
/// opening it reads it once from end to end (half a second for 270 MB on an SSD).
///
/// Expired sessions are swept about once a minute. When the last clone is dropped, what is queued is finished, and the file is
/// closed before the drop returns. No async runtime is needed.
#[derive(Clone)]
pub struct RedbStore(Arc<Inner>);

struct Inner {
    file: Arc<File>,
    clock: Arc<dyn Clock>,
    writer: Writer,
}

impl RedbStore {
    /// Opens the file at `path`, or makes it. Its folder must exist.
    ///
    /// # Errors
    /// Another process has it open, it is no file of this store, a newer version wrote it, or the system refuses it. The error
    /// names the path and says what to do.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        Self::builder(path).open()
    }

    /// As [`open`](Self::open), with settings.
    pub fn builder(path: impl AsRef<Path>) -> RedbBuilder {
        RedbBuilder { path: path.as_ref().to_owned(), clock: Arc::new(SystemClock), cache: 64 << 20 }
    }

    /// Removes every expired session now, and says how many. It happens once a minute by itself.
    ///
    /// It goes in small transactions, and writes that are waiting go first.
    ///
    /// # Errors
    /// The file could not be written.
    pub async fn sweep(&self) -> Result<u64, StoreError> {
        self.0.writer.sweep().await
    }

    fn start(file: File, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let file = Arc::new(file);
        let writer = Writer::start(file.clone(), clock.clone())?;
        Ok(Self(Arc::new(Inner { file, clock, writer })))
    }
}

/// How a [`RedbStore`] is to be opened.
#[must_use]
pub struct RedbBuilder {
    path: PathBuf,
    clock: Arc<dyn Clock>,
    cache: usize,
}

impl RedbBuilder {
    /// Follows `clock`, for tests.
    pub fn clock(self, clock: impl Clock) -> Self {
        Self { clock: Arc::new(clock), ..self }
    }

    /// How much of the file to keep in memory, in bytes: 64 MiB by default.
    pub fn cache(self, bytes: usize) -> Self {
        Self { cache: bytes, ..self }
    }

    /// Opens the file, or makes it.
    ///
    /// # Errors
    /// As [`RedbStore::open`].
    pub fn open(self) -> Result<RedbStore, StoreError> {
        RedbStore::start(File::open(self.path, self.cache)?, self.clock)
    }
}

impl SessionStore for RedbStore {
    async fn load(&self, key: &StoreKey) -> Result<Option<Stored>, StoreError> {
        let now = self.0.clock.now();
        Ok(self.0.file.with(|database| tables::load(database, key, now))?)
    }

    async fn create(&self, key: &StoreKey, bytes: Bytes, expires_at: SystemTime) -> Result<Created, StoreError> {
        let key = *key;
        self.0.writer.write(move |write: &mut Write<'_>| write.create(&key, &bytes, expires_at)).await
    }

    async fn replace(
        &self,
        key: &StoreKey,
        expected: &Version,
        bytes: Bytes,
        expires_at: SystemTime,
    ) -> Result<Replaced, StoreError> {
        let (key, expected) = (*key, *expected);
        self.0.writer.write(move |write: &mut Write<'_>| write.replace(&key, &expected, &bytes, expires_at)).await
    }

    async fn touch(&self, key: &StoreKey, expected: &Version, expires_at: SystemTime) -> Result<Touched, StoreError> {
        let (key, expected) = (*key, *expected);
        self.0.writer.write(move |write: &mut Write<'_>| write.touch(&key, &expected, expires_at)).await
    }

    async fn sweep(&self) -> Result<Swept, StoreError> {
        Self::sweep(self).await.map(Swept::Removed)
    }

    async fn delete(&self, key: &StoreKey) -> Result<Option<Stored>, StoreError> {
        let key = *key;
        self.0.writer.write(move |write: &mut Write<'_>| write.delete(&key)).await
    }

    fn owner_index(&self) -> Option<&impl OwnerIndex> {
        Some(self)
    }
}

impl OwnerIndex for RedbStore {
    async fn enter(&self, owner: &OwnerKey, entry: &OwnerEntry) -> Result<(), StoreError> {
        let (owner, entry) = (*owner, *entry);
        self.0.writer.write(move |write: &mut Write<'_>| write.enter(&owner, &entry)).await
    }

    async fn entries(&self, owner: &OwnerKey) -> Result<Vec<OwnerEntry>, StoreError> {
        let now = millis(self.0.clock.now());
        Ok(self.0.file.with(|database| owners::entries(database, owner, now))?)
    }

    async fn has_entry(&self, owner: &OwnerKey, key: &StoreKey) -> Result<bool, StoreError> {
        let now = millis(self.0.clock.now());
        Ok(self.0.file.with(|database| owners::has_entry(database, owner, key, now))?)
    }

    async fn remove_entries(&self, owner: &OwnerKey, keys: &[StoreKey]) -> Result<(), StoreError> {
        let (owner, keys) = (*owner, keys.to_vec());
        self.0.writer.write(move |write: &mut Write<'_>| write.remove_entries(&owner, &keys)).await
    }
}

impl fmt::Debug for RedbStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RedbStore").field(&self.0.file.name()).finish()
    }
}
