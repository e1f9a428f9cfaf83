//! A value out of its bytes. They say what it is, whatever a type asks for: so a newer program may have a wider integer, an `Option`, or
//! another kind of list where an older one wrote the value.

use serde::de::value::SeqDeserializer;
use serde::de::{Error as _, Unexpected, Visitor};

use super::error::CodecError;
use super::head::Head;
use super::inside::Inside;
use super::text::{Names, string, text};

/// How many lists and maps may be inside of each other, and how many optional values and variants besides: a stack is finite.
const DEPTH: u32 = 1023;

/// The deserializer that a field's `with` module reads from.
pub struct Reader<'de> {
    pub(super) left: &'de [u8],
    /// What the next identifier is likely to be, the likeliest first. No more than a hint: it may be anything else.
    pub(super) names: Names,
    depth: u32,
    wrapped: u32,
}

impl<'de> Reader<'de> {
    /// Reads what stands at the beginning of `bytes`.
    #[inline]
    pub(super) fn new(bytes: &'de [u8]) -> Self {
        Self { left: bytes, names: &[], depth: 0, wrapped: 0 }
    }

    /// What comes next, and for lists and maps how much.
    #[inline]
    pub(super) fn head(&mut self) -> Result<Head<'de>, CodecError> {
        Head::take(&mut self.left)
    }

    /// Whatever is there.
    #[inline]
    pub(super) fn any<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, CodecError> {
        let head = self.head()?;
        self.visit(head, visitor)
    }

    /// A list, or whatever is there: bytes are a list of numbers then. `names` are those of a struct's fields.
    pub(super) fn any_list<V: Visitor<'de>>(&mut self, names: Names, visitor: V) -> Result<V::Value, CodecError> {
        match self.head()? {
            Head::List(length) => self.list(length, visitor),
            Head::Map(length) => self.map(length, names, visitor),
            Head::Bytes(bytes) => visitor.visit_seq(SeqDeserializer::new(bytes.iter().copied())),
            head => plain(head, visitor),
        }
    }

    /// A number, a boolean or nothing: whether one will do for another is the type's affair.
    #[inline]
    pub(super) fn number<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, CodecError> {
        number(self.head()?, visitor)
    }

    /// Text that will be copied anyway.
    pub(super) fn string<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, CodecError> {
        match self.head()? {
            Head::Text(bytes) => string(bytes, visitor),
            head => self.visit(head, visitor),
        }
    }

    /// The name of a field or a variant.
    #[inline]
    pub(super) fn name<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, CodecError> {
        match self.known_name() {
            Some(name) => visitor.visit_borrowed_str(name),
            None => self.any(visitor),
        }
    }

    fn visit<V: Visitor<'de>>(&mut self, head: Head<'de>, visitor: V) -> Result<V::Value, CodecError> {
        match head {
            Head::Bytes(bytes) => visitor.visit_borrowed_bytes(bytes),
            Head::List(length) => self.list(length, visitor),
            Head::Map(length) => self.map(length, &[], visitor),
            head => plain(head, visitor),
        }
    }

    fn list<V: Visitor<'de>>(&mut self, length: u32, visitor: V) -> Result<V::Value, CodecError> {
        self.inside(length, &[], |inside| visitor.visit_seq(inside))
    }

    fn map<V: Visitor<'de>>(&mut self, length: u32, names: Names, visitor: V) -> Result<V::Value, CodecError> {
        self.inside(length, names, |inside| visitor.visit_map(inside))
    }

    /// Reads what is inside of a list or a map, all of it.
    #[inline]
    fn inside<T>(
        &mut self,
        length: u32,
        names: Names,
        read: impl FnOnce(&mut Inside<'_, 'de>) -> Result<T, CodecError>,
    ) -> Result<T, CodecError> {
        if self.depth == DEPTH {
            return Err(CodecError::too_deep());
        }
        self.depth += 1;
        let mut inside = Inside::new(self, length, names);
        let value = read(&mut inside);
        let unread = inside.unread();
        // After an error too: a type may pass over it, and go on.
        self.depth -= 1;
        if unread == 0 || value.is_err() { value } else { Err(CodecError::length(length - unread, length)) }
    }

    /// Reads what is inside of an optional value or a variant: a type could go on like that for ever, without a list or a map.
    #[inline]
    pub(super) fn wrapped<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, CodecError>,
    ) -> Result<T, CodecError> {
        if self.wrapped == DEPTH {
            return Err(CodecError::too_deep());
        }
        self.wrapped += 1;
        let value = read(self);
        self.wrapped -= 1;
        value
    }
}

fn plain<'de, V: Visitor<'de>>(head: Head<'de>, visitor: V) -> Result<V::Value, CodecError> {
    match head {
        Head::Text(bytes) => text(bytes, visitor),
        head => number(head, visitor),
    }
}

#[inline]
fn number<'de, V: Visitor<'de>>(head: Head<'de>, visitor: V) -> Result<V::Value, CodecError> {
    match head {
        Head::Unsigned(number) => visitor.visit_u64(number),
        Head::Signed(number) => visitor.visit_i64(number),
        Head::Bool(value) => visitor.visit_bool(value),
        Head::Float(number) => visitor.visit_f32(number),
        Head::Double(number) => visitor.visit_f64(number),
        Head::Nil => visitor.visit_unit(),
        head => Err(CodecError::invalid_type(Unexpected::Other(head.kind()), &visitor)),
    }
}
