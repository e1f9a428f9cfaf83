//! What stands in the store, as far as one request knows, and what all requests share to find out.

use std::sync::Arc;
use std::time::Duration;

use crate::bearer::Carrier;
use crate::clock::{SharedClock, millis};
use crate::error::RecordError;
use crate::field::Field;
use crate::line::Lines;
use crate::policy::{Limit, Policy};
use crate::record::{Header, Parsed, Record};
use crate::report::{EndReason, Ended, Report};
use crate::seal::SealKeys;
use crate::store::{DynStore, Stored, Version};
use crate::token::{StoreKey, Token};

/// What all requests to one session type share.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) backing: Backing,
    pub(crate) carrier: Carrier,
    pub(crate) policy: Policy,
    pub(crate) clock: SharedClock,
    pub(crate) lines: Arc<Lines<Arc<Live>>>,
    /// The field that says whose session it is.
    pub(crate) owner: Option<&'static Field>,
    pub(crate) report: Report,
    /// Are sessions entered under their owners?
    pub(crate) indexing: Option<Indexing>,
}

/// The owner index of a session type, where one is kept.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Indexing {
    pub(crate) limit: Option<Limit>,
}

/// Where sessions are between two requests.
#[derive(Clone)]
#[cfg_attr(not(feature = "sealed"), expect(dead_code, reason = "only that feature seals"))]
pub(crate) enum Backing {
    Store(Arc<dyn DynStore>),
    /// In their cookies.
    Sealed(Arc<Sealing>),
}

/// What seals sessions, and where those that are over are named.
#[derive(Clone)]
pub(crate) struct Sealing {
    pub(crate) keys: SealKeys,
    pub(crate) deny: Option<Arc<dyn DynStore>>,
}

impl Shared {
    pub(crate) fn key(&self, token: &Token) -> StoreKey {
        token.key(self.policy.name(), self.carrier.separator())
    }

    /// What stored bytes mean now. A session that is over, and bytes that are no record, are told of, whoever comes upon them.
    pub(crate) fn read(&self, token: Token, key: StoreKey, stored: Stored) -> Result<Base, RecordError> {
        match self.found(token, key, stored) {
            Found::Live(live) => Ok(Base::Live(live)),
            Found::Over(record) => {
                if let Some(record) = record {
                    self.tell_ended(key, EndReason::Expired, record);
                }
                Ok(Base::Absent)
            }
            Found::Retired => Ok(Base::Retired),
            Found::Unreadable(error) => {
                self.report.unreadable(&key, &error);
                Err(error)
            }
        }
    }

    /// As [`read`](Self::read), and tells nobody.
    pub(crate) fn found(&self, token: Token, key: StoreKey, stored: Stored) -> Found {
        let Stored { version, bytes, expires_at } = stored;
        let (parsed, expires_at, now) = (Parsed::parse(bytes), millis(expires_at), millis(self.clock.now()));
        match parsed {
            Ok(Parsed::Live(record)) if self.end_of(&record, expires_at) <= now => Found::Over(Some(record)),
            _ if expires_at <= now => Found::Over(None),
            Ok(Parsed::Live(record)) => {
                let key = Some(key);
                Found::Live(Arc::new(Live { token, key, version, record, expires_at, seen_at: now, behind: false }))
            }
            Ok(Parsed::Tombstone { .. }) => Found::Retired,
            Err(error) => Found::Unreadable(error),
        }
    }

    /// Tells that a session is over. Not while its state is locked: the application hears of it.
    pub(crate) fn tell_ended(&self, key: StoreKey, reason: EndReason, record: Record) {
        self.report.ended(&Ended { key, reason, record, at: self.clock.now() });
    }

    /// What stored bytes are. `None` if their time is over.
    pub(crate) fn parse(&self, stored: &Stored) -> Result<Option<Parsed>, RecordError> {
        let now = self.clock.now();
        if stored.expires_at <= now {
            return Ok(None);
        }
        let parsed = Parsed::parse(stored.bytes.clone())?;
        let is_over = matches!(&parsed, Parsed::Live(record) if self.absolute_end(record) <= millis(now));
        Ok((!is_over).then_some(parsed))
    }

