//! What one request changed, and how it looks over the record as it stands.

use std::time::Duration;

use bytes::Bytes;

use crate::clock::duration_ms;
use crate::field::Field;
use crate::record::{Header, Lifetimes, Record};

mod pending;

pub(crate) use pending::Pending;

/// What a request does to one field.
#[derive(Clone, Debug)]
pub(crate) enum What {
    /// These bytes, until then.
    Set(Bytes, Option<u64>),
    /// Unset.
    Clear,
    /// Committed by this request already: a later `clear` at the commit leaves it alone.
    Keep,
}

impl What {
    /// Bytes that a set value takes in a record, at most.
    pub(crate) fn set_len(&self, field: &Field) -> usize {
        match self {
            Self::Set(value, _) => 1 + field.name.len() + 8 + 4 + value.len(),
            Self::Clear | Self::Keep => 0,
        }
    }
}

/// What a request says of who the visitor has proved to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Auth {
    Marked(u64),
    Forgotten,
}

/// What becomes of a stored field.
pub(crate) enum Fate {
    Kept,
    Dropped,
    /// One of the patch's values takes its place.
    Replaced,
}

/// Everything that one request changed and has not committed yet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Patch {
    /// At most one per field.
    ops: Vec<Op>,
    /// Everything stored goes, but for what `ops` say.
    cleared: Option<Change>,
    /// The owner that this request has set last, be they cleared again or not.
    owner: Option<Owner>,
    auth: Option<(Auth, Change)>,
    lifetimes: Option<(Lifetimes, Change)>,
    rotation: Option<Change>,
    /// The last change. A commit takes a while, and covers what came before it alone.
    last: Change,
}

/// The changes of one request, counted.
pub(crate) type Change = u64;

#[derive(Clone, Debug)]
struct Owner {
    field: &'static Field,
    value: Bytes,
    since: Change,
}

#[derive(Clone, Debug)]
struct Op {
    field: &'static Field,
    what: What,
    change: Change,
    /// Made before the owner was set: it belongs to the owner before, and goes with their data.
    before_owner: bool,
}

impl Patch {
    const fn new() -> Self {
        Self { ops: Vec::new(), cleared: None, owner: None, auth: None, lifetimes: None, rotation: None, last: 0 }
    }

    /// A patch of one field.
    pub(crate) fn of(field: &'static Field, what: What) -> Self {
        let mut patch = Self::default();
        patch.put(field, what);
        patch
    }

    /// A new token, and nothing else.
    pub(crate) fn rotation() -> Self {
        Self { rotation: Some(0), ..Self::default() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        let pending = |op: &Op| !matches!(op.what, What::Keep);
        self.cleared.is_none()
            && self.auth.is_none()
            && self.lifetimes.is_none()
            && self.rotation.is_none()
            && !self.ops.iter().any(pending)
    }

    /// Has nothing been changed at all?
    pub(crate) fn is_untouched(&self) -> bool {
        self.last == 0
    }

    /// Is there anything to make a record for?
    pub(crate) fn has_content(&self) -> bool {
        self.rotation.is_some() || self.ops.iter().any(|op| matches!(op.what, What::Set(..)))
    }

    /// Sets or clears one field. Setting the owner asks for a new token, and what was set for another owner goes; clearing them
    /// forgets the proof of who they are.
    pub(crate) fn put(&mut self, field: &'static Field, what: What) {
        let change = self.next_change();
        if field.owner {
            match &what {
                What::Set(new, _) => {
                    self.rotation = Some(change);
                    self.change_owner(field, new);
                }
                What::Clear => self.auth = Some((Auth::Forgotten, change)),
                What::Keep => {}
            }
        }
        let op = Op { field, what, change, before_owner: false };
        match self.ops.iter_mut().find(|op| op.field.name == field.name) {
            Some(old) => *old = op,
            None => self.ops.push(op),
        }
    }

    fn change_owner(&mut self, field: &'static Field, value: &Bytes) {
        if self.owner.as_ref().is_some_and(|old| old.value == *value) {
            return;
        }
        match self.owner.replace(Owner { field, value: value.clone(), since: self.last }) {
            Some(_) => {
                self.ops.clear();
                self.cleared = Some(self.last);
                self.auth.get_or_insert((Auth::Forgotten, self.last));
            }
            None => self.ops.iter_mut().for_each(|op| op.before_owner = true),
        }
    }

    pub(crate) fn without_rotation(mut self) -> Self {
        self.rotation = None;
        self
    }

    /// The last change so far.
    pub(crate) fn last_change(&self) -> Change {
        self.last
    }

    /// Notes that `alone`, a change of one field that had `seen` the changes up to then, was committed ahead of the rest. Did it
    /// give the record to another owner? Then what was pending for the last one goes.
    pub(crate) fn committed_alone(&mut self, alone: Self, seen: Change, owner_moved: bool) {
        let Some(Op { field, what, .. }) = alone.ops.into_iter().next() else { return };
        if self.ops.iter().any(|op| op.field.name == field.name && op.change > seen) {
            return;
        }
        if let (true, What::Set(owner, _)) = (field.owner, &what) {
            self.change_owner(field, owner);
        }
        if owner_moved && self.cleared.is_none() {
            self.ops.retain(|op| !op.before_owner);
        }
        self.ops.retain(|op| op.field.name != field.name);
        if self.cleared.is_some_and(|cleared| cleared > seen) {
            return;
        }
        if self.cleared.is_some() || self.owner.is_some() {
            let before_owner = self.owner.as_ref().is_some_and(|owner| owner.since > seen);
            let change = self.next_change();
            self.ops.push(Op { field, what: What::Keep, change, before_owner });
        }
    }

    pub(crate) fn clear(&mut self) {
        let change = self.next_change();
        self.ops.clear();
        self.cleared = Some(change);
        self.owner = None;
        self.auth = Some((Auth::Forgotten, change));
    }

    pub(crate) fn rotate(&mut self) {
        self.rotation = Some(self.next_change());
    }

    pub(crate) fn mark_authenticated(&mut self, now: u64) {
        self.rotate();
        self.auth = Some((Auth::Marked(now), self.last));
    }

    pub(crate) fn set_lifetimes(&mut self, lifetimes: Lifetimes) {
        self.lifetimes = Some((lifetimes, self.next_change()));
    }

    fn next_change(&mut self) -> Change {
        self.last += 1;
        self.last
    }

    pub(crate) fn wants_rotation(&self) -> bool {
        self.rotation.is_some()
    }

    /// May it take the owner away?
    pub(crate) fn forgets(&self) -> bool {
        matches!(self.auth, Some((Auth::Forgotten, _)))
    }

    /// The rotation was done ahead of the rest.
    pub(crate) fn rotated(&mut self) {
        self.rotation = None;
    }

    fn forget(&mut self, committed: Change) {
        let is_new = |change: &Change| *change > committed;
        self.ops.retain(|op| is_new(&op.change));
        self.owner = self.owner.take().filter(|owner| is_new(&owner.since));
        self.cleared = self.cleared.filter(is_new);
        self.auth = self.auth.filter(|(_, change)| is_new(change));
        self.lifetimes = self.lifetimes.filter(|(_, change)| is_new(change));
        self.rotation = self.rotation.filter(is_new);
    }

    /// Bytes that the set values take in a record, at most.
    pub(crate) fn set_len(&self) -> usize {
        self.ops.iter().map(|op| op.what.set_len(op.field)).sum()
    }

    /// The field with the most bytes to store.
    pub(crate) fn largest(&self) -> Option<&'static Field> {
        let len = |op: &&Op| if let What::Set(value, _) = &op.what { value.len() } else { 0 };
        self.ops.iter().max_by_key(len).map(|op| op.field)
    }

