//! The index of owners on a SQL database: a table of its own beside the records, with a row for each session of each owner.

use std::sync::atomic::Ordering::Relaxed;

use session_runtime::store::{OwnerEntry, OwnerIndex, OwnerKey, StoreError, StoreKey, from_millis};
use sqlx::{AssertSqlSafe, Error, SqlSafeStr as _};

use super::driver::Dialect;
use super::sweep::SweptTable;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
use super::table::quoted;
use super::table::{Statement, Table, Value};
use super::{Inner, SqlStore, number};

/// `INSERT` of an owner's entry where there is `ON CONFLICT`, and a function that gives the later of two ends.
#[cfg(any(feature = "postgres", feature = "sqlite"))]
macro_rules! enter {
    ($later:literal) => {
        concat!(
            "INSERT INTO {table} AS kept (owner_key, storage_key, entered_ms, ends_ms) VALUES (?, ?, ?, ?) ",
            "ON CONFLICT (owner_key, storage_key) DO UPDATE ",
            "SET entered_ms = CASE WHEN kept.ends_ms > ? THEN kept.entered_ms ELSE ? END, ",
            "ends_ms = ",
            $later,
            "(kept.ends_ms, ?)",
        )
    };
}
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub(crate) use enter;

/// Every statement about entries, made once.
pub struct OwnerStatements {
    enter: Statement,
    entries: Statement,
    has_entry: Statement,
    remove_one: Statement,
    pub(super) swept: SweptTable,
}

impl OwnerStatements {
    pub(super) fn new<DB: Dialect>(table: String) -> Self {
        let statement = |template: &str| Statement::new(template, &table, DB::mark);
        Self {
            enter: statement(DB::ENTER),
            entries: statement(
                "SELECT storage_key, entered_ms, ends_ms FROM {table} WHERE owner_key = ? AND ends_ms > ?",
            ),
            has_entry: statement("SELECT ends_ms FROM {table} WHERE owner_key = ? AND storage_key = ? AND ends_ms > ?"),
            remove_one: statement("DELETE FROM {table} WHERE owner_key = ? AND storage_key = ?"),
            swept: SweptTable::new::<DB>(table, &["owner_key", "storage_key"], "ends_ms"),
        }
    }
}

impl<DB: Dialect> OwnerIndex for SqlStore<DB> {
    async fn enter(&self, owner: &OwnerKey, entry: &OwnerEntry) -> Result<(), StoreError> {
        self.inner.run(move || self.inner.enter(owner, entry)).await
    }

    async fn entries(&self, owner: &OwnerKey) -> Result<Vec<OwnerEntry>, StoreError> {
        self.inner.run(move || self.inner.entries(owner)).await
    }

    async fn has_entry(&self, owner: &OwnerKey, key: &StoreKey) -> Result<bool, StoreError> {
        self.inner.run(move || self.inner.has_entry(owner, key)).await
    }

    async fn remove_entries(&self, owner: &OwnerKey, keys: &[StoreKey]) -> Result<(), StoreError> {
        self.inner.run(move || self.inner.remove_entries(owner, keys)).await
    }
}

impl<DB: Dialect> Inner<DB> {
    async fn enter(&self, owner: &OwnerKey, entry: &OwnerEntry) -> Result<(), Error> {
        let [owner, key] = [owner.as_bytes(), entry.key.as_bytes()].map(|bytes| Value::Bytes(bytes));
        let [entered, ends] = [entry.entered_at, entry.ends_at].map(|time| Value::Number(number(time)));
        let values = [owner, key, entered, ends, Value::Number(self.now()), entered, ends];
        self.to_write().await?.change(&self.statements.owners.enter, &values).await?;
        self.lacks_owners.store(false, Relaxed);
        Ok(())
    }

    async fn entries(&self, owner: &OwnerKey) -> Result<Vec<OwnerEntry>, Error> {
        let values = [Value::Bytes(owner.as_bytes()), Value::Number(self.now())];
        let rows = self.to_read().await?.rows(&self.statements.owners.entries, &values).await?;
        rows.iter().map(entry::<DB>).collect()
    }

    async fn has_entry(&self, owner: &OwnerKey, key: &StoreKey) -> Result<bool, Error> {
        let values = [Value::Bytes(owner.as_bytes()), Value::Bytes(key.as_bytes()), Value::Number(self.now())];
        Ok(!self.to_read().await?.rows(&self.statements.owners.has_entry, &values).await?.is_empty())
    }

    /// Several go as text: a statement for each number of them would be prepared on every connection.
    async fn remove_entries(&self, owner: &OwnerKey, keys: &[StoreKey]) -> Result<(), Error> {
        let (owner, statements) = (Value::Bytes(owner.as_bytes()), &self.statements.owners);
        let keys: Vec<_> = keys.iter().map(|key| Value::Bytes(key.as_bytes())).collect();
        let mut db = self.to_write().await?;
        match &keys[..] {
            [] => return Ok(()),
            [key] => db.change(&statements.remove_one, &[owner, *key]).await?,
            keys => {
                let keys: Vec<_> = keys.iter().map(|key| DB::literal(*key)).collect();
                let (table, owner, keys) = (&statements.swept.table, DB::literal(owner), keys.join(","));
                let sql = format!("DELETE FROM {table} WHERE owner_key = {owner} AND storage_key IN ({keys})");
                db.plain(AssertSqlSafe(sql).into_sql_str()).await?
            }
        };
        Ok(())
    }
}

fn entry<DB: Dialect>(row: &DB::Row) -> Result<OwnerEntry, Error> {
    let key: [u8; 32] =
        DB::bytes(row, 0)?.try_into().map_err(|_| Error::Decode("a storage key has 32 bytes".into()))?;
    let time = |column| Ok::<_, Error>(from_millis(DB::number(row, column)?.unsigned_abs()));
    Ok(OwnerEntry { key: StoreKey::from_bytes(key), entered_at: time(1)?, ends_at: time(2)? })
}

/// What makes the table, with the database's types. `more` stands after the columns, `options` after the brackets.
pub(crate) fn table_of_owners(table: &Table, quote: char, types: [&str; 2], more: &str, options: &str) -> String {
    let ([bytes, number], table) = (types, table.of_owners().quoted(quote));
    format!(
        "CREATE TABLE IF NOT EXISTS {table} (\n    \
             owner_key {bytes} NOT NULL,\n    \
             storage_key {bytes} NOT NULL,\n    \
             entered_ms {number} NOT NULL,\n    \
             ends_ms {number} NOT NULL,\n    \
             PRIMARY KEY (owner_key, storage_key){more}\n\
         ){options};\n"
    )
}

/// What makes an index for the sweep, where that is a statement of its own.
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub(crate) fn index_of_owners(table: &Table, quote: char) -> String {
    let table = table.of_owners();
    let index = quoted(&format!("{}_ends", table.name), quote);
    format!("CREATE INDEX IF NOT EXISTS {index} ON {} (ends_ms);\n", table.quoted(quote))
}
