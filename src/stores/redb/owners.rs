//! The owner index in the file: which sessions an owner has.

use redb::{Database, Error, ReadableDatabase, ReadableTable, Table, TableDefinition, TableError, WriteTransaction};
use session_runtime::store::{OwnerEntry, OwnerKey, StoreKey, from_millis, millis};

type Key = &'static [u8; 32];

/// (Owner, storage key) → when it was entered, and its end, in milliseconds since 1970.
const OWNERS: TableDefinition<'_, (Key, Key), (u64, u64)> = TableDefinition::new("cloakroom_owners");
/// (End, owner, storage key) of every entry, for sweeping.
const BY_END: TableDefinition<'_, (u64, Key, Key), ()> = TableDefinition::new("cloakroom_owners_by_end");

const FIRST: &[u8; 32] = &[0; 32];
const LAST: &[u8; 32] = &[0xff; 32];

/// What the last commit left of an owner's entries. A file from before the index has none.
pub(super) fn entries(database: &Database, owner: &OwnerKey, now: u64) -> Result<Vec<OwnerEntry>, Error> {
    let owners = match database.begin_read()?.open_table(OWNERS) {
        Ok(owners) => owners,
        Err(TableError::TableDoesNotExist(_)) => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let owner = owner.as_bytes();
    let mut found = Vec::new();
    for entry in owners.range((owner, FIRST)..=(owner, LAST))? {
        let (at, times) = entry?;
        let (entered, ends) = times.value();
        if ends > now {
            let key = StoreKey::from_bytes(*at.value().1);
            found.push(OwnerEntry { key, entered_at: from_millis(entered), ends_at: from_millis(ends) });
        }
    }
    Ok(found)
}

/// Whether the last commit left this entry.
pub(super) fn has_entry(database: &Database, owner: &OwnerKey, key: &StoreKey, now: u64) -> Result<bool, Error> {
    match database.begin_read()?.open_table(OWNERS) {
        Ok(owners) => Ok(owners.get((owner.as_bytes(), key.as_bytes()))?.is_some_and(|times| times.value().1 > now)),
        Err(TableError::TableDoesNotExist(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// The index's tables in one write transaction. Each call says whether it changed anything.
pub(super) struct Owners<'t> {
    owners: Table<'t, (Key, Key), (u64, u64)>,
    by_end: Table<'t, (u64, Key, Key), ()>,
}

impl<'t> Owners<'t> {
    pub(super) fn begin(transaction: &'t WriteTransaction) -> Result<Self, Error> {
        Ok(Self { owners: transaction.open_table(OWNERS)?, by_end: transaction.open_table(BY_END)? })
    }

    pub(super) fn enter(&mut self, owner: &OwnerKey, entry: &OwnerEntry, now: u64) -> Result<bool, Error> {
        let before = self.owners.get((owner.as_bytes(), entry.key.as_bytes()))?.map(|times| times.value());
        let mut times = (millis(entry.entered_at), millis(entry.ends_at));
        if let Some((entered, ends)) = before.filter(|(_, ends)| *ends > now) {
            times = (entered, ends.max(times.1));
        }
        if before == Some(times) {
            return Ok(false);
        }
        self.remove(owner, &entry.key)?;
        self.owners.insert((owner.as_bytes(), entry.key.as_bytes()), times)?;
        self.by_end.insert((times.1, owner.as_bytes(), entry.key.as_bytes()), ())?;
        Ok(true)
    }

    pub(super) fn remove(&mut self, owner: &OwnerKey, key: &StoreKey) -> Result<bool, Error> {
        let removed = self.owners.remove((owner.as_bytes(), key.as_bytes()))?.map(|times| times.value().1);
        if let Some(ends) = removed {
            self.by_end.remove((ends, owner.as_bytes(), key.as_bytes()))?;
        }
        Ok(removed.is_some())
    }

    /// Removes up to `most` entries whose time is over, and says how many.
    pub(super) fn sweep(&mut self, now: u64, most: usize) -> Result<usize, Error> {
        let first_alive = (now.saturating_add(1), FIRST, FIRST);
        let mut over = Vec::new();
        for slot in self.by_end.range(..first_alive)?.take(most) {
            let slot = slot?.0;
            let (_, owner, key) = slot.value();
            over.push((OwnerKey::from_bytes(*owner), StoreKey::from_bytes(*key)));
        }
        over.iter().try_for_each(|(owner, key)| self.remove(owner, key).map(drop))?;
        Ok(over.len())
    }
}
