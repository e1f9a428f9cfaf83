//! The sessions of one owner: listed, and revoked.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::SystemTime;

use super::Sessions;
use crate::base::{Backing, Indexing, Shared};
use crate::clock::{from_millis, millis};
use crate::data::{OwnedData, SessionData, View};
use crate::error::SessionError;
use crate::owners::Owners;
use crate::policy::{AtLimit, Limit};
use crate::record::Record;
use crate::session::Session;
use crate::store::OwnerKey;
use crate::token::{SessionId, StoreKey};

// The bounds stand at the methods: at the `impl`, the compiler would say that there is no such method, and not why.
impl<D: SessionData> Sessions<D> {
    /// Keeps an index of sessions by their owner, so that [`of`](Self::of) can list and revoke them. It is kept in the same store, and
    /// never holds a token.
    ///
    /// A sign-in then costs two calls more (the session is entered before it is stored, and then looked after once), a sign-out one, and
    /// a regenerate three. Nothing else costs more.
    ///
    /// Sessions are entered when they are signed in. Those from before the index was kept are not in it, and end by their lifetimes; so
    /// keep it from the first day. Whoever makes `absolute` longer has those of before leave the index at their old end.
    ///
    /// ```
    /// use cloakroom::{MemoryStore, SessionData, Sessions};
    ///
    /// #[derive(SessionData)]
    /// struct Shop {
    ///     #[session(owner)]
    ///     user_id: Option<u64>,
    ///     device: String,
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), cloakroom::SessionError> {
    /// let sessions = Sessions::<Shop>::new(MemoryStore::new()).with_owner_index();
    /// for device in ["phone", "laptop"] {
    ///     let session = sessions.open([]);
    ///     session.set_user_id(7).await?;
    ///     session.set_device(device.to_owned()).await?;
    ///     session.save().await?;
    /// }
    /// for one in sessions.of(&7).list(None).await? {
    ///     println!("{}, last seen {:?}", one.data()?.device, one.last_seen());
    /// }
    /// assert_eq!(sessions.of(&7).revoke_all().await?, 2);
    /// assert_eq!(sessions.of(&7).list(None).await?.len(), 0);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// If the store has no owner index, or if the sessions are sealed into their cookies.
    pub fn with_owner_index(mut self) -> Self
    where
        D: OwnedData,
    {
        match &self.parts.shared.backing {
            Backing::Store(store) => assert!(
                store.owner_index().is_some(),
                "this store keeps no owner index: use one that does, or leave out `with_owner_index`"
            ),
            Backing::Sealed(_) => {
                panic!(
                    "sealed sessions are nowhere to be listed: keep them in a store, or leave out `with_owner_index`"
                )
            }
        }
        self.shared_mut().indexing.get_or_insert_default();
        self
    }

    /// Lets an owner have at most this many sessions, and says what becomes of the next sign-in. Keeps the
    /// [owner index](Self::with_owner_index) as well.
    ///
    /// It holds however many sign in at the same moment. Each sign-in then also loads the owner's sessions, one call each. A regenerate
    /// is no sign-in; but while one is under way beside a sign-in, its session may count twice.
    ///
    /// With [`AtLimit::Refuse`], the sign-in fails with [`SessionError::TooManySessions`] where it is committed: at the end of the
    /// request, or in [`save`](Session::save), which lets a handler answer with a page of its own.
    ///
    /// # Panics
    /// As [`with_owner_index`](Self::with_owner_index), and if `most` is zero.
    pub fn with_session_limit(self, most: usize, at_limit: AtLimit) -> Self
    where
        D: OwnedData,
    {
        assert!(most > 0, "a limit of no sessions lets nobody sign in: say at least 1");
        let mut sessions = self.with_owner_index();
        sessions.shared_mut().indexing = Some(Indexing { limit: Some(Limit { most, then: at_limit }) });
        sessions
    }

    /// The sessions of this owner. Asks nothing yet.
    pub fn of(&self, owner: &D::Owner) -> SessionsOf<D>
    where
        D: OwnedData,
    {
        SessionsOf::new(&self.parts.shared, owner)
    }
}

