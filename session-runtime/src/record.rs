//! Stored bytes ↔ an index of fields and the lifetimes; merge a patch into a record; the tombstone.
//!
//! ```text
//! format: u8 = 1 · kind: u8 (0 live, 1 tombstone)
//! live:      created_at · counted_from · authenticated_at (0: never) · idle · absolute (both 0: by policy), each u64 in ms
//!            length of all fields: u32, so that a record cut between two of them is found damaged
//!            then per field: name length: u8 (top bit: expires) · name · [expires_at: u64 ms] · length: u32 · value
//! tombstone: storage key of the successor: 32 bytes
//! ```
//! Numbers are little-endian. Whatever a newer program adds as fields is carried along.

use std::time::Duration;

use bytes::Bytes;

use crate::clock::duration_ms;
use crate::error::RecordError;
use crate::field::Field;
use crate::patch::{Fate, Overlay, Patch, What};
use crate::policy::MAX_LIFETIME_MS;
use crate::token::StoreKey;

mod entries;
mod packed;

use entries::{Entries, Entry, Input, check_entries, write_entry};
pub(crate) use packed::{PACKED_GROWTH, PACKED_HEAD_LEN, Packed};

const FORMAT: u8 = 1;
const LIVE: u8 = 0;
const TOMBSTONE: u8 = 1;
const LEN_AT: usize = 2 + 5 * 8;
pub(crate) const HEADER_LEN: usize = LEN_AT + 4;

/// What stored bytes turn out to be.
#[derive(Clone, Debug)]
pub(crate) enum Parsed {
    Live(Record),
    /// What is left of a regenerated session for a minute.
    Tombstone {
        successor: StoreKey,
    },
}

/// A live record: its header, and its fields as they were stored.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) header: Header,
    bytes: Bytes,
}

/// A record's times. All in milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) created_at: u64,
    /// The absolute lifetime is counted from here.
    pub(crate) counted_from: u64,
    pub(crate) authenticated_at: Option<u64>,
    /// Lifetimes of this record's own, set by `set_expiry`.
    pub(crate) own: Option<Lifetimes>,
}

/// The longest pause between two requests, and the longest life. In milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lifetimes {
    pub(crate) idle: u64,
    pub(crate) absolute: u64,
}

impl Lifetimes {
    /// As a record keeps them, in a store and in a cookie: in whole milliseconds, and no longer than any session lives.
    pub(crate) fn kept(idle: Duration, absolute: Duration) -> Self {
        let Self { idle, absolute } =
            Self { idle: duration_ms(idle), absolute: duration_ms(absolute) }.at_most(MAX_LIFETIME_MS);
        Self { idle, absolute: absolute.max(1) }
    }

    /// Neither is longer than `longest`.
    pub(crate) fn at_most(self, longest: u64) -> Self {
        Self { idle: self.idle.min(longest), absolute: self.absolute.min(longest) }
    }
}

impl Header {
    pub(crate) fn new(now: u64) -> Self {
        Self { created_at: now, counted_from: now, authenticated_at: None, own: None }
    }

    /// When the record ends, however active the session is.
    pub(crate) fn absolute_end(&self, lifetimes: Lifetimes) -> u64 {
        self.counted_from.saturating_add(lifetimes.absolute)
    }

    /// When the record ends if nothing happens after `now`.
    pub(crate) fn idle_end(&self, lifetimes: Lifetimes, now: u64) -> u64 {
        now.saturating_add(lifetimes.idle).min(self.absolute_end(lifetimes))
    }

    fn parse(input: &mut Input<'_>) -> Result<Self, RecordError> {
        Ok(Self::of([input.u64()?, input.u64()?, input.u64()?, input.u64()?, input.u64()?]))
    }

    /// The header of these [`numbers`](Self::numbers).
    fn of([created_at, counted_from, authenticated_at, idle, absolute]: [u64; 5]) -> Self {
        let own = (absolute != 0).then_some(Lifetimes { idle, absolute });
        Self { created_at, counted_from, authenticated_at: Some(authenticated_at).filter(|at| *at != 0), own }
    }

    fn write(&self, out: &mut Vec<u8>) {
        for number in self.numbers() {
            out.extend_from_slice(&number.to_le_bytes());
        }
    }

    /// Its times in the order in which they are written, and zero for what there is not.
    fn numbers(&self) -> [u64; 5] {
        let own = self.own.map_or((0, 0), |own| (own.idle, own.absolute.max(1)));
        [self.created_at, self.counted_from, self.authenticated_at.unwrap_or(0), own.0, own.1]
    }
}

impl Parsed {
    /// Reads stored bytes, all of them: what passes here is never found damaged later.
    pub(crate) fn parse(bytes: Bytes) -> Result<Self, RecordError> {
        match *bytes {
            [FORMAT, LIVE, ref rest @ ..] => {
                let mut input = Input(rest);
                let header = Header::parse(&mut input)?;
                if u32::from_le_bytes(input.array()?) as usize != input.0.len() {
                    return Err(RecordError::Damaged);
                }
                check_entries(input.0)?;
                Ok(Self::Live(Record { header, bytes }))
            }
            [FORMAT, TOMBSTONE, ref key @ ..] => {
                let successor = key.try_into().map_err(|_| RecordError::Damaged)?;
                Ok(Self::Tombstone { successor: StoreKey::from_bytes(successor) })
            }
            [found, ..] if found > FORMAT => Err(RecordError::Newer { found, supported: FORMAT }),
            _ => Err(RecordError::Damaged),
        }
    }
}