    /// This patch, laid over the record as it stands.
    pub(crate) fn over<'a>(&'a self, record: Option<&'a Record>, now: u64) -> Overlay<'a> {
        let stored = |owner: &Owner| record?.get(owner.field, now);
        let owner_changes =
            self.owner.as_ref().is_some_and(|owner| stored(owner).is_some_and(|old| old != owner.value));
        Overlay { patch: self, record, owner_changes, now }
    }
}

/// A patch over a record: what this request sees, and what a commit would write.
pub(crate) struct Overlay<'a> {
    patch: &'a Patch,
    record: Option<&'a Record>,
    owner_changes: bool,
    now: u64,
}

impl<'a> Overlay<'a> {
    /// Does this give the record to another owner?
    pub(crate) fn changes_owner(&self) -> bool {
        self.owner_changes
    }

    /// What the patch does, field by field.
    pub(crate) fn ops(&self) -> impl Iterator<Item = (&'static Field, &'a What)> {
        self.live_ops().map(|op| (op.field, &op.what))
    }

    fn live_ops(&self) -> impl Iterator<Item = &'a Op> {
        // What came between a `clear` and the new owner belongs to no other.
        let leaves = self.owner_changes && self.patch.cleared.is_none();
        self.patch.ops.iter().filter(move |op| !(leaves && op.before_owner))
    }

    /// Does what is stored go, unless an operation says otherwise?
    fn hides_record(&self) -> bool {
        self.patch.cleared.is_some() || self.owner_changes
    }

    /// What becomes of the stored field of this name.
    pub(crate) fn fate(&self, name: &[u8]) -> Fate {
        match self.live_ops().find(|op| op.field.is_called(name)).map(|op| &op.what) {
            Some(What::Set(..)) => Fate::Replaced,
            Some(What::Clear) => Fate::Dropped,
            Some(What::Keep) => Fate::Kept,
            None if self.hides_record() => Fate::Dropped,
            None => Fate::Kept,
        }
    }

    /// Is the stored field of this name still to be seen?
    pub(crate) fn keeps(&self, name: &[u8]) -> bool {
        matches!(self.fate(name), Fate::Kept)
    }

    /// The record's times as they will be.
    pub(crate) fn header(&self) -> Header {
        let mut header = self.record.map_or_else(|| Header::new(self.now), |record| record.header);
        if self.owner_changes {
            header.authenticated_at = None;
            header.own = None;
        }
        match self.patch.auth {
            Some((Auth::Marked(at), _)) => {
                header.authenticated_at = Some(at);
                header.counted_from = at;
            }
            Some((Auth::Forgotten, _)) => header.authenticated_at = None,
            None => {}
        }
        header.own = self.patch.lifetimes.map(|(lifetimes, _)| lifetimes).or(header.own);
        header
    }

    /// The field's value as this request sees it.
    pub(crate) fn get(&self, field: &Field) -> Option<Bytes> {
        self.value(field).map(|(bytes, _)| bytes)
    }

    /// As [`get`](Self::get), with the value's own end.
    pub(crate) fn value(&self, field: &Field) -> Option<(Bytes, Option<u64>)> {
        let stored = || self.record?.value(field, self.now);
        match self.live_ops().find(|op| op.field.name == field.name).map(|op| &op.what) {
            Some(What::Set(value, end)) => end.is_none_or(|at| self.now < at).then(|| (value.clone(), *end)),
            Some(What::Clear) => None,
            Some(What::Keep) => stored(),
            None if self.hides_record() => None,
            None => stored(),
        }
    }
}

/// When a value that lives for `ttl` ends.
pub(crate) fn expiry(now: impl FnOnce() -> u64, ttl: Option<Duration>) -> Option<u64> {
    ttl.map(|ttl| now().saturating_add(duration_ms(ttl)))
}
