//! The typed face of a record: keys, and the trait that the derive implements.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use bytes::Bytes;

use crate::assurance::Assurance;
use crate::codec::{Codec, NIL};
use crate::cookie::SameSite;
use crate::error::{BoxError, SessionError};
pub use crate::field::Field;
use crate::handle::Handle;

pub mod probe;

/// What a type of session keeps, and for how long. Implemented by `#[derive(SessionData)]` alone.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not session data",
    label = "lacks `#[derive(SessionData)]`",
    note = "derive it on the struct whose fields the session keeps: `#[derive(cloakroom::SessionData)]`"
)]
pub trait SessionData: Sized + 'static {
    /// The generated methods: what `Session<Self>` dereferences to.
    type Accessors: Accessors<Self>;
    /// One [`Need`] per field, by the field's name.
    #[doc(hidden)]
    type Fields;
    /// What guards look fields up in, so that a field which does not exist is refused by the compiler itself, with those that do.
    #[doc(hidden)]
    const FIELDS: Self::Fields;
    /// The session's name, and its cookie's without a prefix.
    const NAME: &'static str;
    /// What the struct's attribute says of lifetimes and cookie.
    const SETTINGS: Settings;
    /// Every stored field.
    const STORED: &'static [Field];

    /// Reads every field. What fails is noted in `view`, and the value is then worth nothing.
    #[doc(hidden)]
    fn assemble(view: &mut View<'_>) -> Self;

    /// Writes every field. What fails is noted in `put`.
    #[doc(hidden)]
    fn disassemble(self, put: &mut Put<'_>);
}

/// Session data that says whose it is. Implemented by `#[derive(SessionData)]` for a struct with a field `#[session(owner)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say whose session it is",
    label = "no field of it is marked `#[session(owner)]`",
    note = "mark the one that says who is signed in: `#[session(owner)] user_id: Option<u64>`"
)]
pub trait OwnedData: SessionData {
    /// What an owner is known by: the type of that field, without its `Option`.
    type Owner;
    /// That field.
    #[doc(hidden)]
    const OWNER: OwnerField<Self::Owner>;
}

/// The field that says whose session it is, and how an owner is written in it.
#[doc(hidden)]
pub struct OwnerField<T> {
    pub(crate) field: &'static Field,
    codec: Codec<T>,
}

impl<T> OwnerField<T> {
    pub const fn new(field: &'static Field, codec: Codec<T>) -> Self {
        Self { field, codec }
    }

    /// The bytes that the field has in the sessions of this owner.
    pub(crate) fn write(&self, owner: &T) -> Result<Vec<u8>, BoxError> {
        let mut out = Vec::new();
        (self.codec.encode)(owner, &mut out).map(|()| out)
    }

    /// Whose session it is that has these fields.
    pub(crate) fn read(&self, stored: impl FnOnce(&Field) -> Option<Bytes>) -> Result<Option<T>, SessionError> {
        let Some(bytes) = stored(self.field) else { return Ok(None) };
        let read = (self.codec.decode)(&bytes).map(Some);
        read.map_err(|source| SessionError::Decode { field: self.field.name, source: self.field.shown(source) })
    }
}

/// What `#[session(…)]` on the struct says. Empty where it says nothing.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Settings {
    /// The longest pause between two requests.
    pub idle: Option<Duration>,
    /// The longest life after sign-in, whatever happens.
    pub absolute: Option<Duration>,
    /// The assurance level whose limits hold.
    pub assurance: Option<Assurance>,
    /// The cookie's `SameSite`.
    pub same_site: Option<SameSite>,
    /// The cookie's `Path`.
    pub path: Option<&'static str>,
    /// The cookie's `Domain`.
    pub domain: Option<&'static str>,
    /// The cookie's `Partitioned`.
    pub partitioned: bool,
}

impl Settings {
    /// Nothing said.
    pub const fn new() -> Self {
        Self {
            idle: None,
            absolute: None,
            assurance: None,
            same_site: None,
            path: None,
            domain: None,
            partitioned: false,
        }
    }

    /// `idle = "…"`.
    pub const fn with_idle(mut self, idle: Duration) -> Self {
        self.idle = Some(idle);
        self
    }

