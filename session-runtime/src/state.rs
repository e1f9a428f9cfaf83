//! One request's session: what was loaded, what was changed, and what the response has to say. Untyped; `Session<D>` types it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;

use crate::base::{Base, CookieChange, Live, Sealing, Shared};
use crate::clock::{from_millis, millis};
use crate::error::{RecordError, SessionError};
use crate::field::Field;
use crate::patch::{Overlay, Patch, Pending, What, expiry};
use crate::record::{Header, Lifetimes};
use crate::sealed::{RequestStore, SealedRequest};
use crate::store::{DynStore, OwnerKey};
use crate::token::{SessionId, StoreKey, Token};

mod load;
mod news;
mod size;
mod turn;

use self::load::log_unread;
pub(crate) use self::news::Response;
pub(crate) use self::turn::Io;
use self::turn::Turns;

pub(crate) struct State {
    pub(crate) base: Base,
    pub(crate) patch: Pending,
    /// Records to delete, whatever else happens.
    pub(crate) doomed: Vec<StoreKey>,
    /// Where a rotation under way leads: an interrupted one goes on with it.
    pub(crate) successor: Option<Successor>,
    pub(crate) cookie: Option<CookieChange>,
    /// The response depends on the session, so no cache may share it.
    pub(crate) used: bool,
    /// This request made the record.
    pub(crate) born: bool,
    turns: Turns,
    /// Destroyed since whoever has the turn began: what it still does must not bring the session back.
    pub(crate) cut: bool,
    /// Why a `destroy` ended nothing: the response must not look as if it had.
    pub(crate) not_destroyed: Option<RecordError>,
    pub(crate) response: Response,
    /// The request is being closed: what it commits now, no handler can speak of any more.
    pub(crate) closing: bool,
    /// The token that the client knows: the one that it brought, or the last one that the application asked for.
    pub(crate) exposed: Option<Token>,
}

/// The record that a rotation leads to, before anybody is told of it.
pub(crate) struct Successor {
    pub(crate) token: Token,
    /// Under whom it may be entered.
    pub(crate) owners: Vec<OwnerKey>,
}

/// A request's session. Its state is never locked across an await; whoever talks to the store has taken a turn ([`Io`]).
pub(crate) struct Inner {
    pub(crate) shared: Arc<Shared>,
    pub(crate) store: RequestStore,
    /// The request brought what may be a token, readable or not.
    offered: bool,
    state: Mutex<State>,
}

impl Inner {
    /// A session that is in a store.
    pub(crate) fn stored(shared: Arc<Shared>, store: Arc<dyn DynStore>, token: Option<Token>) -> Self {
        Self::new(shared, RequestStore::Shared(store), token.map_or(Base::Absent, Base::Unloaded))
    }

    /// A session that is in its cookie.
    pub(crate) fn sealed(shared: Arc<Shared>, sealing: Arc<Sealing>, text: Option<&[u8]>) -> Self {
        let base = text.map_or(Base::Absent, |_| Base::Sealed);
        let sealed = SealedRequest::new(Arc::clone(&shared), sealing, text);
        Self::new(shared, RequestStore::Sealed(Box::new(sealed)), base)
    }

    fn new(shared: Arc<Shared>, store: RequestStore, base: Base) -> Self {
        let exposed = if let Base::Unloaded(token) = base { Some(token) } else { None };
        let state = State {
            base,
            patch: Pending::default(),
            doomed: Vec::new(),
            successor: None,
            cookie: None,
            used: false,
            born: false,
            turns: Turns::default(),
            cut: false,
            not_destroyed: None,
            response: Response::ToCome,
            closing: false,
            exposed,
        };
        Self { shared, store, offered: exposed.is_some(), state: Mutex::new(state) }
    }

    /// The same, for a request that brought what may have been meant as a token.
    pub(crate) fn offering(mut self, offered: bool) -> Self {
        self.offered = offered;
        self
    }

    /// The same, outside of any request.
    pub(crate) fn outside(self) -> Self {
        self.state().response = Response::None;
        self
    }

    /// Does the session leave in its cookie?
    pub(crate) fn is_sealed(&self) -> bool {
        self.store.sealed().is_some()
    }

