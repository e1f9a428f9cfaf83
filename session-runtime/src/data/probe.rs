//! One compile error per field that cannot be kept, at the field's type, naming the inner culprit.
//!
//! The derive emits, for each field, autoref probes: one for each type argument found in the field's tokens, innermost first,
//! then the field's type, then the unset value. Method resolution picks for each type the first trait below whose bounds hold.
//! A probe speaks only where the field's type is bad and no probe before it spoke, and it does so at its own type's token:
//! `report` demands a trait that no type implements, so that rustc prints the message written on it.
//! Codec and unset value themselves are taken by an inherent-over-trait associated constant ([`Pick`]): on a bad type the stub
//! is chosen, so the key still exists and nothing else fails.

use std::marker::PhantomData;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::codec::Codec;

/// Takes the real codec where serde has one, else a stub that a failed probe keeps from ever being called.
pub struct Pick<T>(PhantomData<T>);

impl<T: Serialize + DeserializeOwned> Pick<T> {
    /// The codec that serde gives.
    pub const CODEC: Codec<T> = Codec::SERDE;
}

/// The codec of a type that a probe refuses.
pub trait StubCodec<T> {
    /// Never called: the program does not compile.
    const CODEC: Codec<T> = Codec::new(|_, _| unreachable!("refused at compile time"), |_| unreachable!());
}

impl<T> StubCodec<T> for Pick<T> {}

/// Takes `T::default` where there is one.
pub struct PickUnset<T>(PhantomData<T>);

impl<T: Default> PickUnset<T> {
    /// `T::default`.
    pub const UNSET: fn() -> T = T::default;
}

/// The unset value of a type that a probe refuses.
pub trait StubUnset<T> {
    /// Never called: the program does not compile.
    const UNSET: fn() -> T = || unreachable!("refused at compile time");
}

impl<T> StubUnset<T> for PickUnset<T> {}

/// Nothing to complain of.
#[derive(Clone, Copy)]
pub struct Fine;

/// Asks what a type can do, by autoref: `(&&&&&Probe::<T>::NEW).kind()`.
pub struct Probe<T: ?Sized>(PhantomData<T>);

impl<T: ?Sized> Probe<T> {
    /// The question.
    pub const NEW: Self = Self(PhantomData);
}

/// Asks whether a type has a value for unset: `(&&ProbeUnset::<T>::NEW).unset_kind()`.
pub struct ProbeUnset<T>(PhantomData<T>);

impl<T> ProbeUnset<T> {
    /// The question.
    pub const NEW: Self = Self(PhantomData);
}

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
        pub trait $trait<T: ?Sized> {}

        impl<T: ?Sized> Clone for $finding<T> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<T: ?Sized> Copy for $finding<T> {}

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
        "`{T}` cannot be kept in a session: it can be written but not read back",
        "lacks `Deserialize`",
        "derive it: `#[derive(serde::Deserialize)]`; or keep the field out of the record with `#[session(skip)]`";
    NoSerialize, CanBeWritten:
        "`{T}` cannot be kept in a session: it can be read back but not written",
        "lacks `Serialize`",
        "derive it: `#[derive(serde::Serialize)]`; or keep the field out of the record with `#[session(skip)]`";
    NoSerde, CanBeKept:
        "`{T}` cannot be kept in a session: serde can neither write nor read it",
        "lacks `Serialize` and `Deserialize`",
        "keep the data it stands for (an id, a name), derive both on a type of your own, or leave the field out with `#[session(skip)]`";
    NotOwned, IsOwned:
        "`{T}` cannot be kept in a session: it is not `Send + Sync + 'static`",
        "tied to one thread, or borrowed",
        "keep an owned value that threads can share: `String` for `&str`, `Arc` for `Rc`";
    NoUnset, HasUnset:
        "a field of type `{T}` that nobody has set would have no value",
        "neither `Option<_>`, nor `Default`, nor `#[session(default = …)]`",
        "three ways out: make it an `Option<_>`, implement `Default` for the type, or give the field `#[session(default = …)]`";
}

// Written out: the compiler shows these lines to users, and would show the whole macro instead.
#[rustfmt::skip]
impl<T: ?Sized> NoDeserialize<T> {
    /// Makes the compiler speak.
    pub fn report(self) where Self: CanBeRead<T> {}
}

#[rustfmt::skip]
impl<T: ?Sized> NoSerialize<T> {
    /// Makes the compiler speak.
    pub fn report(self) where Self: CanBeWritten<T> {}
}

#[rustfmt::skip]
impl<T: ?Sized> NoSerde<T> {
    /// Makes the compiler speak.
    pub fn report(self) where Self: CanBeKept<T> {}
}

#[rustfmt::skip]
impl<T: ?Sized> NotOwned<T> {
    /// Makes the compiler speak.
    pub fn report(self) where Self: IsOwned<T> {}
}

#[rustfmt::skip]
impl<T: ?Sized> NoUnset<T> {
    /// Makes the compiler speak.
    pub fn report(self) where Self: HasUnset<T> {}
}

macro_rules! kinds {
    ($ask:ident: $($trait:ident for $probe:ty: $finding:ty, $made:expr, [$($bound:tt)*];)*) => {$(
        #[doc = "One answer to a probe; the first whose bounds hold wins."]
        pub trait $trait {
            /// The finding.
            type Finding;
            /// The finding.
            fn $ask(&self) -> Self::Finding;
        }

        impl<T: $($bound)*> $trait for $probe {
            type Finding = $finding;
            fn $ask(&self) -> $finding {
                $made
            }
        }
    )*};
}

kinds! { kind:
    Kept for &&&&Probe<T>: Fine, Fine, [Serialize + DeserializeOwned + Send + Sync + 'static];
    Tied for &&&Probe<T>: NotOwned<T>, NotOwned(PhantomData), [Serialize + DeserializeOwned];
    WriteOnly for &&Probe<T>: NoDeserialize<T>, NoDeserialize(PhantomData), [Serialize + ?Sized];
    ReadOnly for &Probe<T>: NoSerialize<T>, NoSerialize(PhantomData), [DeserializeOwned];
    Neither for Probe<T>: NoSerde<T>, NoSerde(PhantomData), [?Sized];
}

// Of another name, so that the compiler does not try these for the question above as well.
kinds! { unset_kind:
    Defaulted for &ProbeUnset<T>: Fine, Fine, [Default];
    Undefaulted for ProbeUnset<T>: NoUnset<T>, NoUnset(PhantomData), [Sized];
}
