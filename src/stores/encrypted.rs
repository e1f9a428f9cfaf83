//! Encryption of what a store keeps, so that a stolen dump of it tells nothing of the sessions.

use std::fmt;
use std::time::{Duration, SystemTime};

use session_runtime::store::{
    Bytes, Created, OwnerIndex, Refreshed, Replaced, SessionStore, StoreError, StoreKey, Stored, Swept, Touched,
    Version,
};
use session_runtime::{OpenError, SEAL_OVERHEAD, SealKeyId, SealKeys};

/// In front of a seal. Records that are not sealed begin with the number of their format, which is small.
const SEALED: u8 = 0xe1;
/// What is sealed here, so that nothing that the same keys sealed for another purpose opens here.
const PURPOSE: &[u8] = b"cloakroom stored record\0";

/// Encrypts every record before it goes to the store behind.
///
/// ```
/// use cloakroom::stores::Encrypted;
/// use cloakroom::{MemoryStore, SealKeys};
///
/// # let redis = MemoryStore::new();
/// # let keys = SealKeys::ephemeral();
/// // SECRET_KEY_BASE, or wherever the deployment keeps its secrets
/// # if false { let
/// keys = SealKeys::from_env()?;
/// # }
/// let store = Encrypted::new(redis, keys);
/// # Ok::<(), cloakroom::SealKeyError>(())
/// ```
///
/// **Whoever gets hold of a dump** (a file, a backup, a replica, what goes over the network) sees how many sessions there are, how long
/// each record is and when it ends, and with an owner index which of them are one person's; neither what is in it, nor the names of its fields. Storage keys are hashes of tokens in any case:
/// to find out whether a token is in the dump takes the token. Whoever also has the keys sees all.
///
/// **Whoever can write to the store** cannot make a record, change one, or put one visitor's in the place of another's: it would not
/// open, since the storage key is part of what is sealed. They can delete records, put an older one of the same session back, and
/// move its idle end, though not its absolute one.
///
/// **Keys** are those of [`SealKeys`], which the sealed cookie uses as well; neither opens what the other sealed. How to change them stands there:
/// the new one behind the old one on every node, only then in front, and in the end alone. Records that an older key sealed are read, and
/// sealed by the first one when they are written next. One that is only read stays under the old key, so keep that until the longest
/// absolute lifetime is over: 14 days unless set otherwise, and whatever `set_expiry` was given, up to 400 days.
///
/// **A record that does not open is an error** ([`EncryptionError`], a 503 to the visitor): never an empty session. It is left as it is, so that
/// it opens again once a forgotten key is back. `delete` removes it all the same, and then says that it could not be opened: what it was
/// regenerated into cannot be known. In its owner's list it is left out, and a revocation ends it.
///
/// Each record is [`OVERHEAD`](Self::OVERHEAD) bytes longer. With `Layered`, this one goes inside: see there.
#[derive(Clone)]
pub struct Encrypted<S> {
    back: S,
    keys: SealKeys,
    accepts_plain: bool,
}

impl<S> Encrypted<S> {
    /// How many bytes a record is longer than without encryption.
    pub const OVERHEAD: usize = 1 + SEAL_OVERHEAD;

    /// Encrypts what is kept in `back`, with the first of `keys`.
    pub fn new(back: S, keys: SealKeys) -> Self {
        Self { back, keys, accepts_plain: false }
    }

    /// Reads records that are not encrypted as well, and encrypts each when it is written next: to begin with encryption while
    /// sessions are under way. First have every node run with this, then leave it out once the longest absolute lifetime has passed: what
    /// `set_expiry` was given included, up to 400 days.
    ///
    /// Until then, whoever can write to the store can make up any session.
    #[must_use]
    pub fn with_insecure_plain_records(self) -> Self {
        Self { accepts_plain: true, ..self }
    }

    /// The store behind.
    pub fn back(&self) -> &S {
        &self.back
    }

    fn seal(&self, key: &StoreKey, bytes: &[u8]) -> Bytes {
        let sealed = self.keys.seal(&purpose(key), bytes);
        [&[SEALED], &*sealed].concat().into()
    }

    fn open(&self, key: &StoreKey, stored: Stored) -> Result<Stored, StoreError> {
        let bytes = match stored.bytes.split_first() {
            Some((&SEALED, sealed)) => self.open_sealed(key, sealed)?,
            _ if self.accepts_plain => return Ok(stored),
            _ => return Err(StoreError::unreadable(EncryptionError::NotEncrypted)),
        };
        Ok(Stored { bytes, ..stored })
    }

