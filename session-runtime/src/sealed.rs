//! A session that travels in its cookie: what one request keeps of it, in the shape of a store.
//!
//! What the browser sent is opened once, when somebody asks, and lies from then on in a store of this request's own. Loads and
//! commits run against that as they would against any other, under the session's identity, which is inside the seal. (Where there is no
//! deny list, the first load takes what was opened as it is: then a request that only reads has no use for that store, nor for a storage
//! key.) When the request closes, what has changed is sealed anew, once.
//!
//! Others are asked about one thing only: whether the session was ended, if there is a deny list (`sealed/deny.rs`), once when it is loaded
//! and once more before it is sealed again.

use std::fmt::Display;
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::base::{Live, Sealing, Shared};
use crate::base64url;
use crate::clock::{from_millis, millis};
use crate::cookie::MAX_COOKIE_LEN;
use crate::error::RecordError;
use crate::record::{PACKED_HEAD_LEN, Packed, Record};
use crate::seal::SEAL_OVERHEAD;
use crate::store::{DynStore, Stored, Version};
use crate::token::{StoreKey, Token};

mod deny;

/// The version of a record as the browser brought it.
const BROUGHT: u64 = 0;

/// What one request loads from and commits to.
pub(crate) enum RequestStore {
    Shared(Arc<dyn DynStore>),
    Sealed(Box<SealedRequest>),
}

impl RequestStore {
    pub(crate) fn sealed(&self) -> Option<&SealedRequest> {
        match self {
            Self::Shared(_) => None,
            Self::Sealed(sealed) => Some(sealed),
        }
    }
}

impl Deref for RequestStore {
    type Target = dyn DynStore;

    fn deref(&self) -> &Self::Target {
        match self {
            Self::Shared(store) => &**store,
            Self::Sealed(sealed) => &**sealed,
        }
    }
}

/// One request's sealed session.
pub(crate) struct SealedRequest {
    shared: Arc<Shared>,
    sealing: Arc<Sealing>,
    /// What the browser sent.
    text: Option<Box<[u8]>>,
    opened: OnceLock<Result<Option<Brought>, RecordError>>,
    /// The records of this request: the one that was brought, and what became of it.
    held: Mutex<Held>,
}

/// What the cookie held.
struct Brought {
    live: Arc<Live>,
    by_old_key: bool,
}

/// Records by their storage keys. Nobody asks for them where a session is only read.
#[derive(Default)]
struct Held {
    records: Vec<(StoreKey, Stored)>,
    has_brought: bool,
}

impl SealedRequest {
    pub(crate) fn new(shared: Arc<Shared>, sealing: Arc<Sealing>, text: Option<&[u8]>) -> Self {
        Self { shared, sealing, text: text.map(Box::from), opened: OnceLock::new(), held: Mutex::default() }
    }

    /// The identity of the session that the browser brought; opens it, the first time. `None` if there is none, or if its seal is
    /// not ours.
    ///
    /// # Errors
    /// [`RecordError`] if it was sealed by a key of ours and is not readable all the same.
    pub(crate) fn token(&self) -> Result<Option<Token>, RecordError> {
        self.brought().map(|brought| brought.map(|brought| brought.live.token))
    }

    /// Did the browser send what may be a session?
    pub(crate) fn was_brought(&self) -> bool {
        self.text.is_some()
    }

    /// The key that sealed what the browser sent, if it is none of ours.
    pub(crate) fn foreign_key(&self) -> Option<impl Display> {
        let sealed = base64url::decode(self.text.as_ref()?)?;
        self.sealing.keys.foreign(&sealed)
    }

    fn brought(&self) -> Result<Option<&Brought>, RecordError> {
        match self.opened.get_or_init(|| self.open()) {
            Ok(brought) => Ok(brought.as_ref()),
            Err(error) => Err(*error),
        }
    }

