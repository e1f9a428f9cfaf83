//! The application's own cookies, as [Astro's `Astro.cookies`](https://docs.astro.build/en/reference/api-reference/#cookies) has them,
//! and typed: a theme, a language, a consent. (For what a visitor does, there is the [`Session`](crate::Session).)
//!
//! ```
//! use axum::{Router, routing::{get, post}};
//! use cloakroom::{CookieAttributes, CookieError, CookieKey, Cookies, CookiesLayer};
//! use std::time::Duration;
//!
//! const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
//! const LANGUAGE: CookieKey<String> = CookieKey::text("__Host-lang", CookieAttributes::new().with_max_age(YEAR));
//!
//! async fn home(cookies: Cookies) -> Result<String, CookieError> {
//!     Ok(LANGUAGE.get(&cookies)?.unwrap_or_else(|| "en".into()))
//! }
//!
//! async fn choose(cookies: Cookies, language: String) -> Result<(), CookieError> {
//!     LANGUAGE.set(&cookies, &language)
//! }
//!
//! let app = Router::new().route("/", get(home)).route("/language", post(choose)).layer(CookiesLayer::new());
//! # let _: Router = app;
//! ```
//!
//! A [`CookieKey`] says name, type and attributes once; [`Cookies`] has the same by name, for names that are made while the program runs.
//! What is set or deleted leaves with the response, **whatever that is**: also when the handler fails after it. A layer does that, and not
//! a part of the handler's answer, which would be lost with the first `?`. It needs no session.
//!
//! # Beside Astro's
//!
//! | | Astro | here |
//! |---|---|---|
//! | `get`, `has` | see what this request has set or deleted; the first of two cookies of one name counts | the same |
//! | `set` of text, numbers, booleans | as their text | the same: [`set`](Cookies::set) |
//! | `set` of objects | as JSON, found by looking at the value | as JSON, by [`set_json`](Cookies::set_json) or [`CookieKey::json`]: types say it |
//! | `json()`, `number()`, `boolean()` | throw without a name, give `NaN`, take any text but `false` and `0` for true | [`CookieError::Invalid`] names the cookie; only `true`, `1`, `false` and `0` are booleans |
//! | a value that is not percent-encoded UTF-8 | `get` throws | an error when it is asked for as text; [`raw`](CookieValue::raw) has the bytes, and no other cookie is touched |
//! | an empty value | `get` sees none, `has` does | both see it |
//! | attributes | none: `Path` is the page's folder, scripts read it, plain HTTP carries it | `Path=/; Secure; HttpOnly; SameSite=Lax` |
//! | `delete` | sends `deleted`, with an `Expires` in 1970 and the attributes given to it | sends nothing, with `Max-Age=0` and the attributes given; a [`CookieKey`] removes what it set, wherever that is |
//! | one name set twice | the last one leaves | the same |
//! | `merge` | takes over what another set or deleted | the same |
//! | `headers` | the Set-Cookie texts | the same |
//! | `set` after the response has begun | a warning, or throws after the cookie was kept | [`CookieError::ResponseSent`] |
//! | a cookie that a browser would refuse | is sent | [`CookieError::Refused`], by the rule and where it stands; in a `const` [`CookieKey`] a compile error |
//! | more than 4096 bytes | is sent | [`CookieError::TooLarge`] |
//! | all cookies | | [`iter`](Cookies::iter) |
//! | signed, sealed | | `signed()` and `sealed()`, under keys that can be changed |
//! | the session's cookie | can be read, overwritten and deleted | [`CookieError::Session`], where the session's layer has run for the request |
//! | `encode`, `decode` of your own | options | `set` takes any text; [`raw`](CookieValue::raw) |
//! | caches | | a response that depends on cookies gets `Vary: Cookie`, one that sets some `Cache-Control: no-store` unless it has its own |
//!
//! That layer is what tells the jar the session's name. Where it has not run (a route merged outside of `SessionLayer` under an outer
//! `CookiesLayer`, a middleware between the two), that cookie is one like any other: its token can be read, and overwritten. What was set
//! before the layer runs is not sent, and logged.

mod attributes;
mod error;
mod jar;
mod key;
mod protect;
mod rule;
mod settings;
mod state;
mod value;
mod wire;

pub use attributes::CookieAttributes;
pub use error::CookieError;
pub use jar::Cookies;
pub use key::{CookieKey, KeptAsJson, KeptAsText};
pub use protect::ProtectedCookies;
pub use rule::CookieRule;
pub use settings::{ClosedCookies, CookieSettings};
pub use value::CookieValue;
