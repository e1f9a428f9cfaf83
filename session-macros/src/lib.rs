//! The macros of [cloakroom](https://docs.rs/cloakroom): use them from there.
//!
//! Both read as a sentence: parse, check, expand. What cannot be right is reported where it was written, all of it at once;
//! what is emitted then still has the right signatures, so that one mistake is one message.

use proc_macro::TokenStream;

mod ctxt;
mod data;
mod duration;
mod entry;
mod guard;
mod suggest;
mod tokens;

#[cfg(test)]
mod snapshot;

/// Makes a struct the data of a session: `Session<Shop>` gets typed methods for each field.
///
/// On the struct: `#[session(cookie = "…", idle = "30m", absolute = "12h", same_site = "lax|strict|none", path = "/…",
/// domain = "…", partitioned, crate = "…")]`. On a field: `#[session(default = expr, rename = "…", alias = "…", flash,
/// ttl = "10m", skip, with = "module", on_invalid = "default", owner, accessor = "…")]`.
#[proc_macro_derive(SessionData, attributes(session))]
pub fn derive_session_data(input: TokenStream) -> TokenStream {
    data::expand(input.into()).into()
}

/// Lets a request reach the handler only if its session holds what the handler needs.
///
/// `#[require_session(Shop, user_id, role = Role::Admin, redirect = "/login")]`: first the session's type, then the needs (a
/// field that must be set, `field = PATTERN`, `check = path::to::async_fn`, `fresh = "10m"`, grouped by `any(…)`, `all(…)` and
/// `not(…)`), then what a request gets that is turned away: `redirect = "/login"` or `reject = path::to::fn`. A parameter
/// marked `#[session]` is bound to the field of its name, without its `Option`.
#[proc_macro_attribute]
pub fn require_session(args: TokenStream, item: TokenStream) -> TokenStream {
    guard::expand(args.into(), item.into()).into()
}
