//! The bytes of what is written: each number's head and each length in the smallest form that MessagePack has for it.

use std::fmt::{self, Display, Write as _};

use super::error::CodecError;

/// The serializer that a field's `with` module writes to.
pub struct Writer<'a> {
    out: &'a mut Vec<u8>,
}

impl<'a> Writer<'a> {
    /// Appends to `out`.
    #[inline]
    pub(super) fn new(out: &'a mut Vec<u8>) -> Self {
        Self { out }
    }

    /// How many bytes stand there: where a head belongs that cannot be written yet.
    #[inline]
    pub(super) fn position(&self) -> usize {
        self.out.len()
    }

    /// Writes a head in front of what has been written since `start`.
    pub(super) fn put_before(
        &mut self,
        start: usize,
        head: impl FnOnce(&mut Self) -> Result<(), CodecError>,
    ) -> Result<(), CodecError> {
        let end = self.position();
        head(self)?;
        let head_length = self.position() - end;
        self.out[start..].rotate_right(head_length);
        Ok(())
    }

    #[inline]
    pub(super) fn list_head(&mut self, length: usize) -> Result<(), CodecError> {
        match u8::try_from(length) {
            Ok(length @ 0..=15) => self.byte(0x90 | length),
            _ => self.long_head(0xdc, length),
        }
    }

    #[inline]
    pub(super) fn map_head(&mut self, length: usize) -> Result<(), CodecError> {
        match u8::try_from(length) {
            Ok(length @ 0..=15) => self.byte(0x80 | length),
            _ => self.long_head(0xde, length),
        }
    }

    #[inline]
    fn text_head(&mut self, length: usize) -> Result<(), CodecError> {
        match u8::try_from(length) {
            Ok(length @ 0..=31) => self.byte(0xa0 | length),
            Ok(length) => self.number(0xd9, [length]),
            Err(_) => self.long_head(0xda, length),
        }
    }

    #[inline]
    fn bytes_head(&mut self, length: usize) -> Result<(), CodecError> {
        match u8::try_from(length) {
            Ok(length) => self.number(0xc4, [length]),
            Err(_) => self.long_head(0xc5, length),
        }
    }

    /// A length of 16 bits behind `tag`, or one of 32 behind the tag that comes next, as it does for all four kinds.
    fn long_head(&mut self, tag: u8, length: usize) -> Result<(), CodecError> {
        match (u16::try_from(length), u32::try_from(length)) {
            (Ok(length), _) => self.number(tag, length.to_be_bytes()),
            (_, Ok(length)) => self.number(tag + 1, length.to_be_bytes()),
            _ => Err(CodecError::too_long()),
        }
    }

    #[inline]
    pub(super) fn byte(&mut self, byte: u8) -> Result<(), CodecError> {
        self.out.push(byte);
        Ok(())
    }

    #[inline]
    pub(super) fn number<const N: usize>(&mut self, tag: u8, number: [u8; N]) -> Result<(), CodecError> {
        self.out.push(tag);
        self.out.extend_from_slice(&number);
        Ok(())
    }

    #[inline]
    pub(super) fn text(&mut self, text: &str) -> Result<(), CodecError> {
        self.text_head(text.len())?;
        self.out.extend_from_slice(text.as_bytes());
        Ok(())
    }

    #[inline]
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> Result<(), CodecError> {
        self.bytes_head(bytes.len())?;
        self.out.extend_from_slice(bytes);
        Ok(())
    }

    /// Text as it comes, without a `String`.
    pub(super) fn shown(&mut self, value: &(impl Display + ?Sized)) -> Result<(), CodecError> {
        let start = self.position();
        write!(Shown(self.out), "{value}").map_err(<CodecError as serde::ser::Error>::custom)?;
        let length = self.position() - start;
        self.put_before(start, |writer| writer.text_head(length))
    }
}

/// What a value shows of itself, as it comes.
struct Shown<'a>(&'a mut Vec<u8>);

impl fmt::Write for Shown<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}
