//! What `#[require_session]` calls: does the session hold what the handler needs, and if not, what does the client get?

use std::any::Any;
use std::future::{Future, Ready};
use std::marker::PhantomData;
use std::time::Duration;

use crate::clock::duration_ms;
use crate::codec::NIL;
use crate::data::{Need, SessionData};
use crate::error::SessionError;
use crate::rejection::{Head, Reason, Rejection};
use crate::session::Session;

mod place;
mod refused;
mod reply;

pub use place::{Place, StrPlace};
pub use refused::{NoSession, Refused};
pub use reply::{Reply, ReplyWithNone};

/// What a session must have, as a type: made by `#[session_guard]`, and by `#[require_session]` for the needs written in it.
///
/// A guard is checked before a handler (`#[require_session(Admin)]`), as an extractor of its own, before a whole router
/// (`GuardLayer`, on actix-web `GuardMiddleware`), or in a function's body (`Admin::check(&session).await?`).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no guard: it does not say what a session must have",
    label = "asks for nothing",
    note = "a session's struct is followed by what it must have, as in `#[require_session(Shop, user_id)]`; \
            a guard with a name is declared by `#[session_guard(Shop, user_id)] struct SignedIn;`"
)]
pub trait Guard: Send + Sync + 'static {
    /// The session's type.
    type Data: SessionData;
    /// What the guard hands over once it holds: itself, or a tuple of the `#[session]` parameters.
    #[doc(hidden)]
    type Proof: Send;
    /// Where browsers are sent to sign in.
    #[doc(hidden)]
    const REDIRECT: Option<&'static str> = None;

    /// Looks whether the needs hold.
    #[doc(hidden)]
    fn examine(
        session: &Session<Self::Data>,
    ) -> impl Future<Output = Result<Result<Self::Proof, Holds>, SessionError>> + Send;

    /// The whole response, where `reject = …` decides: a response of the web framework whose request this is.
    #[doc(hidden)]
    fn reject(_: &Rejection, _: &dyn Any) -> Option<Box<dyn Any>> {
        None
    }
}

/// What stands first in a guard: a session's struct, or a guard with a name, whose needs then come first.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither session data nor a guard",
    label = "lacks `#[derive(SessionData)]`, or `#[session_guard(…)]`",
    note = "a guard begins with the struct that the session keeps, or with a guard that has a name"
)]
pub trait Asked {
    type Data: SessionData;
    type Guard: Guard<Data = Self::Data>;
}

/// The guard of a session's struct alone: it lets everybody in, so it never stands without needs.
#[doc(hidden)]
pub struct Anyone<D>(PhantomData<fn() -> D>);

impl<D: SessionData> Guard for Anyone<D> {
    type Data = D;
    type Proof = ();

    async fn examine(_: &Session<D>) -> Result<Result<(), Holds>, SessionError> {
        Ok(Ok(()))
    }
}

/// A guard with a name, for one that names it.
#[doc(hidden)]
pub struct Named<G>(PhantomData<G>);

impl<G: Guard> Named<G> {
    /// Has it an outcome? Then a guard which begins with it and says none has the same.
    pub const IS_GUARD: bool = true;
    pub const REDIRECT: Option<&'static str> = G::REDIRECT;
    pub const REJECT: fn(&Rejection, &dyn Any) -> Option<Box<dyn Any>> = G::reject;

    pub async fn ask(session: &Session<G::Data>) -> Result<Result<G::Proof, Holds>, SessionError> {
        G::examine(session).await
    }
}

/// What is no guard: a session's struct, which has no outcome; or what is refused as such, so that it is refused once, and not for each
/// of these as well.
#[doc(hidden)]
pub trait NotNamed {
    const IS_GUARD: bool = false;
    const REDIRECT: Option<&'static str> = None;
    const REJECT: fn(&Rejection, &dyn Any) -> Option<Box<dyn Any>> = |_, _| None;

    fn ask<S, P>(_: S) -> Ready<Result<Result<P, Holds>, SessionError>> {
        unreachable!("refused at compile time")
    }
}

impl<G> NotNamed for Named<G> {}

/// Makes the compiler speak where a session's struct stands without needs.
#[doc(hidden)]
pub fn asks_for_something<G: Guard>() {}

/// What a guard proved, as the first parameter of a guarded handler.
#[doc(hidden)]
pub struct Guarded<G: Guard>(pub G::Proof);

impl<G: Guard> Guarded<G> {
    /// Runs the guard on a session: what an adapter does before it reads anything of the request but its head.
    ///
    /// # Errors
    /// Why the request is turned away.
    pub async fn check(session: &Session<G::Data>) -> Result<Self, Reason> {
        examined::<G>(session).await.map(Self)
    }

    /// What a request with this head gets that is turned away.
    pub fn rejection(reason: Reason, session: &Session<G::Data>, head: &Head<'_>) -> Rejection {
        Rejection::new(reason, session.inner().scheme(), G::Data::NAME, G::REDIRECT, Some(head))
    }
}

/// Runs a guard where there is no request to answer: in a function's body.
///
/// # Errors
/// [`Rejection`] says why the session will not do.
#[doc(hidden)]
pub async fn checked<G: Guard>(session: &Session<G::Data>) -> Result<G::Proof, Rejection> {
    let rejected = |reason| Rejection::new(reason, session.inner().scheme(), G::Data::NAME, G::REDIRECT, None);
    examined::<G>(session).await.map_err(rejected)
}

