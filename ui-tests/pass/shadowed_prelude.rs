//! Names that the prelude has, given to something else.
#![allow(dead_code)]

mod shadowed {
    use cloakroom::{Session, SessionData, require_session};

    struct Option;
    struct Result;
    struct Vec;
    struct Box;
    struct String;
    struct Send;
    struct Sync;
    struct Default;
    struct Into;
    struct FnMut;
    struct Some;
    struct None;
    struct Ok;
    struct Err;
    mod core {}
    mod std {}

    #[derive(SessionData)]
    pub struct Shop {
        #[session(owner)]
        user_id: ::core::option::Option<u64>,
        #[session(default = 3)]
        value: u8,
        #[session(ttl = "10m")]
        view: u8,
        #[session(skip)]
        field0: u8,
        handle: u8,
    }

    fn turned_away(_: &cloakroom::Rejection) -> &'static str {
        "no"
    }

    async fn fields(_: &Session<Shop>) -> bool {
        true
    }

    #[require_session(Shop, user_id, any(value = 3, not(view)), check = fields, fresh = "1h", reject = turned_away)]
    async fn guarded(#[session] user_id: u64) -> ::std::string::String {
        ::std::string::ToString::to_string(&user_id)
    }
}

fn main() {}
