//! A record as it travels in a sealed cookie: the same fields and times, in fewer bytes.
//!
//! ```text
//! format: u8 = 1 · identity: 16 bytes · expires_at: 6 bytes
//! created_at · counted_from · authenticated_at (0: never): 6 bytes each · idle · absolute (both 0: by policy): 5 bytes each
//! then per field: name length: u8 (top bit: expires) · name · [expires_at: 6 bytes] · length: 1 to 5 bytes · value
//! ```
//! Numbers are little-endian, times in milliseconds; a field's length has seven bits per byte, the top bit says that more follow.
//!
//! Nothing but a field ever changes the size. So what fits when it is set still fits when the cookie is sealed, whatever signing in,
//! `set_expiry` or activity have done to the times meanwhile.

use super::entries::{EXPIRES, Entry, Input};
use super::{FORMAT, HEADER_LEN, Header, LEN_AT, LIVE, Record};
use crate::error::RecordError;
use crate::token::IDENTITY_LEN;

const TIME_LEN: usize = 6;
const LENGTH_LEN: usize = 5;

/// Bytes before the first field.
pub(crate) const PACKED_HEAD_LEN: usize = 1 + IDENTITY_LEN + 4 * TIME_LEN + 2 * LENGTH_LEN;

/// No record takes more bytes packed than it takes in a store and these.
pub(crate) const PACKED_GROWTH: usize = PACKED_HEAD_LEN - HEADER_LEN;

/// What a sealed cookie holds.
pub(crate) struct Packed {
    pub(crate) identity: [u8; IDENTITY_LEN],
    /// When it ends if nothing more happens, in milliseconds since 1970.
    pub(crate) expires_at: u64,
    pub(crate) record: Record,
}

impl Packed {
    /// The bytes to seal.
    pub(crate) fn write(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.record.bytes.len() + PACKED_GROWTH);
        out.push(FORMAT);
        out.extend_from_slice(&self.identity);
        let [created_at, counted_from, authenticated_at, idle, absolute] = self.record.header.numbers();
        for time in [self.expires_at, created_at, counted_from, authenticated_at] {
            put::<TIME_LEN>(&mut out, time);
        }
        put::<LENGTH_LEN>(&mut out, idle);
        put::<LENGTH_LEN>(&mut out, absolute);
        for entry in self.record.entries() {
            pack_entry(&mut out, &entry);
        }
        out
    }

    /// Reads opened bytes, all of them.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut input = Input(bytes);
        match input.array()? {
            [FORMAT] => {}
            [found] if found > FORMAT => return Err(RecordError::Newer { found, supported: FORMAT }),
            _ => return Err(RecordError::Damaged),
        }
        let identity = input.array()?;
        let expires_at = number::<TIME_LEN>(&mut input)?;
        let mut time = || number::<TIME_LEN>(&mut input);
        let (created_at, counted_from, authenticated_at) = (time()?, time()?, time()?);
        let (idle, absolute) = (number::<LENGTH_LEN>(&mut input)?, number::<LENGTH_LEN>(&mut input)?);
        let header = Header::of([created_at, counted_from, authenticated_at, idle, absolute]);
        let mut out = Vec::with_capacity(bytes.len() + HEADER_LEN);
        out.extend_from_slice(&[FORMAT, LIVE]);
        header.write(&mut out);
        out.extend_from_slice(&[0; 4]);
        unpack_entries(&mut out, input)?;
        let len = (out.len() - HEADER_LEN) as u32;
        out[LEN_AT..HEADER_LEN].copy_from_slice(&len.to_le_bytes());
        Ok(Self { identity, expires_at, record: Record { header, bytes: out.into() } })
    }
}

impl Record {
    /// Bytes that it takes packed.
    pub(crate) fn packed_len(&self) -> usize {
        let len = |entry: Entry<'_>| {
            let end = entry.expires_at.map_or(0, |_| TIME_LEN);
            1 + entry.name.len() + end + length_len(entry.value.len()) + entry.value.len()
        };
        PACKED_HEAD_LEN + self.entries().map(len).sum::<usize>()
    }
}

fn pack_entry(out: &mut Vec<u8>, entry: &Entry<'_>) {
    out.push(entry.name.len() as u8 | if entry.expires_at.is_some() { EXPIRES } else { 0 });
    out.extend_from_slice(entry.name);
    if let Some(at) = entry.expires_at {
        put::<TIME_LEN>(out, at);
    }
    let mut len = entry.value.len();
    while len > 0x7f {
        out.push(len as u8 | 0x80);
        len >>= 7;
    }
    out.push(len as u8);
    out.extend_from_slice(entry.value);
}

/// Writes all fields as a store has them. Times and lengths alone are another: what stands between two of them is copied together.
fn unpack_entries(out: &mut Vec<u8>, mut input: Input<'_>) -> Result<(), RecordError> {
    let mut same = input.0;
    let mut put_other = |before: &[u8], other: &[u8], after| {
        out.extend_from_slice(&same[..same.len() - before.len()]);
        out.extend_from_slice(other);
        same = after;
    };
    while !input.0.is_empty() {
        let (_, expires) = input.name()?;
        if expires {
            let before = input.0;
            let at = number::<TIME_LEN>(&mut input)?;
            put_other(before, &at.to_le_bytes(), input.0);
        }
        let before = input.0;
        let len = length(&mut input)?;
        put_other(before, &(len as u32).to_le_bytes(), input.0);
        input.take(len)?;
    }
    out.extend_from_slice(same);
    Ok(())
}

/// Bytes that a field's length takes.
fn length_len(len: usize) -> usize {
    1 + (len.max(1).ilog2() / 7) as usize
}

fn length(input: &mut Input<'_>) -> Result<usize, RecordError> {
    let mut len = 0;
    for shift in (0..35).step_by(7) {
        let [byte] = input.array()?;
        len |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(len);
        }
    }
    Err(RecordError::Damaged)
}

/// Writes the low `N` bytes. What is larger becomes the largest: times then lie past the year 10000, lengths past 34 years.
fn put<const N: usize>(out: &mut Vec<u8>, number: u64) {
    let number = number.min((1 << (8 * N)) - 1);
    out.extend_from_slice(&number.to_le_bytes()[..N]);
}

fn number<const N: usize>(input: &mut Input<'_>) -> Result<u64, RecordError> {
    let mut bytes = [0; 8];
    bytes[..N].copy_from_slice(input.take(N)?);
    Ok(u64::from_le_bytes(bytes))
}
