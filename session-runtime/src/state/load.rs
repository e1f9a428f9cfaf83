//! Loading the record, once, whoever asks first.

use std::cell::LazyCell;
use std::future::poll_fn;
use std::sync::{Arc, MutexGuard};
use std::task::Poll;

use tracing::Span;

use super::{Inner, Io, Response, State};
use crate::base::{Base, CookieChange, Found, Live};
use crate::error::{RecordError, SessionError};
use crate::report::{Call, EndReason, Stopwatch, in_span};
use crate::token::{StoreKey, Token};

/// What is to be loaded.
enum Due {
    Nothing,
    /// The record of this token.
    First(Token),
    /// What was loaded may be behind.
    Again,
}

/// How a record is come by.
enum Way {
    AtHand(Arc<Live>),
    Asking(Asking),
}

/// What the store is asked, and who watches.
struct Asking {
    token: Token,
    key: StoreKey,
    current: bool,
    span: Span,
    since: Stopwatch,
}

impl Inner {
    /// Loads the record, once, whoever asks first.
    pub(crate) async fn load(&self) -> Result<(), SessionError> {
        self.loaded(false).await.map(drop)
    }

    /// As [`load`](Self::load), past any cache.
    pub(crate) async fn load_current(&self) -> Result<(), SessionError> {
        self.loaded(true).await.map(drop)
    }

