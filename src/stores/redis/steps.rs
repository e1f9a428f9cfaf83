//! The commands that one call of the store comes to. Each is one atomic step on one key.

use std::time::SystemTime;

use redis::{Arg, Cmd};
use session_runtime::store::{StoreKey, Version, millis};

use super::record::{Draft, last_moment};

/// Compares versions, and reads more than those only on a conflict. Never creates.
const REPLACE: &str = "\
local found = redis.call('GETRANGE', KEYS[1], 0, 15)
if found == '' then return nil end
if found ~= ARGV[1] then return redis.call('GET', KEYS[1]) end
redis.call('SET', KEYS[1], ARGV[2], 'PXAT', ARGV[3])
return 1";

/// Moves the expiry, in the record and on the key. Never creates.
const TOUCH: &str = "\
local found = redis.call('GETRANGE', KEYS[1], 0, 15)
if found == '' then return nil end
if found ~= ARGV[1] then return 0 end
redis.call('SETRANGE', KEYS[1], 16, ARGV[2])
redis.call('PEXPIREAT', KEYS[1], ARGV[3])
return 1";

/// Sends the record only if its version is another one; else its expiry alone, in a list, so that the two cannot be mixed up.
const LOAD_IF_CHANGED: &str = "\
local head = redis.call('GETRANGE', KEYS[1], 0, 23)
if head == '' then return nil end
if string.sub(head, 1, 16) ~= ARGV[1] then return redis.call('GET', KEYS[1]) end
return {string.sub(head, 17)}";

/// One question to the server, and how it may be asked.
pub(super) struct Step {
    pub(super) command: Cmd,
    /// The script that `command` calls by its hash.
    pub(super) script: Option<&'static str>,
    /// Whether it does no harm to ask twice where an answer was lost. Only reading does none: a write that is repeated meets
    /// itself or, worse, what a rival wrote over it.
    pub(super) repeatable: bool,
}

impl Step {
    /// Has the script sent along, for a server that has not seen it yet. `false` if there is none to be sent.
    pub(super) fn in_full(&mut self) -> bool {
        let Some(script) = self.script.take() else { return false };
        let mut command = redis::cmd("EVAL");
        command.arg(script);
        // What stands behind `EVALSHA` and the hash.
        for argument in self.command.args_iter().skip(2) {
            if let Arg::Simple(bytes) = argument {
                command.arg(bytes);
            }
        }
        self.command = command;
        true
    }
}

/// The steps of one store.
pub(super) struct Steps {
    prefix: String,
    load_if_changed: Script,
    replace: Script,
    touch: Script,
}

impl Steps {
    pub(super) fn new(prefix: String) -> Self {
        let load_if_changed = Script::new(LOAD_IF_CHANGED);
        Self { prefix, load_if_changed, replace: Script::new(REPLACE), touch: Script::new(TOUCH) }
    }

    pub(super) fn load(&self, key: &StoreKey) -> Step {
        let mut command = redis::cmd("GET");
        command.arg(self.name(key));
        Step { command, script: None, repeatable: true }
    }

    pub(super) fn load_if_changed(&self, key: &StoreKey, known: &Version) -> Step {
        let step = self.load_if_changed.step(&self.name(key), 0, |command| {
            command.arg(known.as_bytes());
        });
        Step { repeatable: true, ..step }
    }

    pub(super) fn create(&self, key: &StoreKey, draft: &Draft) -> Step {
        let mut command = with_room("SET", draft.value.len());
        command.arg(self.name(key)).arg(&*draft.value).arg("NX").arg("PXAT").arg(draft.last_moment);
        Step { command, script: None, repeatable: false }
    }

    pub(super) fn replace(&self, key: &StoreKey, expected: &Version, draft: &Draft) -> Step {
        self.replace.step(&self.name(key), draft.value.len(), |command| {
            command.arg(expected.as_bytes()).arg(&*draft.value).arg(draft.last_moment);
        })
    }

    pub(super) fn touch(&self, key: &StoreKey, expected: &Version, expires_at: SystemTime) -> Step {
        self.touch.step(&self.name(key), 0, |command| {
            let (expiry, last_moment) = (millis(expires_at).to_be_bytes(), last_moment(expires_at));
            command.arg(expected.as_bytes()).arg(&expiry).arg(last_moment);
        })
    }

    pub(super) fn delete(&self, key: &StoreKey) -> Step {
        let mut command = redis::cmd("GETDEL");
        command.arg(self.name(key));
        Step { command, script: None, repeatable: false }
    }

    /// The prefix, then the 32 bytes as they are: at a hundred million sessions each letter of a prettier name is 100 MB.
    fn name(&self, key: &StoreKey) -> Vec<u8> {
        [self.prefix.as_bytes(), key.as_bytes()].concat()
    }
}

/// A command with room for a value of that length, a name and what else there is, so that it need not grow.
fn with_room(name: &str, value_len: usize) -> Cmd {
    let mut command = Cmd::with_capacity(8, 200 + value_len);
    command.arg(name);
    command
}

pub(super) struct Script {
    text: &'static str,
    hash: String,
}

impl Script {
    pub(super) fn new(text: &'static str) -> Self {
        Self { text, hash: redis::Script::new(text).get_hash().to_owned() }
    }

    /// By its hash; in full for a server that has not seen it, which then keeps it. Deliberately not `SCRIPT LOAD`, which goes
    /// to every node of a cluster: one that is down would fail it for the keys of all others.
    pub(super) fn step(&self, name: &[u8], value_len: usize, arguments: impl FnOnce(&mut Cmd)) -> Step {
        let mut command = with_room("EVALSHA", value_len);
        command.arg(&self.hash).arg(1).arg(name);
        arguments(&mut command);
        Step { command, script: Some(self.text), repeatable: false }
    }
}
