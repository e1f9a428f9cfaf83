//! All that generated code may name. Not part of the public interface: it changes without notice.

pub use core;
pub use std;

pub use serde::Serialize;
pub use serde::de::DeserializeOwned;

pub use crate::codec::{Codec, Reader, Writer, read_with, write_with};
pub use crate::cookie::SameSite;
pub use crate::data::probe;
pub use crate::data::{Accessors, Field, Handle, Key, Need, Put, SessionData, Settings, View};
pub use crate::error::SessionError;
pub use crate::guard::{Answer, Guard, Guarded, Holds, Is, Opened, Place, Reply, Subject, opened};
pub use crate::rejection::{Head, Rejection};
pub use crate::session::{Done, Session};
#[cfg(feature = "axum")]
pub use crate::web::{AnswerWith, ReplyWith};
