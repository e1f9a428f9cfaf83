//! What tells which key sealed something, so that an operator who misses one knows which.

use std::fmt;

use super::KEY_ID_LEN;

/// Which key sealed something: shown as four hex digits, which are made from the key and tell nothing of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SealKeyId(pub(super) [u8; KEY_ID_LEN]);

impl SealKeyId {
    /// The key that sealed these bytes. `None` for bytes that are too few for a seal.
    ///
    /// ```
    /// use session_runtime::{SealKeyId, SealKeys};
    ///
    /// let keys = SealKeys::ephemeral();
    /// let sealed = keys.seal(b"letters", b"dear Ada");
    /// assert_eq!(SealKeyId::of(&sealed), keys.ids().next());
    /// ```
    pub fn of(sealed: &[u8]) -> Option<Self> {
        sealed.first_chunk().copied().map(Self)
    }
}

impl fmt::Display for SealKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for SealKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealKeyId({self})")
    }
}