impl<D: SessionData> Session<D> {
    /// All sessions of this owner, whoever that is: as [`Sessions::of`], for handlers.
    ///
    /// ```
    /// # use cloakroom::{Session, SessionData, SessionError};
    /// # #[derive(SessionData)]
    /// # struct Shop { #[session(owner)] user_id: Option<u64> }
    /// async fn sign_out_elsewhere(session: Session<Shop>) -> Result<String, SessionError> {
    ///     let Some(user_id) = session.user_id().await? else { return Ok("you are not signed in".into()) };
    ///     let ended = session.sessions_of(&user_id).revoke_others(&session).await?;
    ///     Ok(format!("{ended} other devices were signed out"))
    /// }
    /// ```
    pub fn sessions_of(&self, owner: &D::Owner) -> SessionsOf<D>
    where
        D: OwnedData,
    {
        SessionsOf::new(&self.inner().shared, owner)
    }
}

/// The sessions of one owner. [`Sessions::of`] and [`Session::sessions_of`] give it.
///
/// Its methods look at the store as it stands: a sign-in that this request has not [saved](Session::save) yet is not seen. Each fails
/// with [`SessionError::NoOwnerIndex`] unless [`with_owner_index`](Sessions::with_owner_index) was called.
///
/// What it revokes is ended as by [`destroy`](Session::destroy), on every node at once, and a sign-in that is under way is either
/// revoked as well or begins after it. A future that is dropped halfway, as that of a handler whose visitor goes away, leaves the rest for
/// another try: where that must not be, `tokio::spawn` it.
pub struct SessionsOf<D> {
    shared: Arc<Shared>,
    owner: Result<OwnerKey, Unwritten>,
    data: PhantomData<fn() -> D>,
}

/// An owner that serde could not write.
struct Unwritten {
    field: &'static str,
    said: String,
}

impl<D: SessionData> SessionsOf<D> {
    fn new(shared: &Arc<Shared>, owner: &D::Owner) -> Self
    where
        D: OwnedData,
    {
        let owner = D::OWNER.write(owner).map(|bytes| OwnerKey::of(D::NAME, &bytes));
        let owner = owner
            .map_err(|error| Unwritten { field: D::OWNER.field.name, said: D::OWNER.field.shown(error).to_string() });
        Self { shared: Arc::clone(shared), owner, data: PhantomData }
    }

    fn owners(&self) -> Result<(Owners<'_>, OwnerKey), SessionError> {
        match &self.owner {
            Ok(owner) => Ok((self.shared.owners().ok_or(SessionError::NoOwnerIndex)?, *owner)),
            Err(Unwritten { field, said }) => Err(SessionError::Encode { field, source: said.as_str().into() }),
        }
    }

