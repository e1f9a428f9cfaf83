//! A crate without a prelude.
#![deny(warnings)]
#![no_implicit_prelude]
#![allow(dead_code)]

#[derive(::cloakroom::SessionData)]
#[session(idle = "30m")]
struct Shop {
    #[session(owner)]
    user_id: ::std::option::Option<u64>,
    cart: ::std::vec::Vec<::std::string::String>,
    #[session(default = 3, ttl = "10m")]
    left: u8,
    #[session(skip)]
    marker: ::std::marker::PhantomData<u8>,
}

#[::cloakroom::require_session(Shop, user_id, any(left = 1.., not(cart)))]
async fn guarded(#[session] user_id: u64) -> ::std::string::String {
    ::std::string::ToString::to_string(&user_id)
}

fn main() {}
