//! A store with one defect at a time.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use session_runtime::store::{Created, OwnerIndex, Refreshed, Replaced, Stored, Touched, Version};
use session_runtime::{Clock, ManualClock, SessionStore, StoreError, StoreKey};

use super::sloppy_owners::Owners;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Defect {
    None,
    LoadInvents,
    CreateRoundsToSeconds,
    CreateOverwrites,
    ExpiredKeepsItsKey,
    ReplaceKeepsTheVersion,
    StaleEchoesTheCaller,
    DeleteOnlyHides,
    ReplaceCreates,
    VersionsStartOver,
    LoadNowIsCached,
    LoadCurrentIsCached,
    RefreshIgnoresTheVersion,
    RefreshIsCached,
    DeleteHandsBackNothing,
    TouchGivesANewVersion,
    TouchIgnoresTheVersion,
    TouchCreates,
    TouchOnlyLengthens,
    ReplaceKeepsTheExpiry,
    LoadIsAMillisecondLate,
    LoadCurrentIsAMillisecondLate,
    RefreshIsAMillisecondLate,
    ReplaceIsAMillisecondLate,
    TouchIsAMillisecondLate,
    DeleteIsAMillisecondLate,
    AllIsAMillisecondEarly,
    ThirtyDaysAtMost,
    ReplaceIsTwoSteps,
    CreateIsTwoSteps,
    DeleteIsTwoSteps,
    TouchIsTwoSteps,
    RefreshIsTwoSteps,
    KeysEndAtZero,
    ValuesEndAt64KiB,
    ValuesAreText,
    DownReadsAsMissing,
    EntriesRoundToSeconds,
    EnteringMovesTheEnd,
    EntriesAreOfAllOwners,
    RemovingRemovesAll,
    EntriesIgnoreTheirEnd,
    EntriesListTheFirstHundred,
    EnterIsTwoSteps,
    DownReadsAsNoEntries,
}

pub(crate) struct Sloppy {
    pub(super) clock: ManualClock,
    defect: Defect,
    pub(super) owners: Mutex<Owners>,
    records: Mutex<HashMap<StoreKey, Stored>>,
    /// What `load` saw, for a `load_current` that asks a cache.
    seen: Mutex<HashMap<StoreKey, Option<Stored>>>,
    versions: AtomicU64,
    down: AtomicBool,
}

impl Sloppy {
    pub(crate) fn new(clock: ManualClock, defect: Defect) -> Self {
        Self {
            clock,
            defect,
            owners: Mutex::default(),
            records: Mutex::default(),
            seen: Mutex::default(),
            versions: AtomicU64::new(1),
            down: AtomicBool::new(false),
        }
    }

    pub(crate) fn go_down(&self) {
        self.down.store(true, SeqCst);
    }

    pub(super) fn has(&self, defect: Defect) -> bool {
        self.defect == defect
    }

    fn records(&self) -> MutexGuard<'_, HashMap<StoreKey, Stored>> {
        self.records.lock().unwrap()
    }

    /// What is stored, as the caller with the defect `late` sees it.
    fn live(&self, key: &StoreKey, late: Defect) -> Option<Stored> {
        let mut now = self.clock.now();
        if self.has(late) && late != Defect::None {
            now -= Duration::from_millis(1);
        }
        if self.has(Defect::AllIsAMillisecondEarly) {
            now += Duration::from_millis(1);
        }
        self.records().get(&self.key(key)).filter(|stored| stored.expires_at > now).cloned()
    }

    fn key(&self, key: &StoreKey) -> StoreKey {
        let mut bytes = *key.as_bytes();
        if self.has(Defect::KeysEndAtZero)
            && let Some(end) = bytes.iter().position(|byte| *byte == 0)
        {
            bytes[end..].fill(0);
        }
        StoreKey::from_bytes(bytes)
    }

    fn put(&self, key: &StoreKey, bytes: Bytes, expires_at: SystemTime) -> Version {
        let mut records = self.records();
        let version = match self.defect {
            Defect::VersionsStartOver if !records.contains_key(&self.key(key)) => Version::from(1),
            _ => Version::from(self.versions.fetch_add(1, SeqCst) + 1),
        };
        let stored = Stored { version, bytes: self.value(bytes), expires_at: self.time(expires_at) };
        records.insert(self.key(key), stored);
        version
    }

    fn value(&self, bytes: Bytes) -> Bytes {
        match self.defect {
            Defect::ValuesEndAt64KiB => bytes.slice(..bytes.len().min(65_535)),
            Defect::ValuesAreText => String::from_utf8_lossy(&bytes).into_owned().into(),
            _ => bytes,
        }
    }

    fn time(&self, time: SystemTime) -> SystemTime {
        match self.defect {
            Defect::CreateRoundsToSeconds => {
                UNIX_EPOCH + Duration::from_secs(time.duration_since(UNIX_EPOCH).unwrap().as_secs())
            }
            Defect::ThirtyDaysAtMost => time.min(self.clock.now() + Duration::from_secs(30 * 86_400)),
            _ => time,
        }
    }

    /// `Ok(true)` if the store is down and does not say so.
    pub(super) fn is_silently_down(&self, silent: Defect) -> Result<bool, StoreError> {
        match self.down.load(SeqCst) {
            true if self.has(silent) => Ok(true),
            true => Err(StoreError::message("down")),
            false => Ok(false),
        }
    }

    /// Between the two steps of a call that should be one: until somebody else has changed the record, or long enough that
    /// everybody else is here as well.
    async fn gap(&self, defect: Defect, key: &StoreKey) {
        if !self.has(defect) {
            return;
        }
        let before = self.records().get(key).cloned();
        for _ in 0..300 {
            if self.records().get(key) != before.as_ref() {
                return;
            }
            tokio::task::yield_now().await;
        }
    }
}