    /// The state, with the record loaded; not behind, if it has to be `current`. Notes that the response depends on the session.
    pub(super) async fn loaded(&self, current: bool) -> Result<MutexGuard<'_, State>, SessionError> {
        let turn = poll_fn(|cx| {
            let mut state = self.state();
            state.used = true;
            if state.is_loaded(current) {
                return Poll::Ready(Err(state));
            }
            self.poll_turn(&mut state, cx, |state| self.due(state, current)).map(Ok)
        });
        let (io, due) = match turn.await {
            Ok(begun) => begun,
            Err(state) => return Ok(state),
        };
        let state = self.load_due(&io, due?, current).await?;
        Ok(io.end(state))
    }

    pub(crate) async fn load_under(&self, io: &Io<'_>, current: bool) -> Result<(), SessionError> {
        let due = self.due(&mut self.state(), current)?;
        self.load_due(io, due, current).await.map(drop)
    }

    /// Loads what is due, and gives the state as it is then.
    async fn load_due(&self, io: &Io<'_>, due: Due, current: bool) -> Result<MutexGuard<'_, State>, SessionError> {
        match due {
            Due::Nothing => {}
            Due::First(token) => {
                let mut base = match self.load_now(token, current) {
                    Way::AtHand(live) => Base::Live(live),
                    Way::Asking(asking) => self.fetch(asking).await?,
                };
                if !current
                    && self.store.load_may_be_behind()
                    && let Base::Live(live) = &mut base
                {
                    Arc::make_mut(live).behind = true;
                }
                let mut state = self.state();
                state.loaded(base);
                return Ok(state);
            }
            Due::Again => self.load_again(io).await?,
        }
        Ok(self.state())
    }

    fn due(&self, state: &mut State, current: bool) -> Result<Due, SessionError> {
        self.unseal(state).inspect_err(log_unread)?;
        Ok(match &state.base {
            Base::Unloaded(token) => Due::First(*token),
            Base::Live(live) if current && live.behind => Due::Again,
            _ => Due::Nothing,
        })
    }

    /// Opens what the browser brought, if that is sealed still.
    fn unseal(&self, state: &mut State) -> Result<(), RecordError> {
        if let (Base::Sealed, Some(sealed)) = (&state.base, self.store.sealed()) {
            state.base = sealed.token()?.map_or(Base::Absent, Base::Unloaded);
        }
        Ok(())
    }

    /// Opens what the browser brought if that has to be denied. The browser forgets it, be there anything to deny or not; but not
    /// where there is, and nobody can tell what.
    pub(super) fn unseal_to_destroy(&self, state: &mut State) -> Result<(), RecordError> {
        let Some(sealed) = self.store.sealed().filter(|sealed| sealed.was_brought()) else { return Ok(()) };
        let denies = sealed.has_deny_list();
        let must_open = match state.base {
            Base::Sealed => denies || state.response != Response::ToCome,
            // It has expired. A copy of it that was in use since may not have.
            Base::Absent => denies,
            _ => return Ok(()),
        };
        let opened = if must_open { sealed.token() } else { Ok(None) };
        let token = match opened {
            Err(error) if denies => return Err(error),
            token => token.unwrap_or_default(),
        };
        state.cookie = Some(CookieChange::Remove);
        state.base = token.map_or(Base::Absent, Base::Unloaded);
        if denies
            && token.is_none()
            && let Some(key) = sealed.foreign_key()
        {
            tracing::warn!(%key, "a sealed session was removed and not denied: its key is none of those given, so copies of it live on");
        }
        Ok(())
    }

    /// The record that is at hand, or else how to ask the store for it. Where somebody watches, it is always asked.
    fn load_now(&self, token: Token, current: bool) -> Way {
        let since = Stopwatch::start();
        // Of a sealed session mostly nobody needs it.
        let key = LazyCell::new(|| self.shared.key(&token));
        let span = self.shared.report.load_span(|| *key);
        let at_hand = if span.is_disabled() { self.at_hand(token, || *key, current) } else { None };
        let Some(live) = at_hand else {
            return Way::Asking(Asking { token, key: *key, current, span, since });
        };
        self.shared.report.loaded(|| *key, Base::LIVE, since);
        Way::AtHand(live)
    }

    /// A live record that nobody has to wait for. What has expired, or may have been denied, is left to those who wait.
    fn at_hand(&self, token: Token, key: impl Fn() -> StoreKey, current: bool) -> Option<Arc<Live>> {
        if let Some(sealed) = self.store.sealed() {
            let live = sealed.brought_live().filter(|live| live.token == token && !sealed.has_deny_list())?;
            let end = self.shared.end_of(&live.record, live.expires_at);
            return (end > self.now_ms()).then(|| Arc::clone(live));
        }
        if current && self.store.load_may_be_behind() {
            return None;
        }
        let key = key();
        match self.shared.found(token, key, self.store.load_now(&key)?) {
            Found::Live(live) => Some(live),
            Found::Over(_) | Found::Retired | Found::Unreadable(_) => None,
        }
    }

    async fn fetch(&self, asking: Asking) -> Result<Base, SessionError> {
        let (Asking { token, key, current, span, since }, report) = (asking, &self.shared.report);
        let loading = if current { self.store.load_current(&key) } else { self.store.load(&key) };
        let loaded = in_span(loading, span).await;
        let base = match loaded.inspect_err(|error| report.failed(Call::Load, Some(&key), error))? {
            Some(stored) => self.shared.read(token, key, stored)?,
            None => self.absent(key),
        };
        report.loaded(|| key, base.as_str(), since);
        Ok(base)
    }

    /// What the store does not have. A cookie may still say of itself that its time is over.
    fn absent(&self, key: StoreKey) -> Base {
        if let Some(record) = self.store.sealed().and_then(|sealed| sealed.expired_record()) {
            self.shared.tell_ended(key, EndReason::Expired, record.clone());
        }
        Base::Absent
    }

    /// Loads the record anew. Until that has worked, what was loaded before stays.
    pub(crate) async fn reload(&self) -> Result<(), SessionError> {
        let is_loaded = {
            let mut state = self.state();
            state.used = true;
            state.is_loaded(false)
        };
        let io = self.lock_io().await;
        if is_loaded { self.load_again(&io).await } else { self.load_under(&io, true).await }
    }

    async fn load_again(&self, _: &Io<'_>) -> Result<(), SessionError> {
        let Some((token, key)) = self.state().live().map(|live| (live.token, live.key(&self.shared))) else {
            return Ok(());
        };
        let span = self.shared.report.load_span(|| key);
        let asking = Asking { token, key, current: true, span, since: Stopwatch::start() };
        let base = self.fetch(asking).await?;
        let mut state = self.state();
        if !state.cut {
            state.base = if let Base::Live(_) = base { base } else { Base::Ended(key) };
        }
        Ok(())
    }
}

impl State {
    /// Takes note of what the store had, unless the session was destroyed meanwhile.
    fn loaded(&mut self, base: Base) {
        if matches!(self.base, Base::Unloaded(_)) {
            self.base = base;
        }
    }
}

pub(super) fn log_unread(error: &RecordError) {
    tracing::error!(%error, "cannot read a sealed session");
}