    /// `absolute = "…"`.
    pub const fn with_absolute(mut self, absolute: Duration) -> Self {
        self.absolute = Some(absolute);
        self
    }

    /// `assurance = "…"`.
    pub const fn with_assurance(mut self, assurance: Assurance) -> Self {
        self.assurance = Some(assurance);
        self
    }

    /// `same_site = "…"`.
    pub const fn with_same_site(mut self, same_site: SameSite) -> Self {
        self.same_site = Some(same_site);
        self
    }

    /// `path = "…"`.
    pub const fn with_path(mut self, path: &'static str) -> Self {
        self.path = Some(path);
        self
    }

    /// `domain = "…"`.
    pub const fn with_domain(mut self, domain: &'static str) -> Self {
        self.domain = Some(domain);
        self
    }

    /// `partitioned`.
    pub const fn with_partitioned(mut self) -> Self {
        self.partitioned = true;
        self
    }
}

/// The generated methods of one session type.
#[doc(hidden)]
pub trait Accessors<D>: Send + Sync + 'static {
    fn new(handle: Handle<D>) -> Self;
    fn handle(&self) -> &Handle<D>;
}

/// One field of `D`, of type `T`. The derive makes one constant per field (`Shop::CART`); generic code takes them.
///
/// ```
/// use cloakroom::{Key, Session, SessionData, SessionError};
///
/// #[derive(SessionData)]
/// struct Shop { visits: u64, searches: u64 }
///
/// async fn count(session: &Session<Shop>, what: Key<Shop, u64>) -> Result<(), SessionError> {
///     session.update(what, |number| *number += 1).await
/// }
///
/// async fn search(session: Session<Shop>) -> Result<(), SessionError> {
///     count(&session, Shop::SEARCHES).await
/// }
/// ```
pub struct Key<D, T> {
    pub(crate) field: &'static Field,
    codec: Codec<T>,
    unset: fn() -> T,
    data: PhantomData<fn() -> D>,
}

impl<D, T> Clone for Key<D, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D, T> Copy for Key<D, T> {}

impl<D, T> fmt::Debug for Key<D, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.field.name)
    }
}

impl<D, T> Key<D, T> {
    #[doc(hidden)]
    pub const fn new(field: &'static Field, codec: Codec<T>, unset: fn() -> T) -> Self {
        Self { field, codec, unset, data: PhantomData }
    }

    /// The name that the field is stored under.
    pub const fn name(&self) -> &'static str {
        self.field.name
    }

    /// The same key of no session in particular.
    pub(crate) const fn untyped(self) -> Key<(), T> {
        Key { field: self.field, codec: self.codec, unset: self.unset, data: PhantomData }
    }

    /// The value in `stored`, or the unset value.
    pub(crate) fn read(&self, stored: Option<&[u8]>) -> Result<T, SessionError> {
        Ok(self.read_set(stored)?.unwrap_or_else(self.unset))
    }

    /// The value in `stored`; `None` where there is none, or none that counts.
    pub(crate) fn read_set(&self, stored: Option<&[u8]>) -> Result<Option<T>, SessionError> {
        self.read_by(stored, self.field.lenient)
    }

    fn read_by(&self, stored: Option<&[u8]>, lenient: bool) -> Result<Option<T>, SessionError> {
        let Some(bytes) = stored else { return Ok(None) };
        match (self.codec.decode)(bytes) {
            Ok(value) => Ok(Some(value)),
            Err(error) if lenient => {
                let error = self.field.shown(error);
                tracing::warn!(field = self.field.name, %error, "a stored session field no longer reads as its type; it counts as unset");
                Ok(None)
            }
            Err(source) => Err(SessionError::Decode { field: self.field.name, source: self.field.shown(source) }),
        }
    }

    /// The bytes to store for `value`; `None` to store nothing.
    pub(crate) fn write(&self, value: &T) -> Result<Option<Bytes>, SessionError> {
        let mut out = Vec::new();
        match (self.codec.encode)(value, &mut out) {
            Ok(()) if out == NIL && !self.field.keeps_nil => Ok(None),
            Ok(()) => Ok(Some(out.into())),
            Err(source) => Err(SessionError::Encode { field: self.field.name, source: self.field.shown(source) }),
        }
    }
}

