//! What stands in the store, as far as one request knows, and what all requests share to find out.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;

use crate::bearer::Carrier;
use crate::clock::{SharedClock, duration_ms, from_millis, millis};
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

    /// What stored bytes mean now. Those that are no record are logged, whoever comes upon them.
    pub(crate) fn read(&self, token: Token, key: StoreKey, stored: Stored) -> Result<Base, RecordError> {
        let parsed = self.parse(&stored).inspect_err(|error| self.report.unreadable(&key, error));
        let record = match parsed? {
            None => {
                self.tell_expired(key, stored.bytes);
                return Ok(Base::Absent);
            }
            Some(Parsed::Tombstone { .. }) => return Ok(Base::Retired),
            Some(Parsed::Live(record)) => record,
        };
        Ok(Base::Live(Arc::new(Live {
            token,
            key,
            version: stored.version,
            record,
            expires_at: stored.expires_at,
            behind: false,
        })))
    }

    fn tell_expired(&self, key: StoreKey, bytes: Bytes) {
        if let Ok(Parsed::Live(record)) = Parsed::parse(bytes) {
            self.tell_ended(key, EndReason::Expired, record);
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
        Ok(match &parsed {
            Parsed::Live(record) if record.header.absolute_end(self.policy.lifetimes(&record.header)) <= now => None,
            _ => Some(parsed),
        })
    }

    /// Does the record say whose it is?
    pub(crate) fn is_owned(&self, record: &Record) -> bool {
        self.owner.is_some_and(|owner| record.get(owner, millis(self.clock.now())).is_some())
    }

    /// The record's new end, where activity has moved it far enough to be written down.
    pub(crate) fn touch_due(&self, live: &Live) -> Option<SystemTime> {
        let lifetimes = self.policy.lifetimes(&live.record.header);
        let end = live.record.header.idle_end_ms(lifetimes, millis(self.clock.now()));
        let moved = end.saturating_sub(millis(live.expires_at));
        (moved > 0 && moved >= duration_ms(self.policy.touch_step(lifetimes))).then(|| from_millis(end))
    }
}

impl Base {
    /// What a load found, in a word.
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            Self::Unloaded(_) | Self::Sealed | Self::Absent => "absent",
            Self::Retired => "retired",
            Self::Live(_) => "live",
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
    pub(crate) key: StoreKey,
    pub(crate) version: Version,
    pub(crate) record: Record,
    pub(crate) expires_at: SystemTime,
    /// It may be an old copy: loaded anew before anything relies on it.
    pub(crate) behind: bool,
}

/// What the response has to tell the browser.
#[derive(Clone, Debug)]
pub(crate) enum CookieChange {
    Set(Token, Option<Duration>),
    Remove,
}

/// The cookie's `Max-Age` for a record with lifetimes of its own: until its absolute end, in whole seconds, rounded up.
pub(crate) fn max_age(policy: &Policy, header: &Header, now: SystemTime) -> Option<Duration> {
    header.own?;
    let left = header.absolute_end(policy.lifetimes(header)).duration_since(now).unwrap_or_default();
    let seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
    Some(Duration::from_secs(seconds).min(crate::policy::MAX_LIFETIME))
}
