//! Why a value could not be written or read.

use std::error::Error;
use std::fmt::{self, Display};

/// What a [`Writer`](super::Writer) or a [`Reader`](super::Reader) could not do.
///
/// One word, since every `Result` of the codec carries it.
#[derive(Debug)]
pub struct CodecError(Box<Reason>);

#[derive(Debug)]
enum Reason {
    /// The bytes are over before the value is.
    Ended,
    /// So many values that are inside of each other would be too many for the stack.
    TooDeep,
    /// This many were expected, and that many are there.
    Length { expected: u32, found: u32 },
    /// More bytes or values than 32 bits can count.
    TooLong,
    /// Text that is no UTF-8, where bytes would not do.
    NotText,
    /// `0xc1`, which MessagePack never uses.
    NoValue,
    /// An extension type, which only MessagePack has.
    Extension,
    /// What the type's own `Serialize` or `Deserialize` said.
    Said(String),
}

impl CodecError {
    #[cold]
    pub(super) fn ended() -> Self {
        Reason::Ended.into()
    }

    #[cold]
    pub(super) fn too_deep() -> Self {
        Reason::TooDeep.into()
    }

    #[cold]
    pub(super) fn length(expected: u32, found: u32) -> Self {
        Reason::Length { expected, found }.into()
    }

    #[cold]
    pub(super) fn too_long() -> Self {
        Reason::TooLong.into()
    }

    #[cold]
    pub(super) fn not_text() -> Self {
        Reason::NotText.into()
    }

    #[cold]
    pub(super) fn no_value() -> Self {
        Reason::NoValue.into()
    }

    #[cold]
    pub(super) fn extension() -> Self {
        Reason::Extension.into()
    }
}

impl From<Reason> for CodecError {
    fn from(reason: Reason) -> Self {
        Self(Box::new(reason))
    }
}

impl Display for CodecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Reason::Ended => f.write_str("the bytes end before the value does"),
            Reason::TooDeep => f.write_str("too many values are inside of each other"),
            Reason::Length { expected, found } => write!(f, "values inside: expected {expected}, found {found}"),
            Reason::TooLong => f.write_str("a length that 32 bits cannot say"),
            Reason::NotText => f.write_str("expected text, found bytes that are no UTF-8"),
            Reason::NoValue => f.write_str("expected a value, found a byte that begins none"),
            Reason::Extension => f.write_str("extension types of MessagePack are not kept"),
            Reason::Said(message) => f.write_str(message),
        }
    }
}

impl Error for CodecError {}

impl serde::ser::Error for CodecError {
    #[cold]
    fn custom<T: Display>(message: T) -> Self {
        Reason::Said(message.to_string()).into()
    }
}

impl serde::de::Error for CodecError {
    #[cold]
    fn custom<T: Display>(message: T) -> Self {
        Reason::Said(message.to_string()).into()
    }
}
