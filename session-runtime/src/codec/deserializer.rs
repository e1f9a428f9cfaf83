//! serde's data model out of MessagePack: what a type may ask for, and what it gets.

use serde::de::{Error as _, Unexpected, Visitor};
use serde::{Deserializer, forward_to_deserialize_any};

use super::error::CodecError;
use super::head::Head;
use super::inside::Variant;
use super::reader::Reader;

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = CodecError;

    #[inline]
    fn is_human_readable(&self) -> bool {
        true
    }

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CodecError> {
        self.any(visitor)
    }

    #[inline]
    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CodecError> {
        self.number(visitor)
    }

    #[inline]
    fn deserialize_i8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CodecError> {
        self.number(visitor)
    }

    #[inline]
    fn deserialize_i16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CodecError> {
        self.number(visitor)
    }

    #[inline]
    fn deserialize_i32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CodecError> {
        self.number(visitor)
    }

    #[inline]
    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CodecError> {
        self.number(visitor)
    }

    fn deserialize_i128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CodecError> {
        let number = match self.head()? {
            Head::Unsigned(number) => number.into(),
            Head::Signed(number) => number.into(),
            head => i128::from_be_bytes(bits(&head, &visitor)?),
        };
        visitor.visit_i128(number)
    }

    #[inline]
    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CodecError> {
        self.number(visitor)
    }

    #[inline]
    fn deserialize_u16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CodecError> {
        self.number(visitor)
    }

    #[inline]
    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CodecError> {
        self.number(visitor)
    }

    #[inline]
    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CodecError> {
        self.number(visitor)
    }

    fn deserialize_u128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CodecError> {
        let number = match self.head()? {
            Head::Unsigned(number) => number.into(),
            Head::Signed(number) => {
                u128::try_from(number).map_err(|_| CodecError::invalid_value(Unexpected::Signed(number), &visitor))?
            }
            head => u128::from_be_bytes(bits(&head, &visitor)?),
        };
        visitor.visit_u128(number)
    }

    #[inline]
    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CodecError> {
        self.number(visitor)
    }

    #[inline]
    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CodecError> {
        self.number(visitor)
    }

    #[inline]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CodecError> {
        if let [0xc0, left @ ..] = self.left {
            self.left = left;
            return visitor.visit_none();
        }
        if self.left.is_empty() {
            return Err(CodecError::ended());
        }
        self.wrapped(|reader| visitor.visit_some(reader))
    }

    /// An empty list is what a unit struct is written as. It is a list to everybody else.
    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, CodecError> {
        if let [0x90, left @ ..] = self.left {
            self.left = left;
            return visitor.visit_unit();
        }
        self.any(visitor)
    }

    #[inline]
    fn deserialize_newtype_struct<V>(self, _: &'static str, visitor: V) -> Result<V::Value, CodecError>
    where
        V: Visitor<'de>,
    {
        visitor.visit_newtype_struct(self)
    }

    #[inline]
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CodecError> {
        self.any_list(&[], visitor)
    }

    #[inline]
    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, CodecError> {
        self.any_list(&[], visitor)
    }

    #[inline]
    fn deserialize_tuple_struct<V>(self, _: &'static str, _: usize, visitor: V) -> Result<V::Value, CodecError>
    where
        V: Visitor<'de>,
    {
        self.any_list(&[], visitor)
    }

    #[inline]
    fn deserialize_struct<V>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, CodecError>
    where
        V: Visitor<'de>,
    {
        self.any_list(fields, visitor)
    }

    /// A map of one entry, whose key is the variant's name, or that name alone.
    #[inline]
    fn deserialize_enum<V>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, CodecError>
    where
        V: Visitor<'de>,
    {
        let holds = matches!(self.left, [0x80..=0x8f | 0xde | 0xdf, ..]);
        if holds {
            self.one_entry()?;
        }
        self.names = variants;
        visitor.visit_enum(Variant { reader: self, holds })
    }

    #[inline]
    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CodecError> {
        self.name(visitor)
    }

    #[inline]
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CodecError> {
        self.string(visitor)
    }

    forward_to_deserialize_any! {
        bytes byte_buf char ignored_any map str unit
    }
}

impl Reader<'_> {
    fn one_entry(&mut self) -> Result<(), CodecError> {
        match self.head()? {
            Head::Map(1) => Ok(()),
            Head::Map(found) => Err(CodecError::length(1, found)),
            head => Err(CodecError::invalid_type(Unexpected::Other(head.kind()), &"a variant")),
        }
    }
}

/// Of an integer that MessagePack has no form for: it is written as bytes.
fn bits<'de>(head: &Head<'de>, visitor: &impl Visitor<'de>) -> Result<[u8; 16], CodecError> {
    match head {
        Head::Bytes(bytes) => {
            (*bytes).try_into().map_err(|_| CodecError::invalid_length(bytes.len(), &"an integer of 16 bytes"))
        }
        head => Err(CodecError::invalid_type(Unexpected::Other(head.kind()), visitor)),
    }
}
