//! `Session<D>`: the typed operations on one request's session.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::clock::from_millis;
use crate::data::{Accessors, Key, Put, SessionData, View};
use crate::error::SessionError;
use crate::handle::{Done, Handle};
use crate::state::Inner;
use crate::token::SessionId;

/// The session of one request, typed by the struct `D` that derives [`SessionData`].
///
/// It dereferences to the generated methods (`session.cart().await`, `session.set_cart(…).await`, …). Clones are the same session.
/// Nothing is loaded until something is read, and what was set is saved when the handler has returned, before the response's
/// head leaves.
///
/// The operations of one request take turns at the store. So await each to its end, or join them: one that was polled halfway and
/// is then left lying holds up the others, and the response.
///
/// ```
/// use cloakroom::{MemoryStore, Session, SessionData, SessionError, Sessions};
///
/// #[derive(SessionData)]
/// struct Shop {
///     cart: Vec<String>,
///     #[session(flash)]
///     notice: Option<String>,
/// }
///
/// async fn add(session: &Session<Shop>, item: &str) -> Result<usize, SessionError> {
///     session.set_notice(format!("{item} is in your cart")).await?;
///     session.update_cart(|cart| { cart.push(item.to_owned()); cart.len() }).await
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), SessionError> {
/// // A framework's adapter opens and closes the session; here it is done by hand.
/// let sessions = Sessions::<Shop>::new(MemoryStore::new());
/// let session = sessions.open([]);
/// assert_eq!(add(&session, "tea").await?, 1);
/// assert_eq!(session.notice().await?.as_deref(), Some("tea is in your cart"));
/// assert_eq!(session.notice().await?, None);
/// let closed = sessions.close(&session, true).await;
/// assert!(closed.set_cookie.is_some_and(|cookie| cookie.starts_with("__Host-shop=")));
/// # Ok(())
/// # }
/// ```
pub struct Session<D: SessionData> {
    accessors: D::Accessors,
}

impl<D: SessionData> Session<D> {
    pub(crate) fn new(handle: Handle<D>) -> Self {
        Self { accessors: D::Accessors::new(handle) }
    }

    pub(crate) fn inner(&self) -> &Arc<Inner> {
        &self.accessors.handle().inner
    }

    /// Reads one field. A flash field is cleared by it.
    ///
    /// # Errors
    /// [`SessionError::Store`] if the record could not be loaded, [`SessionError::Record`] if it is not readable at all,
    /// [`SessionError::Decode`] if this field no longer reads as its type.
    pub async fn get<T>(&self, key: Key<D, T>) -> Result<T, SessionError> {
        self.accessors.handle().get(key).await
    }

    /// Sets one field: encoded now, saved at the end of the request.
    ///
    /// # Errors
    /// [`SessionError::Encode`] or [`SessionError::TooLarge`]; the field then keeps what it had. Of a sealed session also
    /// [`SessionError::ResponseSent`], once the response's head has left.
    pub fn set<T>(&self, key: Key<D, T>, value: T) -> Done {
        self.accessors.handle().set(key, value)
    }

    /// Sets one field for a time of its own.
    ///
    /// # Errors
    /// As [`set`](Self::set).
    pub fn set_for<T>(&self, key: Key<D, T>, value: T, lifetime: Duration) -> Done {
        self.accessors.handle().set_for(key, value, lifetime)
    }

    /// Reads, changes and writes one field as one atomic step, at once: no concurrent update is ever lost.
    ///
    /// `change` sees the stored value, or what this request has set and not yet saved; it runs again whenever another request
    /// wrote first. Only this field is committed. A field's `ttl` begins anew; a value that was set for a time of its
    /// own, on a field without one, keeps its end. (A sealed session is committed by its response alone, so there the change is one of
    /// this request, and waits for its end with the rest.)
    ///
    /// ```
    /// # #[derive(cloakroom::SessionData)]
    /// # struct Shop { visits: u64 }
    /// # async fn handler(session: cloakroom::Session<Shop>) -> Result<(), cloakroom::SessionError> {
    /// let visits = session.update(Shop::VISITS, |visits| { *visits += 1; *visits }).await?;
    /// // The same, by the generated method:
    /// let visits = session.update_visits(|visits| { *visits += 1; *visits }).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`get`](Self::get) and [`set`](Self::set), and [`SessionError::Ended`] if the session was destroyed meanwhile,
    /// [`SessionError::Contended`] if the turn never came, [`SessionError::ResponseSent`] if a new session would have to be
    /// created after the response's head has left.
    pub async fn update<T, R: Send>(
        &self,
        key: Key<D, T>,
        change: impl FnMut(&mut T) -> R + Send,
    ) -> Result<R, SessionError> {
        self.accessors.handle().update(key, change).await
    }

    /// Reads one field and clears it.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn take<T>(&self, key: Key<D, T>) -> Result<T, SessionError> {
        self.accessors.handle().take(key).await
    }

    /// Brings one field back to unset.
    ///
    /// # Errors
    /// [`SessionError::ResponseSent`] for a sealed session, once the response's head has left.
    pub fn clear_field<T>(&self, key: Key<D, T>) -> Done {
        self.accessors.handle().clear_field(key)
    }

    /// Is the field set, and not expired? Does not consume a flash.
    ///
    /// # Errors
    /// As [`get`](Self::get), but for `Decode`.
    pub async fn has<T>(&self, key: Key<D, T>) -> Result<bool, SessionError> {
        self.accessors.handle().has(key).await
    }

    /// The public id, safe to log and to show: `None` before a record exists, a new one after a committed `regenerate`.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn id(&self) -> Result<Option<SessionId>, SessionError> {
        self.inner().load().await?;
        Ok(self.inner().id())
    }

    /// Is there no record yet, or was it made by this request?
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn is_new(&self) -> Result<bool, SessionError> {
        self.inner().load().await?;
        Ok(self.inner().is_new())
    }

    /// When the session began. `None` before a record exists.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn created_at(&self) -> Result<Option<SystemTime>, SessionError> {
        self.inner().load().await?;
        Ok(self.inner().header(|header| header.created_at).map(from_millis))
    }

    /// When the session ends if nothing more happens. `None` before a record exists.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn expires_at(&self) -> Result<Option<SystemTime>, SessionError> {
        self.inner().load().await?;
        Ok(self.inner().expires_at())
    }

    /// When the visitor last proved who they are: see [`mark_authenticated`](Self::mark_authenticated).
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn authenticated_at(&self) -> Result<Option<SystemTime>, SessionError> {
        self.inner().load().await?;
        Ok(self.inner().authenticated_at().map(from_millis))
    }

    /// The stored names of all fields that are set, in no particular order.
    ///
    /// # Errors
    /// As [`get`](Self::get), but for `Decode`.
    pub async fn keys(&self) -> Result<Vec<String>, SessionError> {
        self.inner().load().await?;
        Ok(self.inner().keys(D::STORED))
    }

    /// All fields at once, as a plain value. Consumes no flash.
    ///
    /// # Errors
    /// As [`get`](Self::get), for the first field that fails.
    pub async fn snapshot(&self) -> Result<D, SessionError> {
        self.inner().load().await?;
        View::read(&|field| self.inner().peek(field))
    }

    /// Sets all fields from a plain value.
    ///
    /// # Errors
    /// As [`set`](Self::set), for the first field that fails; no field is changed then.
    pub fn set_all(&self, data: D) -> Done {
        let mut fields = Vec::with_capacity(D::STORED.len());
        let encoded = Put::write(data, &mut |field, bytes| fields.push((field, bytes)));
        Done::ready(encoded.and_then(|()| self.inner().set_all(fields)))
    }

    /// Empties the session as it stands when this request commits; what is set after this call stays.
    ///
    /// # Errors
    /// [`SessionError::ResponseSent`] for a sealed session, once the response's head has left.
    pub fn clear(&self) -> Done {
        Done::ready(self.inner().clear())
    }

    /// Commits now instead of at the end of the request: for streams, spawned tasks and web sockets.
    ///
    /// A session that was read is in use: its idle time begins anew, as at the end of a request. So a web socket that calls this for each
    /// message keeps its session alive; the store is asked only where something was set, or a tenth of the idle time has passed.
    ///
    /// # Errors
    /// [`SessionError::Ended`] if the session is gone, [`SessionError::ResponseSent`] if a cookie would be needed and it is
    /// too late for one, [`SessionError::Unsupported`] for a sealed session, else as [`update`](Self::update). What was set stays
    /// pending, but after [`SessionError::TooManySessions`], which drops it all.
    pub async fn save(&self) -> Result<(), SessionError> {
        self.inner().save().await
    }

    /// Commits as [`save`](Self::save) does, and gives the text of the session's token: for bearer sessions, and for those that were
    /// opened outside of a request. `None` where there is no session, and nothing to begin one for. **It is the secret itself**: show it
    /// to nobody but the client whose session this is, and to no script in a browser, from which the cookie hides it.
    ///
    /// ```
    /// use cloakroom::{Session, SessionData, SessionError};
    ///
    /// #[derive(SessionData)]
    /// #[session(cookie = "api")]
    /// struct Api { #[session(owner)] user_id: Option<u64> }
    ///
    /// /// The token that the app sends from now on, as `Authorization: Bearer …`.
    /// async fn sign_in(session: Session<Api>) -> Result<String, SessionError> {
    ///     session.set_user_id(7).await?;
    ///     Ok(session.expose_token().await?.unwrap_or_default())
    /// }
    /// # let _ = sign_in;
    /// ```
    ///
    /// # Errors
    /// As [`save`](Self::save).
    pub async fn expose_token(&self) -> Result<Option<String>, SessionError> {
        self.inner().expose_token().await
    }

    /// Gives the session a new token, and keeps its data. Do this whenever rights change; setting the owner field does it by itself.
    ///
    /// # Errors
    /// [`SessionError::ResponseSent`] once the response's head has left; nothing is changed then.
    #[doc(alias = "cycle_id")]
    #[doc(alias = "renew")]
    pub fn regenerate(&self) -> Done {
        Done::ready(self.inner().regenerate())
    }

    /// Ends the session: the record is deleted and the cookie removed. It holds even if the handler then fails or the client
    /// goes away. What is set after this call starts a session with a new token.
    ///
    /// # Errors
    /// Once the response's head has left, the record is deleted when this is awaited: [`SessionError::Store`] if that failed. A sealed
    /// session is then ended by its deny list alone: without one, [`SessionError::ResponseSent`] (outside of a request
    /// [`SessionError::Unsupported`]). What such a list would have to name and nobody can read is [`SessionError::Record`]: nothing is
    /// ended then, the cookie stays, and the response is replaced by the error's.
    #[doc(alias = "flush")]
    #[doc(alias = "purge")]
    pub fn destroy(&self) -> Done {
        match self.inner().destroy() {
            Ok(true) => Done::ready(Ok(())),
            Err(error) => Done::ready(Err(error.into())),
            Ok(false) => {
                let inner = Arc::clone(self.inner());
                Done::later(async move { inner.finish_destroy().await })
            }
        }
    }

    /// Drops what was loaded and loads the record as it stands now. What this request has set stays set. A session that has ended since
    /// reads as one that nobody has begun: its [`id`](Self::id) is `None`, and no guard for who is signed in lets it pass.
    ///
    /// This only looks: it does not keep the session alive, [`save`](Self::save) does.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn reload(&self) -> Result<(), SessionError> {
        self.inner().reload().await
    }

    /// Gives this session lifetimes of its own ("remember me"), within the layer's maximum: the longest pause between two
    /// requests, and the longest life, counted from creation or from [`mark_authenticated`](Self::mark_authenticated).
    /// The cookie then outlives the browser, until the absolute end (at most 400 days, RFC 6265bis section 5.5).
    ///
    /// ```
    /// # #[derive(cloakroom::SessionData)]
    /// # struct Shop { #[session(owner)] user_id: Option<u64> }
    /// # async fn sign_in(session: cloakroom::Session<Shop>, remember_me: bool) -> Result<(), cloakroom::SessionError> {
    /// use std::time::Duration;
    ///
    /// const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    /// session.mark_authenticated().await?;
    /// session.set_user_id(7).await?;
    /// if remember_me {
    ///     session.set_expiry(30 * DAY, 90 * DAY).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`SessionError::ResponseSent`] once the response's head has left; nothing is changed then.
    pub fn set_expiry(&self, idle: Duration, absolute: Duration) -> Done {
        Done::ready(self.inner().set_expiry(idle, absolute))
    }

    /// Notes that the visitor has just proved who they are: a new token, and the absolute lifetime starts anew.
    ///
    /// # Errors
    /// [`SessionError::ResponseSent`] once the response's head has left; nothing is changed then.
    pub fn mark_authenticated(&self) -> Done {
        Done::ready(self.inner().mark_authenticated())
    }
}

impl<D: SessionData> Deref for Session<D> {
    type Target = D::Accessors;

    fn deref(&self) -> &D::Accessors {
        &self.accessors
    }
}

impl<D: SessionData> Clone for Session<D> {
    fn clone(&self) -> Self {
        Self::new(self.accessors.handle().clone())
    }
}

impl<D: SessionData> fmt::Debug for Session<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("name", &D::NAME).field("id", &self.inner().id()).finish_non_exhaustive()
    }
}
