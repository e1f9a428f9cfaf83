//! What stands under a key: 16 bytes of version, 8 of expiry in milliseconds since 1970, then the record.

use std::time::SystemTime;

use bytes::Bytes;
use session_runtime::store::{StoreError, Stored, Version, from_millis, millis};

pub(super) const VERSION: usize = 16;
const HEAD: usize = VERSION + 8;

/// A value that is to be written. Its version is random, so none ever comes back, also not after a server lost what it had
/// counted.
pub(super) struct Draft {
    pub(super) version: Version,
    pub(super) value: Vec<u8>,
    pub(super) last_moment: u64,
}

impl Draft {
    pub(super) fn new(bytes: &[u8], expires_at: SystemTime) -> Result<Self, StoreError> {
        let mut version = [0; VERSION];
        getrandom::fill(&mut version).map_err(StoreError::new)?;
        let expiry = millis(expires_at).to_be_bytes();
        Ok(Self {
            version: Version::from_bytes(&version)?,
            value: [&version[..], &expiry, bytes].concat(),
            last_moment: last_moment(expires_at),
        })
    }
}

/// Redis keeps a key through the millisecond that it is given, and the contract ends a record at the start of it. Redis takes
/// no time before 1970, and none that its signed number does not hold.
pub(super) fn last_moment(expires_at: SystemTime) -> u64 {
    millis(expires_at).saturating_sub(1).clamp(1, i64::MAX as u64)
}

/// Reads what was written.
pub(super) fn parse(value: Vec<u8>) -> Result<Stored, StoreError> {
    let Some((head, _)) = value.split_at_checked(HEAD) else {
        return Err(StoreError::message(format!(
            "a key with the store's prefix holds {} bytes of something else: give the store a prefix of its own",
            value.len()
        )));
    };
    let (version, end) = head.split_at(VERSION);
    Ok(Stored {
        version: Version::from_bytes(version)?,
        expires_at: expiry(end),
        bytes: Bytes::from(value).slice(HEAD..),
    })
}

/// The expiry of these eight bytes.
pub(super) fn expiry(bytes: &[u8]) -> SystemTime {
    from_millis(bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
}
