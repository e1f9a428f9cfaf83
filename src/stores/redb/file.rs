//! The open file: what can be wrong with it, in words, and opening it anew after a failure.

use std::fmt;
use std::fs::OpenOptions;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use redb::backends::FileBackend;
use redb::{Builder, Database, DatabaseError, Error, StorageBackend, StorageError};
use session_runtime::StoreError;

use super::tables::{self, CURRENT_FORMAT, Found};
use super::unfinished;

type Opener = dyn Fn() -> Result<Database, OpenError> + Send + Sync;

pub(super) struct File {
    name: String,
    opener: Box<Opener>,
    /// `None` while it could not be opened anew. Reads hold the lock shared for as long as they take, so that nobody still
    /// reads from a database that is given up.
    database: RwLock<Option<Database>>,
}

pub(super) enum OpenError {
    System(io::Error),
    Redb(Error),
    InUse,
    NotOurs,
    Foreign,
    Newer(u64),
}

impl File {
    pub(super) fn open(path: PathBuf, cache: usize) -> Result<Self, Failure> {
        let name = path.display().to_string();
        Self::open_on(name, cache, move || {
            let mut options = OpenOptions::new();
            options.read(true).write(true).create(true).truncate(false);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let file = options.open(&path).map_err(OpenError::System)?;
            unfinished::clear(&file).map_err(OpenError::System)?;
            sync_folder(&path);
            Ok(FileBackend::new(file)?)
        })
    }

    /// On anything that redb can write to.
    pub(super) fn open_on<B: StorageBackend>(
        name: String,
        cache: usize,
        backend: impl Fn() -> Result<B, OpenError> + Send + Sync + 'static,
    ) -> Result<Self, Failure> {
        let opener = move || open_database(backend()?, cache);
        let database = opener().map_err(|error| Failure::new(error.in_words(&name)))?;
        Ok(Self { name, opener: Box::new(opener), database: RwLock::new(Some(database)) })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Does `work` on the open database.
    pub(super) fn with<T>(&self, work: impl FnOnce(&Database) -> Result<T, Error>) -> Result<T, Failure> {
        let database = self.database.read().unwrap_or_else(PoisonError::into_inner);
        let Some(database) = &*database else {
            return Err(Failure::new(format!("`{}` failed, and could not be opened anew yet", self.name)));
        };
        work(database).map_err(|error| Failure::new(format!("`{}`: {error}", self.name)))
    }

    /// Closes the database and opens it again: after a failed write redb refuses everything until then. A disk that is full
    /// today may have room tomorrow, and no one should have to restart a server for that.
    pub(super) fn reopen(&self) -> Result<(), Failure> {
        let mut database = self.database.write().unwrap_or_else(PoisonError::into_inner);
        *database = None;
        *database = Some((self.opener)().map_err(|error| Failure::new(error.in_words(&self.name)))?);
        Ok(())
    }

    /// Closes it for good.
    pub(super) fn close(&self) {
        *self.database.write().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// A new file's name is on the disk only once its folder is. Not every file system can do that, and none needs it twice, so
/// a failure is passed over.
fn sync_folder(path: &Path) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let _ = std::fs::File::open(folder).and_then(|folder| folder.sync_all());
}

fn open_database(backend: impl StorageBackend, cache: usize) -> Result<Database, OpenError> {
    let database = Builder::new().set_cache_size(cache).create_with_backend(backend)?;
    match tables::prepare(&database)? {
        Found::Ours => Ok(database),
        Found::Newer(format) => Err(OpenError::Newer(format)),
        Found::Foreign => Err(OpenError::Foreign),
    }
}

/// What went wrong, for everyone who waited for it.
#[derive(Clone, Debug)]
pub(super) struct Failure(Arc<str>);

impl Failure {
    fn new(words: String) -> Self {
        Self(words.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        Self::new(failure)
    }
}

impl OpenError {
    /// What is wrong with the file called `name`, and what to do.
    pub(super) fn in_words(&self, name: &str) -> String {
        match self {
            Self::System(error) => in_the_systems_words(error, name),
            Self::Redb(error) => format!("`{name}` cannot be opened: {error}"),
            Self::InUse => format!(
                "`{name}` is open already, in another process or in this one: is the server still running? \
                 `fuser {name}` names it; within one process, clone the store instead of opening it again"
            ),
            Self::NotOurs => format!("`{name}` is no redb file: move it away, or open another path"),
            Self::Foreign => format!("`{name}` holds another program's tables: give the sessions a file of their own"),
            Self::Newer(format) => format!(
                "`{name}` has format {format}, and this program reads formats up to {CURRENT_FORMAT}: \
                 update the program, or open another path"
            ),
        }
    }
}

fn in_the_systems_words(error: &io::Error, name: &str) -> String {
    let advice = match error.kind() {
        ErrorKind::NotFound => "its folder does not exist: make it first",
        ErrorKind::IsADirectory => "it is a folder: name a file in it",
        ErrorKind::PermissionDenied => "this user may not read and write it: check its owner and its folder's",
        ErrorKind::ReadOnlyFilesystem => "its file system is read-only: name a path that can be written",
        ErrorKind::StorageFull => "the disk is full",
        _ => return format!("`{name}` cannot be opened: {error}"),
    };
    format!("`{name}` cannot be opened, {advice} ({error})")
}

impl From<DatabaseError> for OpenError {
    fn from(error: DatabaseError) -> Self {
        match error {
            DatabaseError::DatabaseAlreadyOpen | DatabaseError::LockProtocolMismatch => Self::InUse,
            DatabaseError::Storage(StorageError::Io(error)) if error.kind() == ErrorKind::InvalidData => Self::NotOurs,
            DatabaseError::Storage(StorageError::Io(error)) => Self::System(error),
            other => Self::Redb(other.into()),
        }
    }
}

impl From<Error> for OpenError {
    fn from(error: Error) -> Self {
        Self::Redb(error)
    }
}
