//! The first byte of each value, and what it announces. <https://github.com/msgpack/msgpack/blob/master/spec.md>

use super::error::CodecError;

/// A value that holds no other, or how many values follow that belong to it.
pub(super) enum Head<'de> {
    Nil,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f32),
    Double(f64),
    /// Text, if it is UTF-8.
    Text(&'de [u8]),
    Bytes(&'de [u8]),
    List(u32),
    Map(u32),
}

impl<'de> Head<'de> {
    /// Takes it off `left`.
    #[inline]
    pub(super) fn take(left: &mut &'de [u8]) -> Result<Self, CodecError> {
        let [first] = array(left)?;
        Ok(match first {
            0x00..=0x7f => Self::Unsigned(first.into()),
            0x80..=0x8f => Self::Map((first & 0x0f).into()),
            0x90..=0x9f => Self::List((first & 0x0f).into()),
            0xa0..=0xbf => Self::Text(slice(left, (first & 0x1f).into())?),
            _ => return Self::longer(first, left),
        })
    }

    /// Of all but what is short, which is found out where it is asked for.
    fn longer(first: u8, left: &mut &'de [u8]) -> Result<Self, CodecError> {
        Ok(match first {
            0xc0 => Self::Nil,
            0xc1 => return Err(CodecError::no_value()),
            0xc2 => Self::Bool(false),
            0xc3 => Self::Bool(true),
            0xc4 | 0xd9 => Self::run(first, u8::from_be_bytes(array(left)?).into(), left)?,
            0xc5 | 0xda => Self::run(first, u16::from_be_bytes(array(left)?).into(), left)?,
            0xc6 | 0xdb => Self::run(first, u32::from_be_bytes(array(left)?), left)?,
            0xc7..=0xc9 | 0xd4..=0xd8 => return Err(CodecError::extension()),
            0xca => Self::Float(f32::from_be_bytes(array(left)?)),
            0xcb => Self::Double(f64::from_be_bytes(array(left)?)),
            0xcc => Self::Unsigned(u8::from_be_bytes(array(left)?).into()),
            0xcd => Self::Unsigned(u16::from_be_bytes(array(left)?).into()),
            0xce => Self::Unsigned(u32::from_be_bytes(array(left)?).into()),
            0xcf => Self::Unsigned(u64::from_be_bytes(array(left)?)),
            0xd0 => Self::Signed(i8::from_be_bytes(array(left)?).into()),
            0xd1 => Self::Signed(i16::from_be_bytes(array(left)?).into()),
            0xd2 => Self::Signed(i32::from_be_bytes(array(left)?).into()),
            0xd3 => Self::Signed(i64::from_be_bytes(array(left)?)),
            0xdc => Self::List(u16::from_be_bytes(array(left)?).into()),
            0xdd => Self::List(u32::from_be_bytes(array(left)?)),
            0xde => Self::Map(u16::from_be_bytes(array(left)?).into()),
            0xdf => Self::Map(u32::from_be_bytes(array(left)?)),
            _ => Self::Signed(first.cast_signed().into()),
        })
    }

    /// Bytes, or text, whose length is told.
    fn run(first: u8, length: u32, left: &mut &'de [u8]) -> Result<Self, CodecError> {
        let run = slice(left, length)?;
        Ok(if first < 0xd9 { Self::Bytes(run) } else { Self::Text(run) })
    }

    /// What an error may say was found: no content.
    #[cold]
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Nil => "nothing",
            Self::Bool(_) => "a boolean",
            Self::Unsigned(_) | Self::Signed(_) => "an integer",
            Self::Float(_) | Self::Double(_) => "a float",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
        }
    }
}

#[inline]
fn array<const N: usize>(left: &mut &[u8]) -> Result<[u8; N], CodecError> {
    let (array, rest) = left.split_first_chunk().ok_or_else(CodecError::ended)?;
    *left = rest;
    Ok(*array)
}

#[inline]
fn slice<'de>(left: &mut &'de [u8], length: u32) -> Result<&'de [u8], CodecError> {
    // Where a `usize` has no 32 bits, no slice is as long.
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let (slice, rest) = left.split_at_checked(length).ok_or_else(CodecError::ended)?;
    *left = rest;
    Ok(slice)
}