/// The bytes of a tombstone: nothing of the session but where it went.
pub(crate) fn tombstone(successor: &StoreKey) -> Bytes {
    [&[FORMAT, TOMBSTONE], successor.as_bytes().as_slice()].concat().into()
}

impl Record {
    /// Bytes that it takes in the store.
    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// The bytes to store.
    pub(crate) fn bytes(&self) -> Bytes {
        self.bytes.clone()
    }

    /// The field's value, unless unset or expired. Its own name goes before its aliases.
    pub(crate) fn get(&self, field: &Field, now: u64) -> Option<Bytes> {
        self.get_by(field, || now)
    }

    /// As [`get`](Self::get); the clock is asked for values alone that expire.
    pub(crate) fn get_by(&self, field: &Field, now: impl Fn() -> u64) -> Option<Bytes> {
        let entry = self.find(field)?;
        entry.expires_at.is_none_or(|at| now() < at).then(|| self.bytes.slice_ref(entry.value))
    }

    /// As [`get`](Self::get), with the value's own end.
    pub(crate) fn value(&self, field: &Field, now: u64) -> Option<(Bytes, Option<u64>)> {
        let entry = self.find(field)?;
        entry.is_alive(now).then(|| (self.bytes.slice_ref(entry.value), entry.expires_at))
    }

    fn find(&self, field: &Field) -> Option<Entry<'_>> {
        let find = |name: &str| self.entries().find(|entry| entry.name == name.as_bytes());
        find(field.name).or_else(|| field.aliases.iter().find_map(|name| find(name)))
    }

    /// The names of all fields that are set and not expired, unknown ones too.
    pub(crate) fn names(&self, now: u64) -> impl Iterator<Item = &str> {
        let alive = self.entries().filter(move |entry| entry.is_alive(now));
        alive.filter_map(|entry| std::str::from_utf8(entry.name).ok())
    }

    fn entries(&self) -> Entries<'_> {
        Entries(self.bytes.get(HEADER_LEN..).unwrap_or_default())
    }
}

/// Copies the fields that stay as they are, neighbours together. `true` if a field is dropped.
fn copy_kept(out: &mut Vec<u8>, base: &Record, view: &Overlay<'_>, now: u64) -> bool {
    let (mut dropped, mut entries) = (false, base.entries());
    let mut kept = entries.0;
    loop {
        let here = entries.0;
        let Some(entry) = entries.next() else { break };
        let fate = if entry.is_alive(now) { view.fate(entry.name) } else { Fate::Replaced };
        if let Fate::Kept = fate {
            continue;
        }
        dropped |= matches!(fate, Fate::Dropped);
        out.extend_from_slice(&kept[..kept.len() - here.len()]);
        kept = entries.0;
    }
    out.extend_from_slice(kept);
    dropped
}

/// A patch merged into a record.
#[derive(Clone)]
pub(crate) struct Merged {
    pub(crate) record: Record,
    /// Do the bytes differ from what is stored?
    pub(crate) changed: bool,
}

/// Merges `patch` into `base`, or into nothing. Fields that the patch does not name are copied as they are.
pub(crate) fn merge(base: Option<&Record>, patch: &Patch, now: u64) -> Merged {
    let view = patch.over(base, now);
    let header = view.header();
    let mut changed = base.is_none_or(|base| base.header != header);
    let mut out = Vec::with_capacity(base.map_or(HEADER_LEN, Record::len) + patch.set_len());
    out.extend_from_slice(&[FORMAT, LIVE]);
    header.write(&mut out);
    out.extend_from_slice(&[0; 4]);
    if let Some(base) = base {
        changed |= copy_kept(&mut out, base, &view, now);
    }
    for (field, what) in view.ops() {
        if let What::Set(value, expires_at) = what {
            changed |= !base.is_some_and(|base| base.already_holds(field, value, *expires_at));
            write_entry(&mut out, field.name.as_bytes(), value, *expires_at);
        }
    }
    let len = (out.len() - HEADER_LEN) as u32;
    out[LEN_AT..HEADER_LEN].copy_from_slice(&len.to_le_bytes());
    Merged { record: Record { header, bytes: out.into() }, changed }
}

impl Record {
    /// Would setting the field write what is stored already? A value that expires never counts as the same.
    fn already_holds(&self, field: &Field, value: &[u8], expires_at: Option<u64>) -> bool {
        let mut stored = self.entries().filter(|entry| field.is_called(entry.name));
        let same = |entry: Entry<'_>| {
            entry.name == field.name.as_bytes()
                && entry.value == value
                && entry.expires_at.is_none()
                && expires_at.is_none()
        };
        stored.next().is_some_and(same) && stored.next().is_none()
    }
}
