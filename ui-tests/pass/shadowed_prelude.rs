//! Every name of the prelude, and its macros, given to something else, beside modules that are called as the libraries are.
#![deny(warnings)]
#![allow(dead_code, unused_macros)]

macro_rules! nothing {
    ($d:tt $($name:ident)*) => {$(
        macro_rules! $name { ($d($d tokens:tt)*) => { this is no rust } }
    )*};
}

mod shadowed {
    nothing! { $ panic unreachable vec matches assert assert_eq write format todo unimplemented println concat stringify }

    struct AsMut;
    struct AsRef;
    struct Box;
    struct Clone;
    struct Copy;
    struct Debug;
    struct Default;
    struct DeserializeOwned;
    struct Drop;
    struct Duration;
    struct Eq;
    struct Err;
    struct Fn;
    struct FnMut;
    struct FnOnce;
    struct From;
    struct Future;
    struct Handle;
    struct Into;
    struct IntoIterator;
    struct Iterator;
    struct Later;
    struct None;
    struct Ok;
    struct Option;
    struct Ord;
    struct PartialEq;
    struct Result;
    struct Self_;
    struct Send;
    struct Serialize;
    struct Session;
    struct SessionData;
    struct SessionError;
    struct Sized;
    struct Some;
    struct String;
    struct Sync;
    struct ToOwned;
    struct ToString;
    struct TryFrom;
    struct TryInto;
    struct Vec;
    struct __R;
    mod alloc {}
    mod cloakroom {}
    mod core {}
    mod serde {}
    mod session_macros {}
    mod session_runtime {}
    mod std {}
    mod tokio {}

    #[derive(::cloakroom::SessionData)]
    #[session(
        cookie = "shop",
        idle = "30m",
        absolute = "12h",
        same_site = "none",
        path = "/",
        domain = "a.b",
        partitioned
    )]
    pub struct Shop {
        /// Who is signed in.
        #[session(owner, on_invalid = "default", rename = "user", alias = "id")]
        user_id: ::core::option::Option<u64>,
        #[session(default = 3)]
        value: u8,
        #[session(ttl = "10m")]
        view: u8,
        #[session(flash)]
        put: ::std::vec::Vec<::std::string::String>,
        #[session(with = "as_number", default)]
        change: u8,
        #[session(skip)]
        field0: u8,
        handle: u8,
        outer: ::std::boxed::Box<::core::option::Option<u8>>,
        inner0: [u8; 3],
    }

    mod as_number {
        pub(super) fn serialize<S: ::serde::Serializer>(value: &u8, to: S) -> ::core::result::Result<S::Ok, S::Error> {
            ::serde::Serialize::serialize(value, to)
        }

        pub(super) fn deserialize<'a, D: ::serde::Deserializer<'a>>(from: D) -> ::core::result::Result<u8, D::Error> {
            ::serde::Deserialize::deserialize(from)
        }
    }

    #[derive(::cloakroom::SessionData)]
    struct Wizard<T: ::core::clone::Clone, R, const N: usize> {
        step: T,
        answers: ::std::vec::Vec<R>,
        #[session(default = N)]
        left: usize,
    }

    fn turned_away(_: &::cloakroom::Rejection) -> &'static str {
        "no"
    }

    async fn fields(_: &::cloakroom::Session<Shop>) -> bool {
        true
    }

    #[::cloakroom::require_session(Shop, user_id, any(value = 3, not(view)), check = fields, fresh = "1h", reject = turned_away)]
    async fn guarded(#[session] user_id: u64) -> ::std::string::String {
        ::std::string::ToString::to_string(&user_id)
    }
}

fn main() {}
