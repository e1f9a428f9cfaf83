//! What happened, told once to whoever listens: log events, metrics, and the application's hooks. `observe.rs` documents it all.

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use futures_util::future::Either;
use tracing::Span;
use tracing::instrument::{Instrument as _, Instrumented};

use crate::clock::millis;
use crate::field::Field;
use crate::record::Record;
use crate::token::StoreKey;

#[cfg(feature = "metrics")]
mod counts;
#[cfg(not(feature = "metrics"))]
#[path = "report/silent.rs"]
mod counts;

#[cfg(feature = "metrics")]
pub use self::counts::describe_metrics;
pub(crate) use self::counts::{Stopwatch, swept};

/// Expired sessions that are remembered as told: a browser may bring the cookie of one again and again.
const MOST_TOLD: usize = 1_000;

/// How a session came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EndReason {
    /// By [`destroy`](crate::Session::destroy): the visitor signed out.
    Destroyed,
    /// Its time was over.
    Expired,
    /// Somebody ended it from elsewhere: another device of the same owner, or the application.
    Revoked,
    /// It made room for a newer session of the same owner.
    Evicted,
}

impl EndReason {
    /// One word, in lower case: as it stands in logs and metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Destroyed => "destroyed",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::Evicted => "evicted",
        }
    }
}

impl fmt::Display for EndReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A session that is over, and what its record last held.
#[derive(Clone)]
pub(crate) struct Ended {
    pub(crate) key: StoreKey,
    pub(crate) reason: EndReason,
    pub(crate) record: Record,
    pub(crate) at: SystemTime,
}

/// What the application wants to be told.
pub(crate) type Hook = Arc<dyn Fn(&Ended) + Send + Sync>;

/// What a store was asked when it failed.
#[derive(Clone, Copy)]
pub(crate) enum Call {
    Load,
    Commit,
    Destroy,
    Touch,
}

/// What a commit wrote.
pub(crate) struct Written<'a> {
    pub(crate) before: Option<(&'a StoreKey, &'a Record)>,
    pub(crate) key: &'a StoreKey,
    pub(crate) record: &'a Record,
    /// In milliseconds since 1970.
    pub(crate) now: u64,
    /// May it have taken the owner away?
    pub(crate) forgets: bool,
}

/// A session's public id, once it is written. A span's fields are made ready even where nobody listens, if any crate of the program asks
/// for tracing's feature `log` (sqlx and actix-web do), and the id is a hash.
struct IdOf<F>(F);

impl<F: Fn() -> StoreKey> fmt::Display for IdOf<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0().id().fmt(f)
    }
}

/// Runs a future in a span, where somebody listens: else each poll would cost what telling nobody of it costs, which is most where any
/// crate of the program asks for tracing's feature `log`.
pub(crate) fn in_span<F: Future>(future: F, span: Span) -> Either<F, Instrumented<F>> {
    if span.is_disabled() { Either::Left(future) } else { Either::Right(future.instrument(span)) }
}

/// Tells what happens to the sessions of one type.
#[derive(Clone)]
pub(crate) struct Report {
    /// The name of the sessions.
    session: &'static str,
    owner: Option<&'static Field>,
    hooks: Vec<Hook>,
    told: Arc<Mutex<VecDeque<StoreKey>>>,
}

impl Report {
    pub(crate) fn new(session: &'static str, owner: Option<&'static Field>) -> Self {
        Self { session, owner, hooks: Vec::new(), told: Arc::default() }
    }

    pub(crate) fn add_hook(&mut self, hook: Hook) {
        self.hooks.push(hook);
    }

    pub(crate) fn load_span(&self, key: impl Fn() -> StoreKey) -> Span {
        tracing::debug_span!("session.load", session = self.session, id = %IdOf(key))
    }

    pub(crate) fn commit_span(&self) -> Span {
        tracing::debug_span!("session.commit", session = self.session)
    }

    pub(crate) fn loaded(&self, key: impl Fn() -> StoreKey, found: &'static str, since: Stopwatch) {
        tracing::debug!(session = self.session, id = %IdOf(key), found, "loaded a session");
        counts::loaded(self.session, found, since);
    }

    pub(crate) fn committed(&self, written: &Written<'_>, since: Stopwatch) {
        let (session, how) = (self.session, written.how());
        tracing::debug!(session, id = %written.key.id(), how, bytes = written.record.len(), "committed a session");
        counts::committed(session, how, since);
        if self.signs_in(written) {
            tracing::info!(session, id = %written.key.id(), "signed in");
            counts::signed_in(session);
        } else if self.signs_out(written) {
            tracing::info!(session, id = %written.key.id(), reason = "cleared", "signed out");
        }
    }

