//! Stands in for `seal.rs` where the feature `sealed` is off: keys that nobody can have, so that all that would use them compiles to
//! nothing.

/// How much longer sealed bytes are than what they seal.
pub(crate) const SEAL_OVERHEAD: usize = 0;

#[derive(Clone)]
pub(crate) enum SealKeys {}

impl SealKeys {
    pub(crate) fn seal(&self, _: &[u8], _: &[u8]) -> Vec<u8> {
        match *self {}
    }

    pub(crate) fn foreign(&self, _: &[u8]) -> Option<std::convert::Infallible> {
        match *self {}
    }

    pub(crate) fn open_in_place<'a>(
        &self,
        _: &[u8],
        _: &'a mut [u8],
    ) -> Result<(&'a [u8], bool), std::convert::Infallible> {
        match *self {}
    }
}
