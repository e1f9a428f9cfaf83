//! The fields of a record as bytes: walked, written, and checked once.

use crate::error::RecordError;

/// In the byte of a name's length: the value expires.
pub(super) const EXPIRES: u8 = 0x80;

/// One field as stored.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    /// UTF-8, once the record was parsed. Fields are found by comparing bytes.
    pub(super) name: &'a [u8],
    pub(super) expires_at: Option<u64>,
    pub(super) value: &'a [u8],
}

impl Entry<'_> {
    pub(super) fn is_alive(&self, now: u64) -> bool {
        self.expires_at.is_none_or(|at| now < at)
    }
}

/// The fields of a live record's bytes; ends before the first damaged one.
#[derive(Clone)]
pub(super) struct Entries<'a>(pub(super) &'a [u8]);

impl<'a> Iterator for Entries<'a> {
    type Item = Entry<'a>;

    fn next(&mut self) -> Option<Entry<'a>> {
        let (tag, rest) = self.0.split_first()?;
        let (name, rest) = rest.split_at_checked(usize::from(tag & !EXPIRES))?;
        let (expires_at, rest) = if tag & EXPIRES == 0 {
            (None, rest)
        } else {
            rest.split_first_chunk().map(|(at, rest)| (Some(u64::from_le_bytes(*at)), rest))?
        };
        let (len, rest) = rest.split_first_chunk()?;
        let (value, rest) = rest.split_at_checked(u32::from_le_bytes(*len) as usize)?;
        self.0 = rest;
        Some(Entry { name, expires_at, value })
    }
}

/// Are these fields and nothing else?
pub(super) fn check_entries(bytes: &[u8]) -> Result<(), RecordError> {
    let mut entries = Entries(bytes);
    let names_are_text = entries.all(|entry| is_text(entry.name));
    if names_are_text && entries.0.is_empty() { Ok(()) } else { Err(RecordError::Damaged) }
}

/// The names of a Rust program's fields are mostly ASCII, which is found out sooner.
pub(super) fn is_text(name: &[u8]) -> bool {
    name.is_ascii() || std::str::from_utf8(name).is_ok()
}

pub(super) fn write_entry(out: &mut Vec<u8>, name: &[u8], value: &[u8], expires_at: Option<u64>) {
    // Names and values are bounded where they enter: names by `Field::new`, values by the record's size limit.
    out.push(name.len() as u8 | if expires_at.is_some() { EXPIRES } else { 0 });
    out.extend_from_slice(name);
    if let Some(at) = expires_at {
        out.extend_from_slice(&at.to_le_bytes());
    }
    out.extend_from_slice(&(value.len() as u32).to_le_bytes());
    out.extend_from_slice(value);
}

/// Bytes yet to be read.
pub(super) struct Input<'a>(pub(super) &'a [u8]);

impl<'a> Input<'a> {
    pub(super) fn take(&mut self, len: usize) -> Result<&'a [u8], RecordError> {
        let (taken, rest) = self.0.split_at_checked(len).ok_or(RecordError::Damaged)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], RecordError> {
        self.take(N)?.try_into().map_err(|_| RecordError::Damaged)
    }

    pub(super) fn u64(&mut self) -> Result<u64, RecordError> {
        self.array().map(u64::from_le_bytes)
    }

    /// A field's name, and whether a time follows.
    pub(super) fn name(&mut self) -> Result<(&'a [u8], bool), RecordError> {
        let [tag] = self.array()?;
        let name = Some(self.take(usize::from(tag & !EXPIRES))?).filter(|name| is_text(name));
        Ok((name.ok_or(RecordError::Damaged)?, tag & EXPIRES != 0))
    }
}
