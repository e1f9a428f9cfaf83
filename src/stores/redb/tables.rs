//! What is in the file, and one step on it.

use std::time::SystemTime;

use bytes::Bytes;
use redb::{Database, Error, ReadableDatabase, ReadableTable, Table, TableDefinition, TableError, WriteTransaction};
use session_runtime::store::{
    Created, OwnerEntry, OwnerKey, Replaced, StoreKey, Stored, Touched, Version, from_millis, millis,
};

use super::owners::Owners;

type Key = &'static [u8; 32];

/// Storage key → version, expiry in milliseconds since 1970, bytes.
const RECORDS: TableDefinition<'_, Key, (u64, u64, &[u8])> = TableDefinition::new("cloakroom_records");
/// (expiry, storage key) of every record, for sweeping.
const BY_EXPIRY: TableDefinition<'_, (u64, Key), ()> = TableDefinition::new("cloakroom_by_expiry");
const META: TableDefinition<'_, &str, u64> = TableDefinition::new("cloakroom_meta");

const FORMAT: &str = "format";
/// The last version that was given out, to any key: a key that is created again accepts none of its former life.
const LAST_VERSION: &str = "last_version";

/// The format that this program writes, and the newest that it reads.
pub(super) const CURRENT_FORMAT: u64 = 1;

/// What an opened file turned out to be.
pub(super) enum Found {
    Ours,
    Newer(u64),
    Foreign,
}

/// Makes the tables in a new file; looks at the format of an old one before anything is written.
pub(super) fn prepare(database: &Database) -> Result<Found, Error> {
    let found = look(database)?;
    if let Some(found) = found {
        return Ok(found);
    }
    let transaction = database.begin_write()?;
    transaction.open_table(META)?.insert(FORMAT, CURRENT_FORMAT)?;
    transaction.open_table(RECORDS)?;
    transaction.open_table(BY_EXPIRY)?;
    transaction.commit()?;
    Ok(Found::Ours)
}

/// `None` for a file without any table.
fn look(database: &Database) -> Result<Option<Found>, Error> {
    let transaction = database.begin_read()?;
    let meta = match transaction.open_table(META) {
        Ok(meta) => meta,
        Err(TableError::TableDoesNotExist(_)) => {
            return Ok(transaction.list_tables()?.next().map(|_| Found::Foreign));
        }
        Err(error) => return Err(error.into()),
    };
    let format = meta.get(FORMAT)?.map_or(0, |format| format.value());
    Ok(Some(if format > CURRENT_FORMAT { Found::Newer(format) } else { Found::Ours }))
}

/// What the last commit left under `key`, unless it has expired.
pub(super) fn load(database: &Database, key: &StoreKey, now: SystemTime) -> Result<Option<Stored>, Error> {
    let records = database.begin_read()?.open_table(RECORDS)?;
    let record = records.get(key.as_bytes())?;
    Ok(record.and_then(|record| live(record.value(), millis(now))))
}

/// Does `work` in one transaction, which is on the disk when this returns. One that changed nothing costs no `fsync`: what it
/// saw was on the disk before.
pub(super) fn transact<T>(
    database: &Database,
    now: SystemTime,
    work: impl FnOnce(&mut Write<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let transaction = database.begin_write()?;
    let mut write = Write::begin(&transaction, now)?;
    let outcome = work(&mut write)?;
    let changed = write.changed;
    drop(write);
    if changed {
        transaction.commit()?
    } else {
        transaction.abort()?
    }
    Ok(outcome)
}

/// The tables in one write transaction. Each call sees what the calls before it did.
pub(super) struct Write<'t> {
    transaction: &'t WriteTransaction,
    /// Opened where they are asked for: most writes are not about owners.
    owners: Option<Owners<'t>>,
    records: Table<'t, Key, (u64, u64, &'static [u8])>,
    by_expiry: Table<'t, (u64, Key), ()>,
    meta: Table<'t, &'static str, u64>,
    now: u64,
    changed: bool,
}

impl<'t> Write<'t> {
    fn begin(transaction: &'t WriteTransaction, now: SystemTime) -> Result<Self, Error> {
        Ok(Self {
            transaction,
            owners: None,
            records: transaction.open_table(RECORDS)?,
            by_expiry: transaction.open_table(BY_EXPIRY)?,
            meta: transaction.open_table(META)?,
            now: millis(now),
            changed: false,
        })
    }

    pub(super) fn create(&mut self, key: &StoreKey, bytes: &Bytes, expires_at: SystemTime) -> Result<Created, Error> {
        if self.live(key)?.is_some() {
            return Ok(Created::Taken);
        }
        let version = self.next_version()?;
        self.put(key, version, bytes, millis(expires_at))?;
        Ok(Created::New(version.into()))
    }

