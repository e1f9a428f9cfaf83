//! Loading the record, once, whoever asks first.

use std::sync::Arc;

use tracing::Instrument as _;

use super::{Inner, Io, Response, State};
use crate::base::{Base, CookieChange};
use crate::error::{RecordError, SessionError};
use crate::report::{Call, EndReason, Stopwatch};
use crate::token::{StoreKey, Token};

impl Inner {
    /// Loads the record, once, whoever asks first.
    pub(crate) async fn load(&self) -> Result<(), SessionError> {
        self.load_by(false).await
    }

    /// As [`load`](Self::load), past any cache.
    pub(crate) async fn load_current(&self) -> Result<(), SessionError> {
        self.load_by(true).await
    }

    async fn load_by(&self, current: bool) -> Result<(), SessionError> {
        if self.note_use(current) {
            return Ok(());
        }
        let io = self.lock_io().await;
        self.load_under(&io, current).await
    }

    /// Notes that the response depends on the session. Is it loaded, and not behind where it may not be?
    fn note_use(&self, current: bool) -> bool {
        let mut state = self.state();
        state.used = true;
        match &state.base {
            Base::Unloaded(_) | Base::Sealed => false,
            Base::Live(live) => !(current && live.behind),
            _ => true,
        }
    }

    pub(crate) async fn load_under(&self, io: &Io<'_>, current: bool) -> Result<(), SessionError> {
        if current && self.state().is_behind() {
            return self.load_again(io).await;
        }
        let Some(token) = self.unloaded()? else { return Ok(()) };
        let base = self.fetch(token, current).await?;
        let mut state = self.state();
        if matches!(state.base, Base::Unloaded(_)) {
            state.base = base;
        }
        Ok(())
    }

    /// The token of a record that was not loaded yet.
    fn unloaded(&self) -> Result<Option<Token>, SessionError> {
        let mut state = self.state();
        self.unseal(&mut state).inspect_err(log_unread)?;
        Ok(if let Base::Unloaded(token) = state.base { Some(token) } else { None })
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

    async fn fetch(&self, token: Token, current: bool) -> Result<Base, SessionError> {
        let known = self.store.sealed().and_then(|sealed| sealed.key_of(&token));
        let key = known.unwrap_or_else(|| self.shared.key(&token));
        let (report, since) = (&self.shared.report, Stopwatch::start());
        let loading = if current { self.store.load_current(&key) } else { self.store.load(&key) };
        let loaded = loading.instrument(report.load_span(&key)).await;
        let mut base = match loaded.inspect_err(|error| report.failed(Call::Load, Some(&key), error))? {
            Some(stored) => self.shared.read(token, key, stored)?,
            None => self.absent(key),
        };
        report.loaded(&key, base.as_str(), since);
        if !current
            && self.store.load_may_be_behind()
            && let Base::Live(live) = &mut base
        {
            Arc::make_mut(live).behind = true;
        }
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
        let is_loaded = self.note_use(false);
        let io = self.lock_io().await;
        if is_loaded { self.load_again(&io).await } else { self.load_under(&io, true).await }
    }

    async fn load_again(&self, _: &Io<'_>) -> Result<(), SessionError> {
        let Some((token, key)) = self.state().live().map(|live| (live.token, live.key)) else { return Ok(()) };
        let base = self.fetch(token, true).await?;
        let mut state = self.state();
        if !state.cut {
            state.base = if let Base::Live(_) = base { base } else { Base::Ended(key) };
        }
        Ok(())
    }
}

pub(super) fn log_unread(error: &RecordError) {
    tracing::error!(%error, "cannot read a sealed session");
}