impl SessionStore for Sloppy {
    async fn load(&self, key: &StoreKey) -> Result<Option<Stored>, StoreError> {
        if self.is_silently_down(Defect::DownReadsAsMissing)? {
            return Ok(None);
        }
        let stored = self.live(key, Defect::LoadIsAMillisecondLate);
        self.seen.lock().unwrap().insert(*key, stored.clone());
        if stored.is_none() && self.has(Defect::LoadInvents) {
            return Ok(Some(Stored { version: Version::from(0), bytes: Bytes::new(), expires_at: self.clock.now() }));
        }
        Ok(stored)
    }

    fn load_now(&self, key: &StoreKey) -> Option<Stored> {
        if self.has(Defect::LoadNowIsCached) { self.seen.lock().unwrap().get(key).cloned().flatten() } else { None }
    }

    async fn load_current(&self, key: &StoreKey) -> Result<Option<Stored>, StoreError> {
        if self.is_silently_down(Defect::DownReadsAsMissing)? {
            return Ok(None);
        }
        let seen = self.seen.lock().unwrap().get(key).cloned();
        match seen {
            Some(seen) if self.has(Defect::LoadCurrentIsCached) => Ok(seen),
            _ => Ok(self.live(key, Defect::LoadCurrentIsAMillisecondLate)),
        }
    }

    async fn load_if_changed(&self, key: &StoreKey, known: &Version) -> Result<Refreshed, StoreError> {
        if self.is_silently_down(Defect::DownReadsAsMissing)? {
            return Ok(Refreshed::Gone);
        }
        let mut found = self.live(key, Defect::RefreshIsAMillisecondLate);
        if self.has(Defect::RefreshIsCached) {
            found = self.seen.lock().unwrap().get(key).cloned().unwrap_or(found);
        }
        if let (Some(stored), true) = (&mut found, self.has(Defect::RefreshIsTwoSteps)) {
            self.gap(Defect::RefreshIsTwoSteps, key).await;
            stored.bytes = self.records()[key].bytes.clone();
        }
        if let (Some(stored), true) = (&mut found, self.has(Defect::RefreshIgnoresTheVersion)) {
            stored.version = *known;
        }
        Ok(Refreshed::of(found, known))
    }

    async fn create(&self, key: &StoreKey, bytes: Bytes, expires_at: SystemTime) -> Result<Created, StoreError> {
        if self.is_silently_down(Defect::DownReadsAsMissing)? {
            return Ok(Created::Taken);
        }
        let taken = self.live(key, Defect::None).is_some();
        let dead = self.has(Defect::ExpiredKeepsItsKey) && self.records().contains_key(key);
        self.gap(Defect::CreateIsTwoSteps, key).await;
        if (taken || dead) && !self.has(Defect::CreateOverwrites) {
            return Ok(Created::Taken);
        }
        let won = self.has(Defect::CreateIsTwoSteps) || self.has(Defect::CreateOverwrites);
        let _one = ONE_STEP.lock().unwrap();
        if !won && self.live(key, Defect::None).is_some() {
            return Ok(Created::Taken);
        }
        Ok(Created::New(self.put(key, bytes, expires_at)))
    }

