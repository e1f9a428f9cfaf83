//! What is asked of a type: autoref picks the first answer whose bounds hold.

use std::hash::{BuildHasher, Hash};
use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{Fine, Nested, NoDeserialize, NoHash, NoHasher, NoOrder, NoSerde, NoSerialize, NoUnset, NotOwned};

/// The traits that ask, for generated code to bring in without their names.
pub mod questions {
    pub use super::super::Finding as _;
    pub use super::{
        Defaulted as _, Flat as _, Hashed as _, Hashes as _, Hashless as _, Kept as _, Neither as _, Ordered as _,
        ReadOnly as _, Tied as _, Undefaulted as _, Unhashed as _, Unordered as _, WriteOnly as _,
    };
}

macro_rules! probes {
    ($($probe:ident[$($bound:tt)*]: $doc:literal;)*) => {$(
        #[doc = $doc]
        pub struct $probe<T: $($bound)*>(PhantomData<T>);

        impl<T: $($bound)*> $probe<T> {
            #[doc = "The question."]
            pub const NEW: Self = Self(PhantomData);
        }
    )*};
}

probes! {
    Probe[?Sized]: "Asks what a type can do, by autoref: `(&&&&&&Probe::<T>::NEW).kind()`.";
    ProbeUnset[Sized]: "Asks whether a type has a value for unset: `(&&ProbeUnset::<T>::NEW).kind()`.";
    ProbeHash[?Sized]: "Asks whether a type can be the key of a hash map, in the same way.";
    ProbeOrder[?Sized]: "Asks whether a type can be the key of a sorted map.";
    ProbeHasher[Sized]: "Asks whether a type can hash the keys of a map that is read back.";
}

macro_rules! kinds {
    ($($trait:ident for $probe:ty: $finding:ty, $made:expr, [$($bound:tt)*];)*) => {$(
        #[doc = "One answer to [`Probe`]; the first whose bounds hold wins."]
        pub trait $trait {
            /// The finding.
            type Finding;
            /// The finding.
            fn kind(&self) -> Self::Finding;
        }

        impl<T: $($bound)*> $trait for $probe {
            type Finding = $finding;
            fn kind(&self) -> $finding {
                $made
            }
        }
    )*};
}

kinds! {
    Flat for &&&&&Probe<Option<Option<T>>>: Nested<Option<Option<T>>>, Nested::NEW, [Sized];
    Kept for &&&&Probe<T>: Fine, Fine, [Serialize + Deserialize<'static> + Send + Sync + 'static];
    Tied for &&&Probe<T>: NotOwned<T>, NotOwned::NEW, [Serialize + DeserializeOwned];
    WriteOnly for &&Probe<T>: NoDeserialize<T>, NoDeserialize::NEW, [Serialize + ?Sized];
    ReadOnly for &Probe<T>: NoSerialize<T>, NoSerialize::NEW, [DeserializeOwned];
    Neither for Probe<T>: NoSerde<T>, NoSerde::NEW, [?Sized];
    Defaulted for &ProbeUnset<T>: Fine, Fine, [Default];
    Undefaulted for ProbeUnset<T>: NoUnset<T>, NoUnset::NEW, [Sized];
    Hashed for &ProbeHash<T>: Fine, Fine, [Eq + Hash + ?Sized];
    Unhashed for ProbeHash<T>: NoHash<T>, NoHash::NEW, [?Sized];
    Ordered for &ProbeOrder<T>: Fine, Fine, [Ord + ?Sized];
    Unordered for ProbeOrder<T>: NoOrder<T>, NoOrder::NEW, [?Sized];
    Hashes for &ProbeHasher<T>: Fine, Fine, [BuildHasher + Default];
    Hashless for ProbeHasher<T>: NoHasher<T>, NoHasher::NEW, [Sized];
}
