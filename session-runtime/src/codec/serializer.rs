//! serde's data model in MessagePack: what kind of value is written as what.

use std::fmt::Display;

use serde::{Serialize, Serializer};

use super::error::CodecError;
use super::parts::{Fields, Items};
use super::writer::Writer;

/// The newtype by whose name `rmp-serde` and its kin ask for an extension type.
const EXTENSION: &str = "_ExtStruct";

impl<'w, 'a> Serializer for &'w mut Writer<'a> {
    type Ok = ();
    type Error = CodecError;
    type SerializeSeq = Items<'w, 'a>;
    type SerializeTuple = Fields<'w, 'a>;
    type SerializeTupleStruct = Fields<'w, 'a>;
    type SerializeTupleVariant = Fields<'w, 'a>;
    type SerializeMap = Items<'w, 'a>;
    type SerializeStruct = Fields<'w, 'a>;
    type SerializeStructVariant = Fields<'w, 'a>;

    /// Dates, addresses and ids are written as text: their other forms differ between versions of their crates, and fail where
    /// serde buffers a value.
    #[inline]
    fn is_human_readable(&self) -> bool {
        true
    }

    #[inline]
    fn serialize_bool(self, value: bool) -> Result<(), CodecError> {
        self.byte(if value { 0xc3 } else { 0xc2 })
    }

    #[inline]
    fn serialize_i8(self, value: i8) -> Result<(), CodecError> {
        self.serialize_i64(value.into())
    }

    #[inline]
    fn serialize_i16(self, value: i16) -> Result<(), CodecError> {
        self.serialize_i64(value.into())
    }

    #[inline]
    fn serialize_i32(self, value: i32) -> Result<(), CodecError> {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result<(), CodecError> {
        if let Ok(value) = u64::try_from(value) {
            return self.serialize_u64(value);
        }
        match (i8::try_from(value), i16::try_from(value), i32::try_from(value)) {
            (Ok(value @ -32..), ..) => self.byte(value.cast_unsigned()),
            (Ok(value), ..) => self.number(0xd0, value.to_be_bytes()),
            (_, Ok(value), _) => self.number(0xd1, value.to_be_bytes()),
            (.., Ok(value)) => self.number(0xd2, value.to_be_bytes()),
            _ => self.number(0xd3, value.to_be_bytes()),
        }
    }

    fn serialize_i128(self, value: i128) -> Result<(), CodecError> {
        self.bytes(&value.to_be_bytes())
    }

    #[inline]
    fn serialize_u8(self, value: u8) -> Result<(), CodecError> {
        self.serialize_u64(value.into())
    }

    #[inline]
    fn serialize_u16(self, value: u16) -> Result<(), CodecError> {
        self.serialize_u64(value.into())
    }

    #[inline]
    fn serialize_u32(self, value: u32) -> Result<(), CodecError> {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<(), CodecError> {
        match (u8::try_from(value), u16::try_from(value), u32::try_from(value)) {
            (Ok(value @ ..0x80), ..) => self.byte(value),
            (Ok(value), ..) => self.number(0xcc, [value]),
            (_, Ok(value), _) => self.number(0xcd, value.to_be_bytes()),
            (.., Ok(value)) => self.number(0xce, value.to_be_bytes()),
            _ => self.number(0xcf, value.to_be_bytes()),
        }
    }

    fn serialize_u128(self, value: u128) -> Result<(), CodecError> {
        self.bytes(&value.to_be_bytes())
    }

    #[inline]
    fn serialize_f32(self, value: f32) -> Result<(), CodecError> {
        self.number(0xca, value.to_be_bytes())
    }

    #[inline]
    fn serialize_f64(self, value: f64) -> Result<(), CodecError> {
        self.number(0xcb, value.to_be_bytes())
    }

    fn serialize_char(self, value: char) -> Result<(), CodecError> {
        self.text(value.encode_utf8(&mut [0; 4]))
    }

    #[inline]
    fn serialize_str(self, value: &str) -> Result<(), CodecError> {
        self.text(value)
    }

    #[inline]
    fn serialize_bytes(self, value: &[u8]) -> Result<(), CodecError> {
        self.bytes(value)
    }

    #[inline]
    fn serialize_none(self) -> Result<(), CodecError> {
        self.serialize_unit()
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), CodecError> {
        value.serialize(self)
    }

    #[inline]
    fn serialize_unit(self) -> Result<(), CodecError> {
        self.byte(0xc0)
    }

    #[inline]
    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), CodecError> {
        self.list_head(0)
    }

    #[inline]
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), CodecError> {
        self.text(variant)
    }

    #[inline]
    fn serialize_newtype_struct<T>(self, name: &'static str, value: &T) -> Result<(), CodecError>
    where
        T: Serialize + ?Sized,
    {
        if name == EXTENSION { Err(CodecError::extension()) } else { value.serialize(self) }
    }

    fn serialize_newtype_variant<T>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), CodecError>
    where
        T: Serialize + ?Sized,
    {
        self.variant(variant)?;
        value.serialize(self)
    }

    #[inline]
    fn serialize_seq(self, length: Option<usize>) -> Result<Items<'w, 'a>, CodecError> {
        Items::list(self, length)
    }

    #[inline]
    fn serialize_tuple(self, length: usize) -> Result<Fields<'w, 'a>, CodecError> {
        self.list_head(length)?;
        Ok(Fields(self))
    }

    #[inline]
    fn serialize_tuple_struct(self, _name: &'static str, length: usize) -> Result<Fields<'w, 'a>, CodecError> {
        self.serialize_tuple(length)
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Fields<'w, 'a>, CodecError> {
        self.variant(variant)?;
        self.serialize_tuple(length)
    }

    #[inline]
    fn serialize_map(self, length: Option<usize>) -> Result<Items<'w, 'a>, CodecError> {
        Items::map(self, length)
    }

    #[inline]
    fn serialize_struct(self, _name: &'static str, length: usize) -> Result<Fields<'w, 'a>, CodecError> {
        self.map_head(length)?;
        Ok(Fields(self))
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Fields<'w, 'a>, CodecError> {
        self.variant(variant)?;
        self.serialize_struct(name, length)
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<(), CodecError> {
        self.shown(value)
    }
}

impl Writer<'_> {
    /// An enum's variant that holds something: a map of one entry.
    fn variant(&mut self, name: &'static str) -> Result<(), CodecError> {
        self.map_head(1)?;
        self.text(name)
    }
}