    async fn replace(
        &self,
        key: &StoreKey,
        expected: &Version,
        bytes: Bytes,
        expires_at: SystemTime,
    ) -> Result<Replaced, StoreError> {
        if self.is_silently_down(Defect::DownReadsAsMissing)? {
            return Ok(Replaced::Gone);
        }
        if self.has(Defect::ReplaceIsTwoSteps) {
            match self.live(key, Defect::None) {
                None => return Ok(Replaced::Gone),
                Some(current) if current.version != *expected => return Ok(Replaced::Stale(current)),
                Some(_) => self.gap(Defect::ReplaceIsTwoSteps, key).await,
            }
            return Ok(Replaced::Done(self.put(key, bytes, expires_at)));
        }
        let _one = ONE_STEP.lock().unwrap();
        let Some(current) = self.live(key, Defect::ReplaceIsAMillisecondLate) else {
            if self.has(Defect::ReplaceCreates) {
                return Ok(Replaced::Done(self.put(key, bytes, expires_at)));
            }
            return Ok(Replaced::Gone);
        };
        if current.version != *expected {
            return Ok(Replaced::Stale(match self.defect {
                Defect::StaleEchoesTheCaller => Stored { version: *expected, bytes, expires_at },
                _ => current,
            }));
        }
        let expires_at = if self.has(Defect::ReplaceKeepsTheExpiry) { current.expires_at } else { expires_at };
        let version = self.put(key, bytes, expires_at);
        if self.has(Defect::ReplaceKeepsTheVersion) {
            self.records().get_mut(key).unwrap().version = *expected;
            return Ok(Replaced::Done(*expected));
        }
        Ok(Replaced::Done(version))
    }

    async fn touch(&self, key: &StoreKey, expected: &Version, expires_at: SystemTime) -> Result<Touched, StoreError> {
        if self.is_silently_down(Defect::DownReadsAsMissing)? {
            return Ok(Touched::Gone);
        }
        let Some(mut current) = self.live(key, Defect::TouchIsAMillisecondLate) else {
            if self.has(Defect::TouchCreates) {
                self.put(key, Bytes::new(), expires_at);
            }
            return Ok(Touched::Gone);
        };
        if current.version != *expected && !self.has(Defect::TouchIgnoresTheVersion) {
            return Ok(Touched::Stale);
        }
        if !(self.has(Defect::TouchOnlyLengthens) && expires_at < current.expires_at) {
            current.expires_at = self.time(expires_at);
        }
        if self.has(Defect::TouchGivesANewVersion) {
            current.version = Version::from(self.versions.fetch_add(1, SeqCst) + 1);
        }
        self.gap(Defect::TouchIsTwoSteps, key).await;
        let mut records = self.records();
        let unmoved = records.get(&self.key(key)).is_some_and(|now| now.version == *expected);
        if unmoved || self.has(Defect::TouchIsTwoSteps) || self.has(Defect::TouchIgnoresTheVersion) {
            records.insert(self.key(key), current);
        }
        Ok(Touched::Done)
    }

    async fn delete(&self, key: &StoreKey) -> Result<Option<Stored>, StoreError> {
        if self.is_silently_down(Defect::DownReadsAsMissing)? {
            return Ok(None);
        }
        let seen = self.live(key, Defect::DeleteIsAMillisecondLate);
        self.gap(Defect::DeleteIsTwoSteps, key).await;
        if self.has(Defect::DeleteOnlyHides) {
            return Ok(seen);
        }
        let _one = ONE_STEP.lock().unwrap();
        let stands = self.live(key, Defect::DeleteIsAMillisecondLate);
        self.records().remove(&self.key(key));
        match self.defect {
            Defect::DeleteIsTwoSteps => Ok(seen),
            Defect::DeleteHandsBackNothing => Ok(None),
            _ => Ok(stands),
        }
    }

    fn owner_index(&self) -> Option<&impl OwnerIndex> {
        Some(self)
    }
}

/// Makes one step of look and write where that is not the defect.
static ONE_STEP: Mutex<()> = Mutex::new(());