    fn open(&self) -> Result<Option<Brought>, RecordError> {
        let Some(text) = &self.text else { return Ok(None) };
        let Some(mut sealed) = base64url::decode(text) else { return Ok(None) };
        let opened = match self.sealing.keys.open_in_place(self.purpose(), &mut sealed) {
            Ok(opened) => opened,
            Err(why) => {
                match self.sealing.keys.foreign(&sealed) {
                    // Anybody can send such a cookie, so this is no warning: but keys may also differ between nodes.
                    Some(key) => tracing::info!(%why, %key, "a sealed session cookie was not opened"),
                    None => tracing::debug!(%why, "a sealed session cookie was not opened"),
                }
                return Ok(None);
            }
        };
        let (plain, by_old_key) = opened;
        let Packed { identity, expires_at, record } = Packed::read(plain)?;
        let (token, seen_at) = (Token::from_identity(identity), millis(self.shared.clock.now()));
        let version = Version::from(BROUGHT);
        let live = Live { token, key: None, version, record, expires_at, seen_at, behind: false };
        Ok(Some(Brought { live: Arc::new(live), by_old_key }))
    }

    /// The record that was brought, as it was when it was opened, be its time over or not.
    pub(crate) fn brought_live(&self) -> Option<&Arc<Live>> {
        self.brought().ok()?.map(|brought| &brought.live)
    }

    /// What the seal is for: this cookie, in this layout.
    fn purpose(&self) -> &[u8] {
        self.shared.policy.cookie.purpose()
    }

    /// The cookie's value: the session, sealed by the first key.
    pub(crate) fn seal(&self, live: &Live) -> String {
        let (identity, expires_at) = (live.token.identity(), live.expires_at);
        let plain = Packed { identity, expires_at, record: live.record.clone() }.write();
        base64url::encode(&self.sealing.keys.seal(self.purpose(), &plain))
    }

    /// Was what the browser brought sealed by a key that is about to be retired?
    pub(crate) fn is_by_old_key(&self) -> bool {
        matches!(self.opened.get(), Some(Ok(Some(brought))) if brought.by_old_key)
    }

    /// The record that was brought, before anybody asked the deny list about it: for its size.
    pub(crate) fn brought_record(&self) -> Option<&Record> {
        let live = self.brought_live()?;
        (live.expires_at > millis(self.shared.clock.now())).then_some(&live.record)
    }

    /// The record that was brought, if its time was over.
    pub(crate) fn expired_record(&self) -> Option<&Record> {
        let live = self.brought_live()?;
        (live.expires_at <= millis(self.shared.clock.now())).then_some(&live.record)
    }

    /// Bytes that the record has at most, packed, be it what was brought or a new one. Opens nothing.
    pub(crate) fn brought_at_most(&self) -> usize {
        let text = self.text.as_ref().map_or(0, |text| text.len() * 3 / 4);
        text.saturating_sub(SEAL_OVERHEAD).max(PACKED_HEAD_LEN)
    }

    /// Bytes that the cookie has with this record, its name and the equals sign counted.
    pub(crate) fn cookie_len(&self, record: &Record) -> usize {
        self.len_with(record.packed_len())
    }

    /// Do so many bytes of a packed record fit into the cookie?
    pub(crate) fn fits(&self, packed: usize) -> bool {
        self.len_with(packed) <= MAX_COOKIE_LEN
    }

    fn len_with(&self, packed: usize) -> usize {
        let name = self.shared.policy.cookie_name().len() + 1;
        name + ((SEAL_OVERHEAD + packed) * 4).div_ceil(3)
    }

    pub(crate) fn has_deny_list(&self) -> bool {
        self.sealing.deny.is_some()
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if !held.has_brought
            && let Some(Ok(Some(Brought { live, .. }))) = self.opened.get()
        {
            let (bytes, expires_at) = (live.record.bytes(), from_millis(live.expires_at));
            held.has_brought = true;
            held.records.push((live.key(&self.shared), Stored { version: live.version, bytes, expires_at }));
        }
        held
    }

    /// The record that is held under a key, changed by `change` where it is.
    fn with<T>(&self, key: &StoreKey, change: impl FnOnce(&mut Stored) -> T) -> Option<T> {
        self.held().records.iter_mut().find(|(held, _)| held == key).map(|(_, stored)| change(stored))
    }
}