/// One field as guards see it: of type `T`, worth a `V` once it is set (`V` is `T` without its `Option`).
///
/// The derive makes one per field, in [`SessionData::FIELDS`].
#[doc(hidden)]
pub struct Need<D, T, V> {
    pub(crate) key: Key<D, T>,
    pub(crate) open: fn(T) -> Option<V>,
}

impl<D, T, V> Clone for Need<D, T, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D, T, V> Copy for Need<D, T, V> {}

impl<D, T> Need<D, T, T> {
    /// Of a field that is worth itself.
    pub const fn new(key: Key<D, T>) -> Self {
        Self { key, open: Some }
    }
}

impl<D, T> Need<D, Option<T>, T> {
    /// Of an `Option`.
    pub const fn optional(key: Key<D, Option<T>>) -> Self {
        Self { key, open: |value| value }
    }
}

impl<D, T, V> Need<D, T, V> {
    /// The name that the field is stored under.
    pub const fn name(&self) -> &'static str {
        self.key.name()
    }
}

/// What a plain `Option` reads as that nobody has set.
#[doc(hidden)]
pub fn none<T>() -> Option<T> {
    None
}

/// A record, as a snapshot reads it.
///
/// It keeps the first failure itself, and answers with an unset value then: a `?` for each field of each struct would be the
/// dearest part of the generated code to compile.
#[doc(hidden)]
pub struct View<'a> {
    stored: &'a dyn Fn(&Field) -> Option<Bytes>,
    /// What does not read as its type is a failure, whatever the field says.
    strict: bool,
    failure: Option<SessionError>,
}

impl<'a> View<'a> {
    /// Reads a whole struct.
    pub(crate) fn read<D: SessionData>(stored: &'a dyn Fn(&Field) -> Option<Bytes>) -> Result<D, SessionError> {
        Self { stored, strict: false, failure: None }.whole()
    }

    /// Does all read as its type, also that which would count as unset otherwise?
    #[cfg(feature = "debug-view")]
    pub(crate) fn is_readable<D: SessionData>(stored: &'a dyn Fn(&Field) -> Option<Bytes>) -> bool {
        Self { stored, strict: true, failure: None }.whole::<D>().is_ok()
    }

    fn whole<D: SessionData>(self) -> Result<D, SessionError> {
        let mut view = self;
        let whole = D::assemble(&mut view);
        view.failure.map_or(Ok(whole), Err)
    }

    /// Reads one field.
    pub fn get<D, T>(&mut self, key: Key<D, T>) -> T {
        self.read_field(key.untyped())
    }

    fn read_field<T>(&mut self, key: Key<(), T>) -> T {
        let stored = (self.stored)(key.field);
        let read = key.read_by(stored.as_deref(), key.field.lenient && !self.strict);
        let set = read.unwrap_or_else(|error| {
            self.failure.get_or_insert(error);
            None
        });
        set.unwrap_or_else(key.unset)
    }
}

/// A patch, as whole values are written to it. It keeps the first failure itself, as [`View`] does.
#[doc(hidden)]
pub struct Put<'a> {
    put: &'a mut dyn FnMut(&'static Field, Option<Bytes>),
    failure: Option<SessionError>,
}

impl<'a> Put<'a> {
    /// Writes a whole struct.
    pub(crate) fn write<D: SessionData>(
        data: D,
        put: &'a mut dyn FnMut(&'static Field, Option<Bytes>),
    ) -> Result<(), SessionError> {
        let mut all = Self { put, failure: None };
        data.disassemble(&mut all);
        all.failure.map_or(Ok(()), Err)
    }

    /// Writes one field.
    pub fn set<D, T>(&mut self, key: Key<D, T>, value: &T) {
        self.write_field(key.untyped(), value);
    }

    fn write_field<T>(&mut self, key: Key<(), T>, value: &T) {
        match key.write(value) {
            Ok(bytes) => (self.put)(key.field, bytes),
            Err(error) => {
                self.failure.get_or_insert(error);
            }
        }
    }
}
