//! What is written piece by piece: fields, whose number a type knows, and items, whose number it may not.

use serde::Serialize;
use serde::ser::{
    SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple, SerializeTupleStruct,
    SerializeTupleVariant,
};

use super::error::CodecError;
use super::writer::Writer;

/// The fields of a tuple, a struct or a variant, whose head is written.
pub struct Fields<'w, 'a>(pub(super) &'w mut Writer<'a>);

impl Fields<'_, '_> {
    #[inline]
    fn named<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), CodecError> {
        self.0.text(name)?;
        value.serialize(&mut *self.0)
    }
}

impl SerializeTuple for Fields<'_, '_> {
    type Ok = ();
    type Error = CodecError;

    #[inline]
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CodecError> {
        value.serialize(&mut *self.0)
    }

    #[inline]
    fn end(self) -> Result<(), CodecError> {
        Ok(())
    }
}

impl SerializeTupleStruct for Fields<'_, '_> {
    type Ok = ();
    type Error = CodecError;

    #[inline]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CodecError> {
        value.serialize(&mut *self.0)
    }

    #[inline]
    fn end(self) -> Result<(), CodecError> {
        Ok(())
    }
}

impl SerializeTupleVariant for Fields<'_, '_> {
    type Ok = ();
    type Error = CodecError;

    #[inline]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CodecError> {
        value.serialize(&mut *self.0)
    }

    #[inline]
    fn end(self) -> Result<(), CodecError> {
        Ok(())
    }
}

impl SerializeStruct for Fields<'_, '_> {
    type Ok = ();
    type Error = CodecError;

    #[inline]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), CodecError> {
        self.named(name, value)
    }

    #[inline]
    fn end(self) -> Result<(), CodecError> {
        Ok(())
    }
}

impl SerializeStructVariant for Fields<'_, '_> {
    type Ok = ();
    type Error = CodecError;

    #[inline]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), CodecError> {
        self.named(name, value)
    }

    #[inline]
    fn end(self) -> Result<(), CodecError> {
        Ok(())
    }
}

/// The items of a list, or a map's keys and values in turn.
///
/// Where nobody knew how many there would be, their head is put before them at the end.
pub struct Items<'w, 'a> {
    writer: &'w mut Writer<'a>,
    uncounted: Option<Uncounted>,
}

struct Uncounted {
    start: usize,
    /// Items, or keys.
    found: usize,
}

impl<'w, 'a> Items<'w, 'a> {
    #[inline]
    pub(super) fn list(writer: &'w mut Writer<'a>, length: Option<usize>) -> Result<Self, CodecError> {
        match length {
            Some(length) => writer.list_head(length)?,
            None => return Ok(Self::uncounted(writer)),
        }
        Ok(Self { writer, uncounted: None })
    }

    #[inline]
    pub(super) fn map(writer: &'w mut Writer<'a>, length: Option<usize>) -> Result<Self, CodecError> {
        match length {
            Some(length) => writer.map_head(length)?,
            None => return Ok(Self::uncounted(writer)),
        }
        Ok(Self { writer, uncounted: None })
    }

    fn uncounted(writer: &'w mut Writer<'a>) -> Self {
        let start = writer.position();
        Self { writer, uncounted: Some(Uncounted { start, found: 0 }) }
    }

    #[inline]
    fn counted<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CodecError> {
        if let Some(uncounted) = &mut self.uncounted {
            uncounted.found += 1;
        }
        value.serialize(&mut *self.writer)
    }
}

impl SerializeSeq for Items<'_, '_> {
    type Ok = ();
    type Error = CodecError;

    #[inline]
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CodecError> {
        self.counted(value)
    }

    #[inline]
    fn end(self) -> Result<(), CodecError> {
        match self.uncounted {
            Some(Uncounted { start, found }) => self.writer.put_before(start, |writer| writer.list_head(found)),
            None => Ok(()),
        }
    }
}

impl SerializeMap for Items<'_, '_> {
    type Ok = ();
    type Error = CodecError;

    #[inline]
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), CodecError> {
        self.counted(key)
    }

    #[inline]
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CodecError> {
        value.serialize(&mut *self.writer)
    }

    #[inline]
    fn end(self) -> Result<(), CodecError> {
        match self.uncounted {
            Some(Uncounted { start, found }) => self.writer.put_before(start, |writer| writer.map_head(found)),
            None => Ok(()),
        }
    }
}
