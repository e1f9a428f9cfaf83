//! One compile error per field that cannot be kept, at the field's type, naming the inner culprit.
//!
//! The derive emits, for each field, autoref probes: one for each type argument found in the field's tokens, innermost first,
//! then the field's type, then the unset value. Method resolution picks for each type the first trait below whose bounds hold.
//! A probe speaks only where the field's type is bad and no probe before it spoke, and it does so at its own type's token:
//! `report` demands a trait that no type implements, so that rustc prints the message written on it. What a type argument is for,
//! and what its name says (a map's key, an `Rc`), the derive reads off the tokens: it then asks more, or has another thing to say.
//! Codec and unset value themselves are taken by an inherent-over-trait associated constant ([`Pick`]): on a bad type the stub
//! is chosen, so the key still exists and nothing else fails.
//!
//! The messages stand here, and nowhere else. So do the traits that rustc names beside them, for a short path.

use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

mod asks;
mod pick;

pub use asks::{Probe, ProbeHash, ProbeHasher, ProbeOrder, ProbeUnset, questions};
pub use pick::{Pick, PickUnset, StubCodec, StubUnset};

/// `Deserialize`, under a name that explains itself where a type can only borrow (`&'static str`): method resolution looks at no
/// lifetimes, so that a probe finds nothing wrong with it, and what rustc then says of [`Pick`] is this trait's name.
pub trait OwnsItsData<'de>: Deserialize<'de> {}

impl<'de, T: Deserialize<'de>> OwnsItsData<'de> for T {}

/// What no probe can ask, since the type has a parameter of the struct: that has to be a bound, and one that speaks once.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be kept in a session: it lacks `Serialize` or `Deserialize`, or is not `Send + Sync + 'static`",
    label = "a field of this session would be of type `{Self}`",
    note = "derive them on a type of your own: `#[derive(serde::Deserialize, serde::Serialize)]`"
)]
pub trait Keep: Serialize + DeserializeOwned + Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned + Send + Sync + 'static> Keep for T {}

/// The same, of the value for unset.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` that nobody has set would have no value",
    label = "a field of this session would be of type `{Self}`, which lacks `Default`",
    note = "three ways out: make the field an `Option<_>`, implement `Default` for the type, or give the field `#[session(default = …)]`"
)]
pub trait Unset: Default {}

#[diagnostic::do_not_recommend]
impl<T: Default> Unset for T {}

/// Nothing to complain of.
pub struct Fine;

/// A finding: keeps itself, or gives way to the next one.
pub trait Finding {
    /// What `or` gives.
    type Or<B>;
    /// What `then` gives.
    type Then<B>;
    /// What `inner` gives.
    type Inner<B>;
    /// This finding, or `next` where this is fine.
    fn or<B>(self, next: B) -> Self::Or<B>;
    /// `next` where this is fine, else nothing more: this was said already.
    fn then<B>(self, next: B) -> Self::Then<B>;
    /// Fine where this is fine, else the finding about a type inside it.
    fn inner<B>(self, culprit: B) -> Self::Inner<B>;
}

impl Finding for Fine {
    type Or<B> = B;
    type Then<B> = B;
    type Inner<B> = Fine;
    fn or<B>(self, next: B) -> B {
        next
    }
    fn then<B>(self, next: B) -> B {
        next
    }
    fn inner<B>(self, _: B) -> Fine {
        Fine
    }
}

impl Fine {
    /// Says nothing.
    pub fn report(self) {}
}

macro_rules! findings {
    ($($finding:ident, $trait:ident: $message:literal, $label:literal, $note:literal;)*) => {$(
        #[doc = $label]
        pub struct $finding<T: ?Sized>(PhantomData<T>);

        #[doc = "Implemented by nothing: its message is what a user reads."]
        #[diagnostic::on_unimplemented(message = $message, label = $label, note = $note)]
        pub trait $trait {}

        impl<T: ?Sized> $finding<T> {
            #[doc = "The finding."]
            pub const NEW: Self = Self(PhantomData);
        }

        impl<T: ?Sized> Finding for $finding<T> {
            type Or<B> = Self;
            type Then<B> = Fine;
            type Inner<B> = B;
            fn or<B>(self, _: B) -> Self {
                self
            }
            fn then<B>(self, _: B) -> Fine {
                Fine
            }
            fn inner<B>(self, culprit: B) -> B {
                culprit
            }
        }
    )*};
}

