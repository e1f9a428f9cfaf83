//! All that generated code may name. Not part of the public interface: it changes without notice.

pub use core;
pub use core::future::Future;
pub use core::marker::Send;
pub use core::ops::FnMut;
pub use std;

pub use serde::Serialize;
pub use serde::de::DeserializeOwned;

pub use crate::__extractor as extractor;
pub use crate::assurance::Assurance;
pub use crate::codec::{Codec, Reader, Writer, read_with, write_with};
pub use crate::cookie::SameSite;
pub use crate::data::probe;
pub use crate::data::{Accessors, Field, Key, Need, OwnedData, OwnerField, Put, SessionData, Settings, View, none};
pub use crate::error::SessionError;
pub use crate::guard::{
    Answer, Anyone, Asked, Guard, Guarded, Holds, Is, Named, NoSession, NotNamed, Opened, Place, Refused, Reply,
    StrPlace, asks_for_something, checked, opened,
};
pub use crate::handle::{Done, Handle, Later};
pub use crate::rejection::{Head, Rejection};
pub use crate::session::Session;
#[cfg(feature = "axum")]
pub use crate::web::{AnswerWith, extracted};
#[cfg(feature = "actix")]
pub use crate::web::{Checking, checking};
#[cfg(feature = "actix")]
pub use actix_web::{Error, FromRequest, HttpRequest, dev::Payload};
#[cfg(feature = "axum")]
pub use axum_core::{extract::FromRequestParts, response::Response};
#[cfg(feature = "axum")]
pub use http::request::Parts;

/// The traits that make a response of what a `reject = …` function returned.
pub mod replies {
    pub use crate::guard::ReplyWithNone as _;
    #[cfg(feature = "actix")]
    pub use crate::web::ReplyWithActix as _;
    #[cfg(feature = "axum")]
    pub use crate::web::ReplyWithAxum as _;
    #[cfg(all(feature = "actix", feature = "axum"))]
    pub use crate::web::ReplyWithEither as _;
}

/// What the generated methods answer.
pub type Result<T, E = SessionError> = core::result::Result<T, E>;
