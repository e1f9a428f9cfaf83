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
/// For a field `cart: T` these are `cart()`, `set_cart(value)`, `update_cart(change)`, `take_cart()`, `clear_cart()` and
/// `has_cart()`, as visible as the field, and the struct gets the key `Shop::CART` for generic code.
///
/// ```
/// use cloakroom::{Session, SessionData, SessionError};
///
/// #[derive(SessionData)]
/// #[session(cookie = "shop", idle = "30m", absolute = "12h")]
/// struct Shop {
///     #[session(owner)]
///     user_id: Option<u64>,
///     cart: Vec<String>,
/// }
///
/// async fn add(session: &Session<Shop>, item: &str) -> Result<usize, SessionError> {
///     session.update_cart(|cart| { cart.push(item.to_owned()); cart.len() }).await
/// }
/// ```
///
/// On the struct:
///
/// | `#[session(…)]` | meaning |
/// |---|---|
/// | `cookie = "shop"` | the session's name, and its cookie's without a prefix; default: the struct's name, `ShopData` as `shop-data` |
/// | `idle = "30m"` | the longest pause between two requests; default: 2 hours, or `absolute` where that is shorter |
/// | `absolute = "12h"` | the longest life, whatever happens; default: 14 days, at most 400 |
/// | `assurance = "aal2"` | the lifetimes of an [assurance level](https://docs.rs/cloakroom/latest/cloakroom/enum.Assurance.html) of NIST SP 800-63B-4, in place of `idle` and `absolute`: `"aal1"`, `"aal2"` or `"aal3"` |
/// | `same_site = "lax"` | the default; or `"strict"`; or `"none"`, beside `partitioned`, for a page that other sites embed |
/// | `path = "/shop"`, `domain = "example.com"`, `partitioned` | the cookie's attributes of these names |
/// | `crate = "path::to::cloakroom"` | where the library is, if not at `::cloakroom` |
///
/// On a field:
///
/// | `#[session(…)]` | meaning |
/// |---|---|
/// | `default = expr` | what the field reads as while it is not set; `default` alone is `T::default()` |
/// | `rename = "userId"` | the name that it is stored under |
/// | `alias = "user"` | a name that older versions stored it under; may be repeated |
/// | `flash` | reading clears it; a response with a 5xx status shows it again |
/// | `ttl = "10m"` | each value lives this long; adds `set_cart_for(value, duration)` |
/// | `owner` | says whose session it is: setting it gives a new token. Set it before the other fields: what was set earlier goes where the owner changes. To sign out call `destroy()`: clearing the owner keeps the data |
/// | `secret` | `debug_view` and error texts never show its value |
/// | `on_invalid = "default"` | what no longer decodes reads as unset, instead of being an error |
/// | `with = "module"` | `module::serialize` and `module::deserialize` store it, as with serde |
/// | `accessor = "basket"` | the methods' base name: `basket()`, `set_basket(…)`, … |
/// | `skip` | not stored: no methods, and its default in a snapshot |
///
/// Durations are whole numbers with units (`ms`, `s`, `m`, `h`, `d`, `w`), or sums of them: `"1h30m"`.
#[proc_macro_derive(SessionData, attributes(session))]
pub fn derive_session_data(input: TokenStream) -> TokenStream {
    data::expand(input.into()).into()
}