async fn examined<G: Guard>(session: &Session<G::Data>) -> Result<G::Proof, Reason> {
    let reason = match G::examine(session).await {
        Ok(Ok(proof)) => return Ok(proof),
        Ok(Err(Holds::Missing(need))) => Reason::Missing(need),
        Ok(Err(Holds::Mismatch(need))) => Reason::Mismatch(need),
        // A guard that turns away what holds would be a bug in the expansion; the door stays shut.
        Ok(Err(Holds::Yes)) => Reason::Mismatch("guard"),
        Err(error) => Reason::Failed(error),
    };
    let report = &session.inner().shared.report;
    match &reason {
        Reason::Missing(need) => report.turned_away("missing", need),
        Reason::Mismatch(need) => report.turned_away("mismatch", need),
        Reason::Failed(error) => report.turned_away("failed", error),
    }
    Err(reason)
}

/// Whether one need holds.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    Yes,
    /// The session lacks it: signing in may help.
    Missing(&'static str),
    /// The session has it, with a value that will not do.
    Mismatch(&'static str),
}

impl Holds {
    /// One need that a set field either matches or does not.
    pub fn matched(need: &'static str, matches: bool) -> Self {
        if matches { Self::Yes } else { Self::Mismatch(need) }
    }

    /// A guard with a name, as a need of another one.
    pub fn of<P>(examined: Result<P, Self>) -> Self {
        examined.err().unwrap_or(Self::Yes)
    }

    /// One of two is enough. Where neither holds, a value that will not do outweighs one that is missing: the client is signed in.
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::Missing(_), Self::Mismatch(_)) => other,
            _ => self,
        }
    }

    /// The opposite.
    pub fn negated(self, need: &'static str) -> Self {
        match self {
            Self::Yes => Self::Mismatch(need),
            _ => Self::Yes,
        }
    }

    /// Does it hold?
    pub fn is_yes(self) -> bool {
        self == Self::Yes
    }
}

/// What a `check = …` function may answer with.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a `check` function answers with `bool` or `Result<bool, SessionError>`, and this one with `{Self}`",
    label = "its answer is neither `bool` nor `Result<bool, SessionError>`"
)]
pub trait Answer {
    /// As a need by this name.
    fn holds(self, need: &'static str) -> Result<Holds, SessionError>;
}

impl Answer for bool {
    fn holds(self, need: &'static str) -> Result<Holds, SessionError> {
        Ok(Holds::matched(need, self))
    }
}

impl Answer for Result<bool, SessionError> {
    fn holds(self, need: &'static str) -> Result<Holds, SessionError> {
        Ok(Holds::matched(need, self?))
    }
}

/// Every type is itself: asks whether a `#[session]` parameter has its field's type.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the session keeps this field as `{Self}`, not as `{T}`",
    label = "what a guard hands over has its field's type without the `Option`: `{Self}`"
)]
pub trait Is<T> {
    /// The same value.
    fn it(self) -> T;
}

impl<T> Is<T> for T {
    fn it(self) -> T {
        self
    }
}

/// A loaded session, as guards look at it: nothing is consumed.
#[doc(hidden)]
pub struct Opened<'a, D: SessionData>(&'a Session<D>);

/// Loads the session for a guard, never from a cache that may be behind.
///
/// # Errors
/// As [`Session::get`].
#[doc(hidden)]
pub async fn opened<D: SessionData>(session: &Session<D>) -> Result<Opened<'_, D>, SessionError> {
    session.inner().load_current().await?;
    Ok(Opened(session))
}

/// Methods of the need, so that the compiler says nothing of the value of a field that does not exist.
impl<D: SessionData, T, V> Need<D, T, V> {
    /// The field's value without its `Option`; `None` while it is not set.
    pub fn value(self, fields: &Opened<'_, D>) -> Result<Option<V>, SessionError> {
        let stored = fields.0.inner().peek(self.key.field);
        Ok(self.key.read_set(stored.as_deref())?.and_then(self.open))
    }

    /// Is the field set?
    pub fn is_set(self, fields: &Opened<'_, D>) -> Holds {
        let field = self.key.field;
        let is_some = match fields.0.inner().peek(field) {
            // A stored `None` is set, but there is nothing in it to be handed to a handler; and what `on_invalid = "default"` takes
            // for unset only its bytes can tell.
            Some(bytes) if *bytes == *NIL || field.lenient => self.value(fields).is_ok_and(|value| value.is_some()),
            stored => stored.is_some(),
        };
        if is_some { Holds::Yes } else { Holds::Missing(field.name) }
    }
}

impl<D: SessionData> Opened<'_, D> {
    /// Has the visitor proved who they are within this time? A clock that stepped back does not make it longer ago.
    pub fn is_fresh(&self, within: Duration) -> Holds {
        let inner = self.0.inner();
        match inner.authenticated_at() {
            Some(at) if inner.now_ms() < at.saturating_add(duration_ms(within)) => Holds::Yes,
            _ => Holds::Missing("fresh"),
        }
    }
}
