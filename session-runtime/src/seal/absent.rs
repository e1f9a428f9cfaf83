//! Stands in for `seal.rs` where the feature `sealed` is off: keys that nobody can have, so that all that would use them compiles to
//! nothing.

/// How much longer sealed bytes are than what they seal.
pub(crate) const SEAL_OVERHEAD: usize = 0;

#[derive(Clone)]
pub(crate) enum SealKeys {}

pub(crate) struct Opened {
    pub(crate) plain: Vec<u8>,
    pub(crate) by_old_key: bool,
}

impl SealKeys {
    pub(crate) fn seal(&self, _: &[u8], _: &[u8]) -> Vec<u8> {
        match *self {}
    }

    pub(crate) fn foreign(&self, _: &[u8]) -> Option<std::convert::Infallible> {
        match *self {}
    }

    pub(crate) fn open(&self, _: &[u8], _: &[u8]) -> Result<Opened, std::convert::Infallible> {
        match *self {}
    }
}