findings! {
    NoDeserialize, CanBeRead:
        "`{Self}` cannot be kept in a session: it can be written but not read back",
        "lacks `Deserialize`",
        "derive it on a type of your own: `#[derive(serde::Deserialize)]`; or keep the field out of the session with `#[session(skip)]`";
    NoSerialize, CanBeWritten:
        "`{Self}` cannot be kept in a session: it can be read back but not written",
        "lacks `Serialize`",
        "derive it on a type of your own: `#[derive(serde::Serialize)]`; or keep the field out of the session with `#[session(skip)]`";
    NoSerde, CanBeKept:
        "`{Self}` cannot be kept in a session: serde can neither write nor read it",
        "lacks `Serialize` and `Deserialize`",
        "derive them on a type of your own: `#[derive(serde::Deserialize, serde::Serialize)]`; in place of another crate's type, keep what it stands for (an id, a name); or keep the field out of the session with `#[session(skip)]`, as an `Option<_>` if it lacks `Default`";
    NotOwned, IsOwned:
        "`{Self}` cannot be kept in a session: it is not `Send + Sync + 'static`",
        "tied to one thread, or borrowed",
        "keep an owned value that threads can share: `String` for `&str`, `Arc` for `Rc`, an atomic or a `Mutex` for a `Cell`";
    Nested, IsFlat:
        "`{Self}` cannot be kept in a session: once stored, `Some(None)` reads back as `None`",
        "an `Option` in an `Option`",
        "say `Option<T>`, or keep an enum that names the three cases";
    NoUnset, HasUnset:
        "a field of type `{Self}` that nobody has set would have no value",
        "neither `Option<_>`, nor `Default`, nor `#[session(default = …)]`",
        "three ways out: make it an `Option<_>`, implement `Default` for the type, or give the field `#[session(default = …)]`";
    NoHash, IsHashed:
        "`{Self}` cannot be the key of a map that is read back: it lacks `Eq` or `Hash`",
        "a key has to be compared and hashed",
        "derive them on a type of your own: `#[derive(PartialEq, Eq, Hash)]`";
    NoOrder, IsOrdered:
        "`{Self}` cannot be the key of a map that is read back: it lacks `Ord`",
        "a key has to be put in order",
        "derive them on a type of your own: `#[derive(PartialEq, Eq, PartialOrd, Ord)]`";
    NoHasher, MakesHashers:
        "`{Self}` cannot be the hasher of a map that is read back: nothing says how to make a new one",
        "lacks `Default`, or is no `BuildHasher`",
        "implement `Default` for it; or leave it out, for the hasher of the standard library";
    Counted, IsNotCounted:
        "`{Self}` cannot be kept in a session: an `Rc` never leaves its thread",
        "shares its value within one thread",
        "keep the value itself, without `Rc`";
    CountedByThreads, IsNotShared:
        "`{Self}` cannot be kept in a session: serde leaves `Arc` out",
        "needs serde's feature `rc`",
        "keep the value itself, `String` for `Arc<str>`; or turn on that feature: `cargo add serde --features rc`";
    LongArray, IsShort:
        "`{Self}` cannot be kept in a session: serde keeps arrays of up to 32 values",
        "too long for serde",
        "say `Vec<_>`, or name a module of your own that stores it: `#[session(with = \"path::to::module\")]`";
    Dynamic, IsOfOneType:
        "`{Self}` cannot be kept in a session: nothing says what type to read it back as",
        "one of many types",
        "keep an enum of the types that it can be, or name a module of your own that stores it: `#[session(with = \"path::to::module\")]`";
}

// Written out: the compiler shows these lines to users, and would show the whole macro instead.
#[rustfmt::skip]
impl<T: ?Sized> NoDeserialize<T> {
    /// Makes the compiler speak.
    pub fn report(self) where T: CanBeRead {}
}

#[rustfmt::skip]
impl<T: ?Sized> NoSerialize<T> {
    /// Makes the compiler speak.
    pub fn report(self) where T: CanBeWritten {}
}

#[rustfmt::skip]
impl<T: ?Sized> NoSerde<T> {
    /// Makes the compiler speak.
    pub fn report(self) where T: CanBeKept {}
}

#[rustfmt::skip]
impl<T: ?Sized> NotOwned<T> {
    /// Makes the compiler speak.
    pub fn report(self) where T: IsOwned {}
}

#[rustfmt::skip]
impl<T: ?Sized> Nested<T> {
    /// Makes the compiler speak.
    pub fn report(self) where T: IsFlat {}
}

#[rustfmt::skip]
impl<T: ?Sized> NoUnset<T> {
    /// Makes the compiler speak.
    pub fn report(self) where T: HasUnset {}
}

#[rustfmt::skip]
impl<T: ?Sized> NoHash<T> {
    /// Makes the compiler speak.
    pub fn report(self) where T: IsHashed {}
}

#[rustfmt::skip]
impl<T: ?Sized> NoOrder<T> {
    /// Makes the compiler speak.
    pub fn report(self) where T: IsOrdered {}
}

#[rustfmt::skip]
impl<T: ?Sized> NoHasher<T> {
    /// Makes the compiler speak.
    pub fn report(self) where T: MakesHashers {}
}

#[rustfmt::skip]
impl<T: ?Sized> Counted<T> {
    /// Makes the compiler speak.
    pub fn report(self) where T: IsNotCounted {}
}

#[rustfmt::skip]
impl<T: ?Sized> CountedByThreads<T> {
    /// Makes the compiler speak.
    pub fn report(self) where T: IsNotShared {}
}

#[rustfmt::skip]
impl<T: ?Sized> LongArray<T> {
    /// Makes the compiler speak.
    pub fn report(self) where T: IsShort {}
}

#[rustfmt::skip]
impl<T: ?Sized> Dynamic<T> {
    /// Makes the compiler speak.
    pub fn report(self) where T: IsOfOneType {}
}
