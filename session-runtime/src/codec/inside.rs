//! What is inside of a list, a map or a variant.

use serde::Deserializer;
use serde::de::{DeserializeSeed, EnumAccess, Error as _, MapAccess, SeqAccess, Unexpected, VariantAccess, Visitor};

use super::error::CodecError;
use super::head::Head;
use super::reader::Reader;
use super::text::Names;

/// What is left of a list or a map.
pub(super) struct Inside<'r, 'de> {
    reader: &'r mut Reader<'de>,
    left: u32,
    /// Those of a struct's fields that may still come.
    names: Names,
}

impl<'r, 'de> Inside<'r, 'de> {
    #[inline]
    pub(super) fn new(reader: &'r mut Reader<'de>, length: u32, names: Names) -> Self {
        Self { reader, left: length, names }
    }

    #[inline]
    pub(super) fn unread(&self) -> u32 {
        self.left
    }

    /// No more than what bytes are left for: what the input claims to hold may be anything.
    #[inline]
    fn at_most(&self) -> Option<usize> {
        usize::try_from(self.left).ok().map(|left| left.min(self.reader.left.len()))
    }
}

impl<'de> SeqAccess<'de> for &mut Inside<'_, 'de> {
    type Error = CodecError;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, CodecError> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        seed.deserialize(&mut *self.reader).map(Some)
    }

    #[inline]
    fn size_hint(&self) -> Option<usize> {
        self.at_most()
    }
}

impl<'de> MapAccess<'de> for &mut Inside<'_, 'de> {
    type Error = CodecError;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, CodecError> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        self.reader.names = self.names;
        self.names = self.names.get(1..).unwrap_or_default();
        seed.deserialize(&mut *self.reader).map(Some)
    }

    #[inline]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, CodecError> {
        seed.deserialize(&mut *self.reader)
    }

    #[inline]
    fn size_hint(&self) -> Option<usize> {
        self.at_most()
    }
}

/// An enum's variant, by its name.
pub(super) struct Variant<'r, 'de> {
    pub(super) reader: &'r mut Reader<'de>,
    /// Something follows the name.
    pub(super) holds: bool,
}

impl Variant<'_, '_> {
    fn needs(&self, expected: &'static str) -> Result<(), CodecError> {
        if self.holds { Ok(()) } else { Err(CodecError::invalid_type(Unexpected::UnitVariant, &expected)) }
    }
}

impl<'de> EnumAccess<'de> for Variant<'_, 'de> {
    type Error = CodecError;
    type Variant = Self;

    #[inline]
    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), CodecError> {
        Ok((seed.deserialize(&mut *self.reader)?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_, 'de> {
    type Error = CodecError;

    #[inline]
    fn unit_variant(self) -> Result<(), CodecError> {
        if !self.holds {
            return Ok(());
        }
        match self.reader.head()? {
            Head::Nil => Ok(()),
            head => Err(CodecError::invalid_type(Unexpected::Other(head.kind()), &"unit variant")),
        }
    }

    #[inline]
    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, CodecError> {
        self.needs("newtype variant")?;
        self.reader.wrapped(|reader| seed.deserialize(reader))
    }

    #[inline]
    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, CodecError> {
        self.needs("tuple variant")?;
        self.reader.deserialize_tuple(length, visitor)
    }

    #[inline]
    fn struct_variant<V>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, CodecError>
    where
        V: Visitor<'de>,
    {
        self.needs("struct variant")?;
        self.reader.any_list(fields, visitor)
    }
}