    /// The state; a panic elsewhere leaves it consistent, since every change is one assignment.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn now(&self) -> SystemTime {
        self.shared.clock.now()
    }

    pub(crate) fn now_ms(&self) -> u64 {
        millis(self.now())
    }

    /// The field's value as this request sees it; consumes nothing.
    pub(crate) fn peek(&self, field: &Field) -> Option<Bytes> {
        self.peek_in(&self.state(), field)
    }

    /// Loads the record, and then as [`peek`](Self::peek), with one look at the state where it is loaded.
    pub(crate) async fn read(&self, field: &Field) -> Result<Option<Bytes>, SessionError> {
        let state = self.loaded(false).await?;
        Ok(self.peek_in(&state, field))
    }

    fn peek_in(&self, state: &State, field: &Field) -> Option<Bytes> {
        if state.patch.is_untouched() {
            return state.live()?.record.get_by(field, || self.now_ms());
        }
        state.overlay(self.now_ms()).get(field)
    }

    /// As [`peek`](Self::peek), with the value's own end.
    pub(crate) fn peek_value(&self, field: &Field) -> Option<(Bytes, Option<u64>)> {
        self.state().overlay(self.now_ms()).value(field)
    }

    pub(crate) fn keys(&self, known: &'static [Field]) -> Vec<String> {
        let (state, now) = (self.state(), self.now_ms());
        let overlay = state.overlay(now);
        let mut keys: Vec<String> =
            known.iter().filter(|field| overlay.get(field).is_some()).map(|f| f.name.into()).collect();
        if let Base::Live(live) = &state.base {
            let unknown = |name: &&str| !known.iter().any(|field| field.is_called(name.as_bytes()));
            keys.extend(
                live.record.names(now).filter(unknown).filter(|name| overlay.keeps(name.as_bytes())).map(str::to_owned),
            );
        }
        keys
    }

    pub(crate) fn id(&self) -> Option<SessionId> {
        self.state().live().map(|live| live.key(&self.shared).id())
    }

    pub(crate) fn is_new(&self) -> bool {
        let state = self.state();
        state.born || state.live().is_none()
    }

    #[cfg(feature = "debug-view")]
    pub(crate) fn has_unsaved_changes(&self) -> bool {
        !self.state().patch.is_empty()
    }

    pub(crate) fn header<T>(&self, read: impl FnOnce(&Header) -> T) -> Option<T> {
        self.state().live().map(|live| read(&live.record.header))
    }

    pub(crate) fn expires_at(&self) -> Option<SystemTime> {
        let state = self.state();
        let live = state.live()?;
        Some(from_millis(self.shared.touch_due(live, self.now_ms()).unwrap_or(live.expires_at)))
    }

    pub(crate) fn authenticated_at(&self) -> Option<u64> {
        self.state().overlay(self.now_ms()).header().authenticated_at
    }

    /// Sets a field for the commit to come.
    pub(crate) fn set(
        &self,
        field: &'static Field,
        bytes: Option<Bytes>,
        ttl: Option<Duration>,
    ) -> Result<(), SessionError> {
        let what = bytes.map_or(What::Clear, |bytes| What::Set(bytes, expiry(|| self.now_ms(), ttl)));
        self.put(&mut *self.writable()?, field, what)
    }

    /// Sets or clears a field, unless the record would grow too large by it.
    pub(crate) fn put(&self, state: &mut State, field: &'static Field, what: What) -> Result<(), SessionError> {
        if self.surely_fits(state, field, &what) {
            state.patch.put(field, what);
            return Ok(());
        }
        let mut patch = state.patch.clone();
        patch.put(field, what);
        self.check_pending(state, &patch, Some(field))?;
        state.patch = patch;
        Ok(())
    }

    /// Sets many fields for the commit to come, or none.
    pub(crate) fn set_all(&self, mut values: Vec<(&'static Field, Option<Bytes>)>) -> Result<(), SessionError> {
        let now = self.now_ms();
        let mut state = self.writable()?;
        let mut patch = state.patch.clone();
        // The owner first: whatever stands before them in a patch is for the owner before.
        values.sort_by_key(|(field, _)| !field.owner);
        for (field, bytes) in values {
            patch.put(field, bytes.map_or(What::Clear, |bytes| What::Set(bytes, expiry(|| now, field.ttl))));
        }
        self.check_pending(&state, &patch, patch.largest())?;
        state.patch = patch;
        Ok(())
    }

    pub(crate) fn clear_field(&self, field: &'static Field) -> Result<(), SessionError> {
        self.writable()?.patch.put(field, What::Clear);
        Ok(())
    }

    pub(crate) fn clear(&self) -> Result<(), SessionError> {
        self.writable()?.patch.clear();
        Ok(())
    }

    pub(crate) fn regenerate(&self) -> Result<(), SessionError> {
        self.open_state()?.patch.rotate();
        Ok(())
    }

    pub(crate) fn mark_authenticated(&self) -> Result<(), SessionError> {
        let now = self.now_ms();
        self.open_state()?.patch.mark_authenticated(now);
        Ok(())
    }

    pub(crate) fn set_expiry(&self, idle: Duration, absolute: Duration) -> Result<(), SessionError> {
        self.open_state()?.patch.set_lifetimes(Lifetimes::kept(idle, absolute));
        Ok(())
    }

    /// The state, while a change of it can be committed: once the response's head has left, a sealed session has left with it.
    fn writable(&self) -> Result<MutexGuard<'_, State>, SessionError> {
        if self.is_sealed() { self.open_state() } else { Ok(self.state()) }
    }

    /// Ends the session. `true` if the end of the request will see to the rest.
    ///
    /// # Errors
    /// [`RecordError`] if it is sealed and not readable, where it would have to be denied: nothing is ended then.
    pub(crate) fn destroy(&self) -> Result<bool, RecordError> {
        let mut state = self.state();
        if let Err(error) = self.unseal_to_destroy(&mut state) {
            log_unread(&error);
            state.not_destroyed = Some(error);
            return Err(error);
        }
        state.cut = true;
        state.patch.reset();
        match std::mem::replace(&mut state.base, Base::Absent) {
            Base::Unloaded(token) => state.doom(self.shared.key(&token)),
            Base::Live(live) => state.doom(live.key(&self.shared)),
            Base::Ended(key) => state.doom(key),
            // Whoever brings a retired token may not be who holds the new one: nothing is theirs to end.
            Base::Retired => state.base = Base::Retired,
            Base::Absent | Base::Sealed => {}
        }
        Ok(state.response == Response::ToCome || state.doomed.is_empty())
    }
}