    /// Whose session a record is. In no log: it is a value.
    fn owner_of(&self, record: &Record, now: u64) -> Option<bytes::Bytes> {
        record.get(self.owner?, now)
    }

    /// Did the visitor prove who they are, or has the session another owner than before? Both come with a new token, which may have been
    /// written before them.
    fn signs_in(&self, written: &Written<'_>) -> bool {
        let before = written.before.map(|(_, before)| before);
        let (proof, owner) = (written.record.header.authenticated_at, self.owner_of(written.record, written.now));
        let is_proof_new = proof.is_some() && proof != before.and_then(|before| before.header.authenticated_at);
        is_proof_new || owner.is_some() && owner != before.and_then(|before| self.owner_of(before, written.now))
    }

    fn signs_out(&self, written: &Written<'_>) -> bool {
        let owns = |record: &Record| self.owner_of(record, written.now).is_some();
        written.forgets && written.before.is_some_and(|(_, before)| owns(before)) && !owns(written.record)
    }

    /// Another request wrote first.
    pub(crate) fn conflict(&self, lost: u32) {
        tracing::debug!(session = self.session, lost, "another request wrote to the session first");
        counts::conflict(self.session);
    }

    pub(crate) fn gave_up(&self, lost: u32) {
        tracing::error!(session = self.session, lost, "gave up a session commit: too many others write to the session");
    }

    /// `need` is what the guard found wanting: a name, and never a value.
    pub(crate) fn turned_away(&self, reason: &'static str, need: &dyn fmt::Display) {
        tracing::debug!(session = self.session, reason, %need, "a guard turned a request away");
        counts::rejected(self.session, reason);
    }

    pub(crate) fn refused_cross_site(&self, method: &str, path: &str, refused: &dyn fmt::Display) {
        tracing::warn!(session = self.session, method, path, %refused, "refused a cross-site request");
        counts::rejected(self.session, "cross_site");
    }

    pub(crate) fn failed(&self, call: Call, key: Option<&StoreKey>, error: &dyn fmt::Display) {
        let (session, id) = (self.session, key.map(|key| tracing::field::display(key.id())));
        match call {
            Call::Load => tracing::error!(session, id, %error, "cannot load a session"),
            Call::Commit => tracing::error!(session, id, %error, "cannot commit a session"),
            Call::Destroy => tracing::error!(session, id, %error, "cannot destroy a session"),
            Call::Touch => tracing::warn!(session, id, %error, "cannot extend a session"),
        }
        counts::failed(session, call.as_str());
    }

    /// What a store gave is no record, or one of a newer format.
    pub(crate) fn unreadable(&self, key: &StoreKey, error: &dyn fmt::Display) {
        tracing::error!(session = self.session, id = %key.id(), %error, "cannot read a stored session; it is left as it is");
    }

    /// A session is over. Of one that expired this may be found out again and again, and is told once.
    pub(crate) fn ended(&self, end: &Ended) {
        if end.reason == EndReason::Expired && !self.is_news(&end.key) {
            return;
        }
        let (session, reason) = (self.session, end.reason.as_str());
        if end.reason != EndReason::Expired && self.owner_of(&end.record, millis(end.at)).is_some() {
            tracing::info!(session, id = %end.key.id(), reason, "signed out");
        } else {
            tracing::debug!(session, id = %end.key.id(), reason, "a session ended");
        }
        counts::ended(session, reason);
        for hook in &self.hooks {
            // The session is over, whatever the application makes of that.
            if catch_unwind(AssertUnwindSafe(|| hook(end))).is_err() {
                tracing::error!(session, id = %end.key.id(), reason, "what `on_end` was given has panicked");
            }
        }
    }

    fn is_news(&self, key: &StoreKey) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.contains(key) {
            return false;
        }
        if told.len() == MOST_TOLD {
            told.pop_front();
        }
        told.push_back(*key);
        true
    }
}

impl Call {
    fn as_str(self) -> &'static str {
        match self {
            Self::Load => "load",
            Self::Commit => "commit",
            Self::Destroy => "destroy",
            Self::Touch => "touch",
        }
    }
}

impl Written<'_> {
    fn keeps_token(&self) -> bool {
        self.before.is_some_and(|(key, _)| key == self.key)
    }

    fn how(&self) -> &'static str {
        match self.before {
            None => "created",
            Some(_) if self.keeps_token() => "replaced",
            Some(_) => "rotated",
        }
    }
}
