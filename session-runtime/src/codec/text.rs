//! Text out of bytes. That bytes are UTF-8 has to be checked, which costs more than all else about a short text: so names are compared
//! with those that are known, and short texts are checked where the check is quick.

use serde::de::Visitor;

use super::error::CodecError;
use super::reader::Reader;

/// The names of a type's fields or variants, the likeliest first.
pub(super) type Names = &'static [&'static str];

/// How many of them are looked at: a check costs less than all names of a large type.
const TRIED: usize = 16;

impl Reader<'_> {
    /// One of the names that may come, if it stands there.
    pub(super) fn known_name(&mut self) -> Option<&'static str> {
        let likeliest = self.names.first()?;
        match behind(likeliest, self.left) {
            Some(left) => {
                self.left = left;
                Some(likeliest)
            }
            None => self.other_name(),
        }
    }

    #[cold]
    fn other_name(&mut self) -> Option<&'static str> {
        let others = self.names.iter().take(TRIED).skip(1);
        let (name, left) = others.filter_map(|name| Some((name, behind(name, self.left)?))).next()?;
        self.left = left;
        Some(name)
    }
}

/// What is behind a name of up to 31 bytes, if it stands there.
#[inline]
fn behind<'de>(name: &str, left: &'de [u8]) -> Option<&'de [u8]> {
    let (first, left) = left.split_first()?;
    let is_as_long = name.len() < 32 && usize::from(*first) == name.len() | 0xa0;
    if is_as_long { left.strip_prefix(name.as_bytes()) } else { None }
}

/// As it stands there. What is no UTF-8 is for those who take bytes as well.
pub(super) fn text<'de, V: Visitor<'de>>(bytes: &'de [u8], visitor: V) -> Result<V::Value, CodecError> {
    match std::str::from_utf8(bytes) {
        Ok(text) => visitor.visit_borrowed_str(text),
        Err(_) => visitor.visit_borrowed_bytes(bytes).map_err(|_: CodecError| CodecError::not_text()),
    }
}

/// For those who will copy it anyway.
pub(super) fn string<'de, V: Visitor<'de>>(bytes: &'de [u8], visitor: V) -> Result<V::Value, CodecError> {
    let mut padded = Padded([0; PADDED]);
    match padded.checked(bytes) {
        Some(text) => visitor.visit_str(text),
        None => text(bytes, visitor),
    }
}

/// A short text, and zeros behind it. The check goes by words where they are aligned, and by bytes at a text's ends: without the zeros, a
/// short one would be all end.
#[repr(align(8))]
struct Padded([u8; PADDED]);

const PADDED: usize = 32;

impl Padded {
    #[inline]
    fn checked(&mut self, bytes: &[u8]) -> Option<&str> {
        self.0.get_mut(..bytes.len())?.copy_from_slice(bytes);
        std::str::from_utf8(&self.0).ok()?.get(..bytes.len())
    }
}