    /// When a record ends that expires then, if nothing more happens. In milliseconds since 1970, as `expires_at` is.
    pub(crate) fn end_of(&self, record: &Record, expires_at: u64) -> u64 {
        self.absolute_end(record).min(expires_at)
    }

    /// When a record ends, however active the session is. In milliseconds since 1970.
    pub(crate) fn absolute_end(&self, record: &Record) -> u64 {
        record.header.absolute_end(self.policy.lifetimes(&record.header))
    }

    /// Does the record say whose it is?
    pub(crate) fn is_owned(&self, record: &Record) -> bool {
        self.owner.is_some_and(|owner| record.get(owner, millis(self.clock.now())).is_some())
    }

    /// The record's new end, where activity has moved it far enough to be written down. In milliseconds since 1970.
    pub(crate) fn touch_due(&self, live: &Live, now: u64) -> Option<u64> {
        let lifetimes = self.policy.lifetimes(&live.record.header);
        let end = live.record.header.idle_end(lifetimes, now);
        let moved = end.saturating_sub(live.expires_at);
        (moved > 0 && moved >= self.policy.touch_step(lifetimes)).then_some(end)
    }
}

/// What stored bytes mean.
pub(crate) enum Found {
    Live(Arc<Live>),
    /// Its time is over; of a session, with what it held.
    Over(Option<Record>),
    Retired,
    Unreadable(RecordError),
}

impl Base {
    pub(crate) const LIVE: &str = "live";

    /// What a load found, in a word.
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            Self::Unloaded(_) | Self::Sealed | Self::Absent => "absent",
            Self::Retired => "retired",
            Self::Live(_) => Self::LIVE,
            Self::Ended(_) => "ended",
        }
    }
}

/// What stands in the store, as far as this request knows.
#[derive(Clone, Debug)]
pub(crate) enum Base {
    /// The request brought this token; nobody has asked the store yet.
    Unloaded(Token),
    /// The request may have brought a sealed session; nobody has opened it yet.
    Sealed,
    /// Nothing: no token, or one that opens nothing.
    Absent,
    /// The token was retired by a regenerate: reads as anonymous, and writes nothing.
    Retired,
    Live(Arc<Live>),
    /// It was live in this request, and is gone.
    Ended(StoreKey),
}

/// A record as this request last saw it. Shared, since whoever talks to the store keeps it while the state may change.
#[derive(Clone, Debug)]
pub(crate) struct Live {
    pub(crate) token: Token,
    /// `None` of a sealed session as it came: where it is only read, nobody asks for it.
    pub(crate) key: Option<StoreKey>,
    pub(crate) version: Version,
    pub(crate) record: Record,
    /// In milliseconds since 1970.
    pub(crate) expires_at: u64,
    /// When the record was loaded, or written by this request. In milliseconds since 1970.
    pub(crate) seen_at: u64,
    /// It may be an old copy: loaded anew before anything relies on it.
    pub(crate) behind: bool,
}

impl Live {
    pub(crate) fn key(&self, shared: &Shared) -> StoreKey {
        self.key.unwrap_or_else(|| shared.key(&self.token))
    }
}

/// What the response has to tell the browser.
#[derive(Clone, Debug)]
pub(crate) enum CookieChange {
    Set(Token, Option<Duration>),
    Remove,
}

/// The cookie's `Max-Age` for a record with lifetimes of its own: until its absolute end, in whole seconds, rounded up.
pub(crate) fn max_age(policy: &Policy, header: &Header, now: u64) -> Option<Duration> {
    header.own?;
    let left = header.absolute_end(policy.lifetimes(header)).saturating_sub(now);
    Some(Duration::from_secs(left.div_ceil(1_000)).min(crate::policy::MAX_LIFETIME))
}