/// Lets a request reach an async handler only if its session holds what the handler needs.
///
/// ```
/// use cloakroom::{Session, SessionData, SessionError, require_session};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Default, Serialize, Deserialize)]
/// enum Role { #[default] Customer, Admin }
///
/// #[derive(SessionData)]
/// struct Shop {
///     #[session(owner)]
///     user_id: Option<u64>,
///     role: Role,
///     visits: u32,
/// }
///
/// #[require_session(Shop, user_id, role = Role::Admin, redirect = "/login")]
/// async fn admin(session: Session<Shop>, #[session] user_id: u64) -> Result<String, SessionError> {
///     Ok(format!("user {user_id}, visit {}", session.visits().await?))
/// }
/// ```
///
/// A role that is copied into the session at sign-in, as here, stays what it was until the next sign-in: where a demotion must
/// take effect at once, ask the database in a `check`, or end that user's sessions.
///
/// First comes the session's type, then what it must have, checked in this order:
///
/// | need | holds where |
/// |---|---|
/// | `user_id` | the field is set |
/// | `role = Role::Admin` | it is set, and its value, without an `Option`, matches the pattern; a `String` is matched as `str` |
/// | `check = path::to::async_fn` | `async_fn(&session).await` answers `true` or `Ok(true)` |
/// | `fresh = "10m"` | the visitor proved who they are within this time |
/// | `Admin` | the guard of that name holds: see [`session_guard`](macro@session_guard) |
/// | `any(…)`, `all(…)`, `not(…)` | one of them holds, all of them do, it does not |
///
/// The words win over fields of the same name; `r#check` is the field. A guard with a name may also stand first, alone or before
/// further needs: it says whose session it is. `#[require_session(Admin, fresh = "10m")]`.
///
/// What lacks a need gets 401, and what has it with another value gets 403; nothing of the body is read before. The answer is a page,
/// a problem in JSON (RFC 9457) or a line of text, as the request's `Accept` asks, and a 401 says by `WWW-Authenticate` how to sign
/// in. `with_rejection` of the layer or middleware answers for all guards that say no `reject`. With
/// `redirect = "/login"`, a path on this site, a browser that lacks a need is sent there instead, with `?next=` and the page that it
/// asked for by `GET`, or with the `next` that the `redirect` itself names (`"/login?next=/cart"`). With `reject = path::to::fn`
/// that function makes the response from a `&Rejection`. A guard that says neither has the outcome of the first guard that it names.
///
/// A parameter marked `#[session]` is bound to the field of its name, without its `Option`. The guard must have proven it: by
/// naming it outside of `any` and `not`, or by naming one guard whose struct has it.
///
/// # In an `impl` block
///
/// A guard is a type beside its function, and an `impl` block has no place for one. So the attribute also stands before the block:
///
/// ```
/// # use cloakroom::{Session, SessionData, require_session};
/// # #[derive(SessionData)]
/// # struct Shop { #[session(owner)] user_id: Option<u64> }
/// struct Pages;
///
/// #[require_session]
/// impl Pages {
///     #[require_session(Shop, user_id, redirect = "/login")]
///     async fn account(#[session] user_id: u64) -> String {
///         format!("user {user_id}")
///     }
/// }
/// # let _ = Pages::account;
/// ```
///
/// Without it the compiler says "struct is not supported in `trait`s or `impl`s". A guard with a name alone,
/// `#[require_session(SignedIn)]`, needs no such place. A method with `self` is no handler: ask in its body, as
/// [`session_guard`](macro@session_guard) shows.
///
/// # Beside other attributes
///
/// | attribute | where |
/// |---|---|
/// | `#[axum::debug_handler]` | below this one: it checks the parameters, and this one adds one. Above, it says "argument #2 … is missing", or that a `#[session]` parameter is no extractor |
/// | `#[tracing::instrument]` | above or below |
/// | `#[utoipa::path(…)]` | above or below |
/// | actix-web's `#[get("/…")]`, `#[post("/…")]` and so on | above or below |
#[proc_macro_attribute]
pub fn require_session(args: TokenStream, item: TokenStream) -> TokenStream {
    guard::expand(args.into(), item.into()).into()
}

/// Makes a struct the name of a guard: what many handlers ask for is then written once.
///
/// The arguments are those of [`require_session`](macro@require_session). The struct's fields are what the guard proves, and hands
/// over: each has the name of a field of the session, and its type without an `Option`.
///
/// ```
/// use axum::{Router, routing::get};
/// use cloakroom::{GuardLayer, Rejection, Session, SessionData, require_session, session_guard};
///
/// #[derive(SessionData)]
/// struct Shop {
///     #[session(owner)]
///     user_id: Option<u64>,
///     is_admin: bool,
/// }
///
/// #[session_guard(Shop, user_id, redirect = "/login")]
/// struct SignedIn { user_id: u64 }
///
/// #[session_guard(Shop, SignedIn, is_admin = true)]
/// struct Admin { user_id: u64 }
///
/// // Before a handler, alone or among other needs:
/// #[require_session(Admin, fresh = "10m")]
/// async fn delete_everything() {}
///
/// // As an extractor:
/// async fn account(SignedIn { user_id }: SignedIn) -> String {
///     format!("user {user_id}")
/// }
///
/// // Before every route of a router:
/// fn back_office() -> Router {
///     Router::new().route("/stock", get(|| async { "stock" })).route_layer(GuardLayer::<Admin>::new())
/// }
///
/// // In a body, where the signature cannot change: server functions, methods of services, web sockets.
/// async fn price(session: &Session<Shop>, item: &str) -> Result<u64, Rejection> {
///     let Admin { user_id } = Admin::check(session).await?;
///     Ok(user_id + item.len() as u64)
/// }
/// # let _ = (delete_everything, account, back_office, price);
/// ```
///
/// As a parameter, a guard stands before the body: axum takes no other order. On actix put guards before the body too. There
/// `body: Json<T>, _: SignedIn` compiles, and lets no stranger in; but the upload is read before the guard has spoken, and what is wrong
/// with it is said first.
///
/// In a body there is no request, so the [`Rejection`](https://docs.rs/cloakroom/latest/cloakroom/struct.Rejection.html) sends nobody
/// elsewhere: it is an error like any other, with a `status()`. Returned from an axum handler it is a response;
/// `SessionLayer::with_rejection` is not asked.
#[proc_macro_attribute]
pub fn session_guard(args: TokenStream, item: TokenStream) -> TokenStream {
    guard::expand_named(args.into(), item.into()).into()
}
