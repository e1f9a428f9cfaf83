//! What stands in an object.

use bytes::{Buf as _, BufMut as _, Bytes, BytesMut};
use session_runtime::store::{StoreError, Version};

const FORMAT: u8 = 1;
const STAMP: usize = 16;
/// Format, stamp, three times and a number, and the length of the kept version.
const HEAD: usize = 1 + STAMP + 4 * 8 + 1;

/// Random, and so different in each write: whoever finds it knows whose write stands there.
pub(super) type Stamp = [u8; STAMP];

/// One state of one session. Times are milliseconds since 1970.
///
/// As bytes: the format, the stamp, when it was written, when it expires, the mark, the kept version behind its length, the
/// record, and the stamp again. An object whose two stamps differ was read while it was being written.
#[derive(Clone)]
pub(super) struct Object {
    pub(super) stamp: Stamp,
    pub(super) written_ms: u64,
    /// 0 in what is left of a deleted session.
    pub(super) expires_ms: u64,
    pub(super) mark: Mark,
    /// The version that a touch left as it was. Without one, the version is this write's own.
    pub(super) kept: Option<Version>,
    pub(super) bytes: Bytes,
}

/// In a chain: the links below this number have been superseded since this time.
#[derive(Clone, Copy, Default)]
pub(super) struct Mark {
    pub(super) below: u64,
    pub(super) since_ms: u64,
}

impl Object {
    pub(super) fn new(bytes: Bytes, written_ms: u64, expires_ms: u64) -> Result<Self, StoreError> {
        let mut stamp = [0; STAMP];
        getrandom::fill(&mut stamp).map_err(StoreError::new)?;
        Ok(Self { stamp, written_ms, expires_ms, mark: Mark::default(), kept: None, bytes })
    }

    /// What is left of a deleted session.
    pub(super) fn dead(written_ms: u64) -> Result<Self, StoreError> {
        Self::new(Bytes::new(), written_ms, 0)
    }

    pub(super) fn to_bytes(&self) -> Bytes {
        let kept = self.kept.as_ref().map_or(&[][..], |kept| kept.as_bytes());
        let mut bytes = BytesMut::with_capacity(HEAD + kept.len() + self.bytes.len() + STAMP);
        bytes.put_u8(FORMAT);
        bytes.put_slice(&self.stamp);
        for number in [self.written_ms, self.expires_ms, self.mark.below, self.mark.since_ms] {
            bytes.put_u64(number);
        }
        bytes.put_u8(kept.len() as u8);
        bytes.put_slice(kept);
        bytes.put_slice(&self.bytes);
        bytes.put_slice(&self.stamp);
        bytes.freeze()
    }

    /// Reads what was written. `None` is half a write, or halves of two.
    pub(super) fn parse(mut bytes: Bytes) -> Result<Option<Self>, StoreError> {
        if bytes.first().is_some_and(|format| *format != FORMAT) {
            let words = "an object with the store's prefix holds something else: give the store a prefix of its own, or \
                update the program";
            return Err(StoreError::message(words));
        }
        if bytes.len() < HEAD + STAMP || bytes[1..1 + STAMP] != bytes[bytes.len() - STAMP..] {
            return Ok(None);
        }
        bytes.advance(1);
        let mut stamp = [0; STAMP];
        bytes.copy_to_slice(&mut stamp);
        let [written_ms, expires_ms, below, since_ms] = [(); 4].map(|()| bytes.get_u64());
        let kept = usize::from(bytes.get_u8());
        if bytes.len() < kept + STAMP {
            return Ok(None);
        }
        let kept = bytes.split_to(kept);
        let kept = if kept.is_empty() { None } else { Some(Version::from_bytes(&kept)?) };
        bytes.truncate(bytes.len() - STAMP);
        Ok(Some(Self { stamp, written_ms, expires_ms, mark: Mark { below, since_ms }, kept, bytes }))
    }
}