    /// All of them that are alive, the one that was seen last first. `current` is the session that is looking at them, if one is, so
    /// that [`is_current`](OwnedSession::is_current) can tell.
    ///
    /// One call to the index, and one for each session. A record that nobody can read at all (damaged, of a newer version of this
    /// library, or encrypted by a key that is missing) is logged and left out; the `revoke_…` methods end it all the same.
    ///
    /// # Errors
    /// [`SessionError::Store`], or [`SessionError::NoOwnerIndex`]. A field that no longer reads as its type is an error of
    /// [`OwnedSession::data`] alone.
    pub async fn list<'a>(
        &self,
        current: impl Into<Option<&'a Session<D>>>,
    ) -> Result<Vec<OwnedSession<D>>, SessionError> {
        let (owners, owner) = self.owners()?;
        let current = match current.into() {
            Some(session) => key_of(session).await?,
            None => None,
        };
        let found = owners.list(&owner).await?;
        let listed = found.into_iter().map(|(key, stored, record)| OwnedSession {
            id: key.id(),
            last_seen: owners.last_seen(&stored, &record),
            expires_at: stored.expires_at,
            is_current: current == Some(key),
            now: millis(self.shared.clock.now()),
            record,
            data: PhantomData,
        });
        Ok(listed.collect())
    }

    /// Ends the one with this public id, and says whether there was one. Somebody else's session it never ends, so the id may come from
    /// a form as it is. `false` says that no session of this owner has that id, or no longer: one that was regenerated since it was listed
    /// lives on under a new one, so have the visitor look at the list again.
    ///
    /// The session that asks is better ended by [`destroy`](Session::destroy), which removes its cookie as well.
    ///
    /// # Errors
    /// [`SessionError::Store`], or [`SessionError::NoOwnerIndex`].
    pub async fn revoke(&self, id: impl fmt::Display) -> Result<bool, SessionError> {
        let id = id.to_string().parse::<SessionId>();
        let (owners, owner) = self.owners()?;
        match id {
            Ok(id) => owners.revoke(&owner, |key| key.id() == id).await,
            Err(_) => Ok(false),
        }
    }

    /// Ends all but this one, and says how many: for a change of password, after `regenerate` and [`save`](Session::save). Before the
    /// new token is saved, whoever has a copy of the old one could still get a session of their own.
    ///
    /// # Errors
    /// As [`revoke_all`](Self::revoke_all), or as [`Session::id`].
    pub async fn revoke_others(&self, session: &Session<D>) -> Result<usize, SessionError> {
        let (owners, owner) = self.owners()?;
        let current = key_of(session).await?;
        owners.revoke_all(&owner, current).await
    }

    /// Ends all of them, and says how many.
    ///
    /// # Errors
    /// [`SessionError::Store`] if one could not be ended; the others are ended, and the next call finds the rest.
    /// [`SessionError::Contended`] if new ones were signed in all the time. [`SessionError::NoOwnerIndex`].
    pub async fn revoke_all(&self) -> Result<usize, SessionError> {
        let (owners, owner) = self.owners()?;
        owners.revoke_all(&owner, None).await
    }
}

/// The storage key of a session, once it has a record.
async fn key_of<D: SessionData>(session: &Session<D>) -> Result<Option<StoreKey>, SessionError> {
    let inner = session.inner();
    inner.load().await?;
    Ok(inner.state().live().map(|live| live.key(&inner.shared)))
}

impl<D> fmt::Debug for SessionsOf<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionsOf").field("name", &self.shared.policy.name()).finish_non_exhaustive()
    }
}

/// One of an owner's sessions, as it stood when it was listed.
pub struct OwnedSession<D> {
    id: SessionId,
    last_seen: SystemTime,
    expires_at: SystemTime,
    is_current: bool,
    now: u64,
    record: Record,
    data: PhantomData<fn() -> D>,
}

impl<D: SessionData> OwnedSession<D> {
    /// The public id, for [`SessionsOf::revoke`]. A session has a new one after each `regenerate`.
    pub fn id(&self) -> SessionId {
        self.id
    }

    /// When the session began: before its owner signed in, if they looked around first.
    pub fn created_at(&self) -> SystemTime {
        from_millis(self.record.header.created_at)
    }

    /// When its owner last proved who they are, where that was noted: see [`Session::mark_authenticated`].
    pub fn authenticated_at(&self) -> Option<SystemTime> {
        self.record.header.authenticated_at.map(from_millis)
    }

    /// When it was last in use, to a tenth of the idle time: activity is not written down more often. In the last idle time before the
    /// absolute end it is not written down at all.
    pub fn last_seen(&self) -> SystemTime {
        self.last_seen
    }

    /// When it ends if nothing more happens.
    pub fn expires_at(&self) -> SystemTime {
        self.expires_at
    }

    /// Is it the session that asked for the list?
    pub fn is_current(&self) -> bool {
        self.is_current
    }

    /// All its fields as a plain value. Consumes no flash.
    ///
    /// # Errors
    /// [`SessionError::Decode`] for the first field that no longer reads as its type.
    pub fn data(&self) -> Result<D, SessionError> {
        View::read(&|field| self.record.get(field, self.now))
    }
}

impl<D> fmt::Debug for OwnedSession<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnedSession")
            .field("id", &self.id)
            .field("last_seen", &self.last_seen)
            .field("is_current", &self.is_current)
            .finish_non_exhaustive()
    }
}
