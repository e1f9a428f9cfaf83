//! Sessions that are in their cookies.

use std::sync::Arc;

use super::Sessions;
use crate::base::{Backing, Sealing};
use crate::bearer::Carrier;
use crate::data::SessionData;
use crate::seal::SealKeys;
use crate::store::SessionStore;

impl<D: SessionData> Sessions<D> {
    /// Sessions without a store, sealed into their cookies. **Without a deny list, signing out does not end them on the server: a
    /// cookie that somebody has copied stays good until it expires. And of two requests that overlap, the later answer wins: what
    /// the other one wrote is lost.** For the first there is [`with_deny_list`](Self::with_deny_list), for both a store
    /// ([`new`](Self::new)). (The later answer may be one that only read, and sealed the session anew since that was due.)
    ///
    /// **A visitor can rewind their own fields**: an older copy of a cookie of the same session opens as well, deny list or not, and so
    /// brings back spent flash messages, counters and an `oauth_state` that was taken. What must not be rewound belongs into a store. A
    /// deny list keeps what gives the session a new identity from being rewound: another owner or none, `regenerate`,
    /// `mark_authenticated`, and a new `set_expiry`.
    ///
    /// The whole record travels with every request, encrypted (AES-256-GCM) and bound to this cookie's name. Inside are its idle end, and
    /// the time from which each node counts its own `absolute`. A browser keeps 4096 bytes of name and value, so about 2.9 KB of fields:
    /// what would not fit is [`SessionError::TooLarge`](crate::SessionError::TooLarge) when it is set. (`with_max_record_size` is for
    /// stores.)
    ///
    /// What is different for handlers: `update_*` changes the record of its own request, and like all else goes out with the response
    /// (or is dropped with a 5xx). `save` is [`Unsupported`](crate::SessionError::Unsupported), and once the response's head has
    /// left, nothing can be set any more ([`ResponseSent`](crate::SessionError::ResponseSent)).
    ///
    /// ```
    /// use cloakroom::{SealKeys, SessionData, Sessions};
    ///
    /// #[derive(SessionData)]
    /// struct Shop { visits: u64 }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sessions = Sessions::<Shop>::sealed(SealKeys::ephemeral()); // in production `SealKeys::from_env()?`
    ///
    /// let session = sessions.open([]);
    /// session.update_visits(|visits| *visits += 1).await?;
    /// let set_cookie = sessions.close(&session, true).await.set_cookie.ok_or("no cookie")?;
    ///
    /// let (cookie, _) = set_cookie.split_once(';').ok_or("no attributes")?;
    /// assert_eq!(sessions.open([cookie.as_bytes()]).visits().await?, 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// As [`new`](Self::new).
    pub fn sealed(keys: SealKeys) -> Self {
        Self::on(Backing::Sealed(Arc::new(Sealing { keys, deny: None })), Carrier::Cookie)
    }

    /// Names the sealed sessions that are over in a store, so that a sign-out is one: [`destroy`](crate::Session::destroy) writes the
    /// session there until its absolute end (for the idle time at least), and so does a new token with the old one. An entry takes about
    /// a hundred bytes.
    ///
    /// Each request that loads a session asks this store once, and once more where its cookie changes, so that no late response puts an
    /// ended session in the place of the one that followed it. (It asks after a key that is mostly not there.) While the store is down,
    /// reads and changes fail with 503. What remains: of two responses that leave at the same moment, the network says which comes last.
    ///
    /// A store that drops entries before their time, as a full `MemoryStore` does, lets those cookies in again. Nodes may differ in
    /// `absolute`, as during a deployment, but should agree on `idle`: else the one where it is short forgets what the other lets in. A
    /// cookie whose key is missing on this node is removed by `destroy` and not denied, with a warning that names the key; one that was
    /// opened and is not readable stays, with [`SessionError::Record`](crate::SessionError::Record).
    ///
    /// ```
    /// use cloakroom::{MemoryStore, SealKeys, SessionData, Sessions};
    ///
    /// #[derive(SessionData)]
    /// struct Shop { #[session(owner)] user_id: Option<u64> }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sessions = Sessions::<Shop>::sealed(SealKeys::ephemeral()).with_deny_list(MemoryStore::new());
    ///
    /// let session = sessions.open([]);
    /// session.set_user_id(7).await?;
    /// let set_cookie = sessions.close(&session, true).await.set_cookie.ok_or("no cookie")?;
    /// let (copied, _) = set_cookie.split_once(';').ok_or("no attributes")?;
    ///
    /// let session = sessions.open([copied.as_bytes()]);
    /// session.destroy().await?;
    /// sessions.close(&session, true).await;
    /// assert_eq!(sessions.open([copied.as_bytes()]).user_id().await?, None);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// If these sessions are kept in a store, which needs no deny list.
    pub fn with_deny_list(mut self, store: impl SessionStore) -> Self {
        match &mut self.shared_mut().backing {
            Backing::Sealed(sealing) => Arc::make_mut(sealing).deny = Some(Arc::new(store)),
            Backing::Store(_) => panic!("sessions in a store need no deny list: leave out `with_deny_list`"),
        }
        self
    }
}
