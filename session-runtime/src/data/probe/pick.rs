//! Codec and unset value of a field: the real ones, or stubs beside a refusal.

use std::marker::PhantomData;

use serde::Serialize;

use super::OwnsItsData;
use crate::codec::Codec;

/// Takes the real codec where serde has one, else a stub that a failed probe keeps from ever being called.
pub struct Pick<T>(PhantomData<T>);

impl<T: Serialize + for<'de> OwnsItsData<'de>> Pick<T> {
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