    fn open_sealed(&self, key: &StoreKey, sealed: &[u8]) -> Result<Bytes, StoreError> {
        let opened = self.keys.open(&purpose(key), sealed).map_err(|error| match (error, SealKeyId::of(sealed)) {
            (OpenError::UnknownKey, Some(key)) => EncryptionError::UnknownKey { key, known: self.keys.ids().collect() },
            _ => EncryptionError::Refused,
        });
        Ok(opened.map_err(StoreError::unreadable)?.plain.into())
    }

    fn open_any(&self, key: &StoreKey, stored: Option<Stored>) -> Result<Option<Stored>, StoreError> {
        stored.map(|stored| self.open(key, stored)).transpose()
    }
}

fn purpose(key: &StoreKey) -> Vec<u8> {
    [PURPOSE, key.as_bytes()].concat()
}

impl<S: SessionStore> SessionStore for Encrypted<S> {
    async fn load(&self, key: &StoreKey) -> Result<Option<Stored>, StoreError> {
        self.open_any(key, self.back.load(key).await?)
    }

    async fn load_current(&self, key: &StoreKey) -> Result<Option<Stored>, StoreError> {
        self.open_any(key, self.back.load_current(key).await?)
    }

    async fn load_if_changed(&self, key: &StoreKey, known: &Version) -> Result<Refreshed, StoreError> {
        match self.back.load_if_changed(key, known).await? {
            Refreshed::Changed(stored) => self.open(key, stored).map(Refreshed::Changed),
            same => Ok(same),
        }
    }

    fn load_may_be_behind(&self) -> bool {
        self.back.load_may_be_behind()
    }

    fn sweep(&self) -> impl Future<Output = Result<Swept, StoreError>> + Send {
        self.back.sweep()
    }

    fn pause(&self, time: Duration) -> Option<impl Future<Output = ()> + Send> {
        self.back.pause(time)
    }

    async fn create(&self, key: &StoreKey, bytes: Bytes, expires_at: SystemTime) -> Result<Created, StoreError> {
        self.back.create(key, self.seal(key, &bytes), expires_at).await
    }

    async fn replace(
        &self,
        key: &StoreKey,
        expected: &Version,
        bytes: Bytes,
        expires_at: SystemTime,
    ) -> Result<Replaced, StoreError> {
        match self.back.replace(key, expected, self.seal(key, &bytes), expires_at).await? {
            Replaced::Stale(current) => self.open(key, current).map(Replaced::Stale),
            done => Ok(done),
        }
    }

    async fn touch(&self, key: &StoreKey, expected: &Version, expires_at: SystemTime) -> Result<Touched, StoreError> {
        self.back.touch(key, expected, expires_at).await
    }

    async fn delete(&self, key: &StoreKey) -> Result<Option<Stored>, StoreError> {
        self.open_any(key, self.back.delete(key).await?)
    }

    fn owner_index(&self) -> Option<&impl OwnerIndex> {
        self.back.owner_index()
    }
}

impl<S: fmt::Debug> fmt::Debug for Encrypted<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encrypted").field("back", &self.back).field("keys", &self.keys).finish_non_exhaustive()
    }
}

/// Why [`Encrypted`] could not open a record: the [`source`](std::error::Error::source) of the [`StoreError`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncryptionError {
    /// It was sealed by a key that is not among those given.
    UnknownKey {
        /// The key that sealed it.
        key: SealKeyId,
        /// The keys given, the one that seals first.
        known: Vec<SealKeyId>,
    },
    /// It was changed, cut short, or moved here from another storage key.
    Refused,
    /// It is not encrypted.
    NotEncrypted,
}

impl fmt::Display for EncryptionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownKey { key, known } => {
                let known: Vec<_> = known.iter().map(|key| format!("`{key}`")).collect();
                let known = known.join(", ");
                write!(
                    f,
                    "a record was sealed by key `{key}`, and the keys given are {known}: put the one that is missing behind \
                     the newest, as in `SECRET_KEY_BASE=\"new, old\"`"
                )
            }
            Self::Refused => f.write_str("a record was changed, cut short, or moved here from another storage key"),
            Self::NotEncrypted => f.write_str(
                "a record is not encrypted: to read those of before, call `with_insecure_plain_records` for as long as \
                 they live",
            ),
        }
    }
}

impl std::error::Error for EncryptionError {}
