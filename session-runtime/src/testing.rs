//! Sessions for the tests of an application's own handlers: with data of your choice and a clock that you move, without HTTP.
//!
//! A handler is a function, and a session is its argument:
//!
//! ```
//! use cloakroom::{Session, SessionData, SessionError, testing};
//!
//! #[derive(SessionData)]
//! struct Shop {
//!     #[session(owner)]
//!     user_id: Option<u64>,
//!     cart: Vec<String>,
//! }
//!
//! async fn add(session: Session<Shop>, item: String) -> Result<usize, SessionError> {
//!     session.update_cart(|cart| { cart.push(item.clone()); cart.len() }).await
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), SessionError> {
//! let (session, _clock) = testing::session(Shop { user_id: Some(7), ..testing::unset() });
//! assert_eq!(add(session.clone(), "tea".to_owned()).await?, 1);
//!
//! assert_eq!(session.cart().await?, ["tea"]);
//! # Ok(())
//! # }
//! ```
//!
//! Sessions like these are in a [`MemoryStore`] of their own. They have the lifetimes that their struct says, by the clock that comes with
//! them: `clock.advance(…)`, then [`next_request`].
//!
//! # Handlers behind a guard
//!
//! `#[require_session]` puts what the guard proved before the other parameters. [`pass`] runs the guard and gives just that; what the guard
//! binds to `#[session]` parameters is in it, so they are left out:
//!
//! ```
//! use cloakroom::{Reason, SessionData, require_session, testing};
//!
//! # #[derive(SessionData)]
//! # struct Shop { #[session(owner)] user_id: Option<u64> }
//! #[require_session(Shop, user_id, redirect = "/login")]
//! async fn account(#[session] user_id: u64, greeting: &str) -> String {
//!     format!("{greeting}, user {user_id}")
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), cloakroom::Rejection> {
//! let (session, _clock) = testing::session(Shop { user_id: Some(7) });
//! assert_eq!(account(testing::pass(&session).await?, "hello").await, "hello, user 7");
//!
//! let (stranger, _clock) = testing::anonymous::<Shop>();
//! let rejection = async { Ok(account(testing::pass(&stranger).await?, "hello").await) }.await;
//! assert!(matches!(rejection, Err(cloakroom::Rejection { reason: Reason::Missing("user_id"), .. })));
//! # Ok(())
//! # }
//! ```
//!
//! A guard with a name is asked by its own `check`: `SignedIn::check(&session).await`.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::FutureExt as _;

use crate::base::{Backing, Base};
use crate::clock::ManualClock;
use crate::data::{Put, SessionData, View};
use crate::field::Field;
use crate::guard::{Guard, Guarded, checked};
use crate::handle::Handle;
use crate::manager::{Sessions, close};
use crate::rejection::Rejection;
use crate::session::Session;
use crate::state::Inner;
use crate::store::MemoryStore;
use crate::token::Token;

/// A session that was begun by an earlier request and holds `data`, and the clock that it goes by.
///
/// A field that has its unset value ([`unset`]) counts as not set, for guards and `has_…()`. Where a test needs it set to just that value, it
/// says so: `session.set_is_admin(false).await?`.
///
/// # Panics
/// If a value cannot be stored: it cannot be encoded, or is larger than a record may be.
pub fn session<D: SessionData>(data: D) -> (Session<D>, ManualClock) {
    let (first, clock) = anonymous::<D>();
    let (unset, mut fields) = (encoded(unset::<D>()), encoded(data));
    fields.retain(|field| !unset.iter().any(|unset| (unset.0.name, &unset.1) == (field.0.name, &field.1)));
    first.inner().set_all(fields).expect("these values can be stored");
    let begun = next_request(&first);
    // A store in memory never waits, and nobody else has the session yet.
    (begun.now_or_never().expect("nothing to wait for"), clock)
}

fn encoded<D: SessionData>(data: D) -> Vec<(&'static Field, Option<Bytes>)> {
    let mut fields = Vec::new();
    Put::write(data, &mut |field, bytes| fields.push((field, bytes))).expect("these values can be stored");
    fields
}

/// The session of a visitor who brings no cookie, and the clock that it goes by.
pub fn anonymous<D: SessionData>() -> (Session<D>, ManualClock) {
    let clock = ManualClock::default();
    let store = MemoryStore::new().with_clock(clock.clone());
    (Sessions::new(store).with_clock(clock.clone()).open([]), clock)
}

/// What a session reads as in which nobody has set anything: for `Shop { user_id: Some(7), ..testing::unset() }`.
///
/// # Panics
/// Never of itself; a field's `default = …` expression may.
pub fn unset<D: SessionData>() -> D {
    View::read(&|_| None).expect("what is not stored cannot fail to be read")
}

/// Ends the request of `session` as one that succeeded, and begins the next one of the same browser: with the cookie that it was given, or
/// without the one that was removed. What the handler has set is then saved, a flash that it read is gone, and a session that it destroyed
/// has ended.
///
/// ```
/// use cloakroom::{SessionData, SessionError, testing};
///
/// #[derive(SessionData)]
/// #[session(idle = "30m")]
/// struct Shop {
///     #[session(flash)]
///     notice: Option<String>,
///     visits: u64,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), SessionError> {
/// let (session, clock) = testing::session(Shop { notice: Some("saved".to_owned()), visits: 3 });
/// assert_eq!(session.notice().await?.as_deref(), Some("saved"));
///
/// let next = testing::next_request(&session).await;
/// assert_eq!((next.notice().await?, next.visits().await?), (None, 3));
///
/// clock.advance(std::time::Duration::from_secs(31 * 60));
/// let too_late = testing::next_request(&next).await;
/// assert_eq!(too_late.visits().await?, 0);
/// # Ok(())
/// # }
/// ```
///
/// # Panics
/// If the request's changes cannot be saved, or the session is sealed.
pub async fn next_request<D: SessionData>(session: &Session<D>) -> Session<D> {
    let inner = session.inner();
    let Backing::Store(store) = &inner.shared.backing else {
        panic!("a sealed session is its cookie: use `Sessions::open`")
    };
    let closed = close(inner, true).await;
    if let Some(error) = closed.error {
        panic!("the session was not saved: {error}");
    }
    let token = match &closed.set_cookie {
        Some(text) => inner.shared.policy.cookie.find([text.split(';').next().unwrap_or_default().as_bytes()]),
        None => token(inner),
    };
    let next = Inner::stored(Arc::clone(&inner.shared), Arc::clone(store), token);
    Session::new(Handle::new(Arc::new(next)))
}

/// What the browser brings again, where it was told nothing new.
fn token(inner: &Inner) -> Option<Token> {
    match &inner.state().base {
        Base::Unloaded(token) => Some(*token),
        Base::Live(live) => Some(live.token),
        Base::Sealed | Base::Absent | Base::Retired | Base::Ended(_) => None,
    }
}

/// Runs the guard of a handler under `#[require_session]`, and gives what goes in the place of the handler's first parameter: see
/// [above](self#handlers-behind-a-guard).
///
/// # Errors
/// [`Rejection`] says why the guard would turn the request away.
pub async fn pass<G: Guard>(session: &Session<G::Data>) -> Result<Guarded<G>, Rejection> {
    checked::<G>(session).await.map(Guarded)
}

/// Puts a session into a request as a [`SessionLayer`](crate::SessionLayer) would, for a router or a service that is tested without one.
///
/// The session is not closed by it: what is asserted, is asserted on `session`, or on the [`next_request`].
///
/// ```
/// use axum::{Router, body::Body, http::Request, routing::get};
/// use cloakroom::{Session, SessionData, SessionError, testing};
/// use tower::ServiceExt as _;
///
/// # #[derive(SessionData)]
/// # struct Shop { visits: u64 }
/// async fn visit(session: Session<Shop>) -> Result<(), SessionError> {
///     session.update_visits(|visits| *visits += 1).await
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (session, _clock) = testing::session(Shop { visits: 3 });
/// let routes: Router = Router::new().route("/", get(visit));
/// let response = routes.oneshot(testing::with_session(Request::new(Body::empty()), &session)).await?;
/// assert_eq!((response.status().as_u16(), session.visits().await?), (200, 4));
/// # Ok(())
/// # }
/// ```
#[cfg(feature = "tower")]
pub fn with_session<D: SessionData, B>(mut request: http::Request<B>, session: &Session<D>) -> http::Request<B> {
    let uri = request.uri().clone();
    request.extensions_mut().insert(crate::web::Arrived { session: session.clone(), uri, answer: None });
    request
}
