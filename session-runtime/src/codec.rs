//! One value ↔ bytes: MessagePack, structs as maps, human-readable on.
//!
//! Of ten codecs tried on 95 types this one keeps the most: NaN and infinities, tuple and enum map keys, untagged, tagged and
//! flattened types, 128-bit integers, and types whose fields were added, removed or reordered. Two things no self-describing
//! format keeps, and neither does this one: `Some(None)` and `Some(())` inside another value read back as `None`.
//!
//! The bytes are those that `rmp-serde` 1.3 writes with these two settings, and what it reads is read here, to the same value. Not so
//! extension types, which only MessagePack has; a negative integer as a `u128`, of which it makes a huge one; and over a thousand variants
//! or `Option`s inside of each other, for which it has no limit. It is written out here since a quarter of what reading a whole session
//! costs was spent there, most of it on checking once more that names are UTF-8.

mod deserializer;
mod error;
mod head;
mod inside;
mod parts;
mod reader;
mod serializer;
mod text;
mod writer;

use serde::Serialize;
use serde::de::DeserializeOwned;

use self::error::CodecError;
pub use self::reader::Reader;
pub use self::writer::Writer;
use crate::error::BoxError;

/// What a value that is nothing (`None`, `()`) is written as.
pub(crate) const NIL: &[u8] = &[0xc0];

/// How one type is written and read.
pub struct Codec<T> {
    pub(crate) encode: fn(&T, &mut Vec<u8>) -> Result<(), BoxError>,
    pub(crate) decode: fn(&[u8]) -> Result<T, BoxError>,
}

impl<T> Clone for Codec<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Codec<T> {}

impl<T> Codec<T> {
    /// A codec of these two functions.
    pub const fn new(
        encode: fn(&T, &mut Vec<u8>) -> Result<(), BoxError>,
        decode: fn(&[u8]) -> Result<T, BoxError>,
    ) -> Self {
        Self { encode, decode }
    }
}

impl<T: Serialize + DeserializeOwned> Codec<T> {
    /// The codec that serde gives.
    pub const SERDE: Self = Self::new(
        |value, out| write_with(out, |writer| value.serialize(writer)),
        |bytes| read_with(bytes, |reader| T::deserialize(reader)),
    );
}

/// Runs a `with` module's `serialize` on a writer that appends to `out`.
///
/// # Errors
/// What the type's `Serialize` said.
pub fn write_with(
    out: &mut Vec<u8>,
    write: impl FnOnce(&mut Writer<'_>) -> Result<(), CodecError>,
) -> Result<(), BoxError> {
    write(&mut Writer::new(out)).map_err(Into::into)
}

/// Runs a `with` module's `deserialize` on a reader of `bytes`.
///
/// # Errors
/// What the type's `Deserialize` said.
pub fn read_with<T>(bytes: &[u8], read: impl FnOnce(&mut Reader<'_>) -> Result<T, CodecError>) -> Result<T, BoxError> {
    read(&mut Reader::new(bytes)).map_err(Into::into)
}