    pub(super) fn replace(
        &mut self,
        key: &StoreKey,
        expected: &Version,
        bytes: &Bytes,
        expires_at: SystemTime,
    ) -> Result<Replaced, Error> {
        match self.live(key)? {
            None => Ok(Replaced::Gone),
            Some(current) if current.version != *expected => Ok(Replaced::Stale(current)),
            Some(_) => {
                let version = self.next_version()?;
                self.put(key, version, bytes, millis(expires_at))?;
                Ok(Replaced::Done(version.into()))
            }
        }
    }

    pub(super) fn touch(
        &mut self,
        key: &StoreKey,
        expected: &Version,
        expires_at: SystemTime,
    ) -> Result<Touched, Error> {
        let Some((version, expires, bytes)) = self.record(key)?.filter(|(_, expires, _)| *expires > self.now) else {
            return Ok(Touched::Gone);
        };
        if Version::from(version) != *expected {
            return Ok(Touched::Stale);
        }
        if expires != millis(expires_at) {
            self.put(key, version, &bytes, millis(expires_at))?;
        }
        Ok(Touched::Done)
    }

    pub(super) fn delete(&mut self, key: &StoreKey) -> Result<Option<Stored>, Error> {
        let live = self.live(key)?;
        self.remove(key)?;
        Ok(live)
    }

    pub(super) fn enter(&mut self, owner: &OwnerKey, entry: &OwnerEntry) -> Result<(), Error> {
        let now = self.now;
        self.changed |= self.owners()?.enter(owner, entry, now)?;
        Ok(())
    }

    pub(super) fn remove_entries(&mut self, owner: &OwnerKey, keys: &[StoreKey]) -> Result<(), Error> {
        for key in keys {
            self.changed |= self.owners()?.remove(owner, key)?;
        }
        Ok(())
    }

    fn owners(&mut self) -> Result<&mut Owners<'t>, Error> {
        let owners = match self.owners.take() {
            Some(owners) => owners,
            None => Owners::begin(self.transaction)?,
        };
        Ok(self.owners.insert(owners))
    }

    /// Removes up to `most` expired records, the longest expired first, and says how many. Of what the index has to forget, up to
    /// as many entries go along.
    pub(super) fn sweep(&mut self, most: usize) -> Result<usize, Error> {
        let first_alive = (self.now.saturating_add(1), &[0; 32]);
        let mut expired = Vec::new();
        for slot in self.by_expiry.range(..first_alive)?.take(most) {
            expired.push(StoreKey::from_bytes(*slot?.0.value().1));
        }
        for key in &expired {
            self.remove(key)?;
        }
        let now = self.now;
        self.changed |= self.owners()?.sweep(now, most)? > 0;
        Ok(expired.len())
    }

    fn live(&self, key: &StoreKey) -> Result<Option<Stored>, Error> {
        let record = self.records.get(key.as_bytes())?;
        Ok(record.and_then(|record| live(record.value(), self.now)))
    }

    fn record(&self, key: &StoreKey) -> Result<Option<(u64, u64, Bytes)>, Error> {
        let record = self.records.get(key.as_bytes())?;
        Ok(record.map(|record| {
            let (version, expires, bytes) = record.value();
            (version, expires, Bytes::copy_from_slice(bytes))
        }))
    }

    /// The one way to write a record, so that the index never misses one.
    fn put(&mut self, key: &StoreKey, version: u64, bytes: &[u8], expires: u64) -> Result<(), Error> {
        self.changed = true;
        let before = self.records.insert(key.as_bytes(), (version, expires, bytes))?.map(|record| record.value().1);
        if before == Some(expires) {
            return Ok(());
        }
        self.by_expiry.insert((expires, key.as_bytes()), ())?;
        self.unindex(before, key)
    }

    fn remove(&mut self, key: &StoreKey) -> Result<(), Error> {
        let before = self.records.remove(key.as_bytes())?.map(|record| record.value().1);
        self.unindex(before, key)
    }

    fn unindex(&mut self, expires: Option<u64>, key: &StoreKey) -> Result<(), Error> {
        if let Some(expires) = expires {
            self.changed = true;
            self.by_expiry.remove((expires, key.as_bytes()))?;
        }
        Ok(())
    }

    fn next_version(&mut self) -> Result<u64, Error> {
        let next = self.meta.get(LAST_VERSION)?.map_or(1, |last| last.value() + 1);
        self.meta.insert(LAST_VERSION, next)?;
        Ok(next)
    }
}

fn live((version, expires, bytes): (u64, u64, &[u8]), now: u64) -> Option<Stored> {
    (expires > now).then(|| Stored {
        version: version.into(),
        bytes: Bytes::copy_from_slice(bytes),
        expires_at: from_millis(expires),
    })
}