impl State {
    pub(crate) fn live(&self) -> Option<&Arc<Live>> {
        match &self.base {
            Base::Live(live) => Some(live),
            _ => None,
        }
    }

    /// What is pending, if anything is, where it can be committed with nothing to be done before.
    pub(crate) fn ready(&self) -> Option<Option<Arc<Patch>>> {
        let is_ready = self.doomed.is_empty() && (self.patch.is_empty() || self.is_loaded(true));
        is_ready.then(|| self.patch.shared())
    }

    /// Is it known what the store has? With `current`, so that one may rely on it.
    fn is_loaded(&self, current: bool) -> bool {
        match &self.base {
            Base::Unloaded(_) | Base::Sealed => false,
            Base::Live(live) => !(current && live.behind),
            Base::Absent | Base::Retired | Base::Ended(_) => true,
        }
    }

    /// The record as this request sees it.
    fn overlay(&self, now: u64) -> Overlay<'_> {
        self.patch.over(self.live().map(|live| &live.record), now)
    }

    /// Notes that the record was given more time.
    pub(crate) fn set_expiry_of(&mut self, token: &Token, end: u64) {
        if let Base::Live(live) = &mut self.base
            && live.token == *token
        {
            Arc::make_mut(live).expires_at = end;
        }
    }

    pub(crate) fn doom(&mut self, key: StoreKey) {
        if !self.doomed.contains(&key) {
            self.doomed.push(key);
        }
        self.born = false;
        self.cookie = Some(CookieChange::Remove);
    }
}
