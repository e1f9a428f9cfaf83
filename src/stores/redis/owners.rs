//! The index of owners in Redis: one hash for each owner, in which each session is a field.
//!
//! A field's name is the session's storage key, its value 16 bytes: when it was entered and when it ends, in milliseconds since
//! 1970. The key's own expiry is the latest end of an entry, so the server removes what nobody enters into any more. Each call is
//! one command on one key.

use std::time::SystemTime;

use redis::Value;
use session_runtime::store::{OwnerEntry, OwnerIndex, OwnerKey, StoreError, StoreKey, millis};

use super::steps::{Script, Step};
use super::{RedisStore, record, unexpected};

/// What stands between the prefix and an owner. No record has a key of that length.
const TAG: &[u8] = b"owner:";

/// A script's text, behind what all of them know: the server's time, when an entry ends, and how to sort out a list of names
/// and values.
macro_rules! knowing_the_time {
    ($text:literal) => {
        concat!(
            "local time = redis.call('TIME')\n",
            "local now = time[1] * 1000 + math.floor(time[2] / 1000)\n",
            "local function ends(entry) return struct.unpack('>I8', entry, 9) end\n",
            "local function living(found)\n",
            "  local left = {}\n",
            "  for at = 1, #found, 2 do\n",
            "    if ends(found[at + 1]) > now then\n",
            "      left[#left + 1] = found[at]\n",
            "      left[#left + 1] = found[at + 1]\n",
            "    else\n",
            "      redis.call('HDEL', KEYS[1], found[at])\n",
            "    end\n",
            "  end\n",
            "  return left\n",
            "end\n",
            $text
        )
    };
}

/// An entry that has not ended keeps when it was entered, and the later of both ends. Of those that are there, some that chance
/// picks are looked at, and removed if they have ended: all of an owner with a few sessions, and never many at once.
const ENTER: &str = knowing_the_time!(
    "\
local entry, found = ARGV[2], redis.call('HGET', KEYS[1], ARGV[1])
if found and ends(found) > now then
  if ends(found) > ends(entry) then entry = found end
  entry = string.sub(found, 1, 8) .. string.sub(entry, 9)
end
redis.call('HSET', KEYS[1], ARGV[1], entry)
living(redis.call('HRANDFIELD', KEYS[1], 20, 'WITHVALUES'))
local left = redis.call('PTTL', KEYS[1])
if left < 0 or tonumber(ARGV[3]) > now + left then redis.call('PEXPIREAT', KEYS[1], ARGV[3]) end"
);

const ENTRIES: &str = knowing_the_time!("return living(redis.call('HGETALL', KEYS[1]))");

const HAS_ENTRY: &str = knowing_the_time!(
    "\
local found = redis.call('HGET', KEYS[1], ARGV[1])
if found and ends(found) > now then return 1 end
return 0"
);

/// The steps of the index.
pub(super) struct OwnerSteps {
    prefix: Vec<u8>,
    enter: Script,
    entries: Script,
    has_entry: Script,
}

impl OwnerSteps {
    pub(super) fn new(prefix: &str) -> Self {
        let [enter, entries, has_entry] = [ENTER, ENTRIES, HAS_ENTRY].map(Script::new);
        Self { prefix: [prefix.as_bytes(), TAG].concat(), enter, entries, has_entry }
    }

    fn enter(&self, owner: &OwnerKey, entry: &OwnerEntry) -> Step {
        let times = [entry.entered_at, entry.ends_at].map(|time| millis(time).to_be_bytes()).concat();
        self.enter.step(&self.name(owner), 0, |command| {
            command.arg(entry.key.as_bytes()).arg(&*times).arg(millis(entry.ends_at).min(i64::MAX as u64));
        })
    }

    /// It also removes what has ended, which does no harm twice.
    fn entries(&self, owner: &OwnerKey) -> Step {
        Step { repeatable: true, ..self.entries.step(&self.name(owner), 0, |_| {}) }
    }

    fn has_entry(&self, owner: &OwnerKey, key: &StoreKey) -> Step {
        let step = self.has_entry.step(&self.name(owner), 0, |command| {
            command.arg(key.as_bytes());
        });
        Step { repeatable: true, ..step }
    }

    fn remove(&self, owner: &OwnerKey, keys: &[StoreKey]) -> Step {
        let mut command = redis::cmd("HDEL");
        command.arg(self.name(owner));
        for key in keys {
            command.arg(key.as_bytes());
        }
        Step { command, script: None, repeatable: false }
    }

    fn name(&self, owner: &OwnerKey) -> Vec<u8> {
        [&self.prefix, &owner.as_bytes()[..]].concat()
    }
}

impl OwnerIndex for RedisStore {
    async fn enter(&self, owner: &OwnerKey, entry: &OwnerEntry) -> Result<(), StoreError> {
        match self.ask(self.0.owners.enter(owner, entry)).await? {
            Value::Nil => Ok(()),
            other => Err(unexpected(&other)),
        }
    }

    async fn entries(&self, owner: &OwnerKey) -> Result<Vec<OwnerEntry>, StoreError> {
        match self.ask(self.0.owners.entries(owner)).await? {
            Value::Array(list) => list.chunks(2).map(entry).collect(),
            other => Err(unexpected(&other)),
        }
    }

    async fn has_entry(&self, owner: &OwnerKey, key: &StoreKey) -> Result<bool, StoreError> {
        match self.ask(self.0.owners.has_entry(owner, key)).await? {
            Value::Int(found) => Ok(found == 1),
            other => Err(unexpected(&other)),
        }
    }

    async fn remove_entries(&self, owner: &OwnerKey, keys: &[StoreKey]) -> Result<(), StoreError> {
        if keys.is_empty() {
            return Ok(());
        }
        match self.ask(self.0.owners.remove(owner, keys)).await? {
            Value::Int(_) => Ok(()),
            other => Err(unexpected(&other)),
        }
    }
}

/// A field's name and value.
fn entry(pair: &[Value]) -> Result<OwnerEntry, StoreError> {
    let [Value::BulkString(key), Value::BulkString(times)] = pair else {
        return Err(unexpected(&Value::Array(Vec::new())));
    };
    let (Ok(key), Some((entered, ends))) = (<[u8; 32]>::try_from(&key[..]), times.split_at_checked(8)) else {
        return Err(StoreError::message("an owner's key holds something else: give the store a prefix of its own"));
    };
    let [entered_at, ends_at]: [SystemTime; 2] = [entered, ends].map(record::expiry);
    Ok(OwnerEntry { key: StoreKey::from_bytes(key), entered_at, ends_at })
}
