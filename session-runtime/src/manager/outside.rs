//! Sessions outside of a request: jobs, command lines, tests, and protocols that are not HTTP.

use super::Sessions;
use crate::base::Backing;
use crate::bearer::{Bearer, Carrier};
use crate::data::SessionData;
use crate::error::SessionError;
use crate::session::Session;
use crate::token::Token;

impl<D: SessionData> Sessions<D> {
    /// Begins a session outside of a request: for a test, or a client that gets its token in another way than by a cookie. It is empty,
    /// and nothing is stored before it is saved.
    ///
    /// Nothing closes it by itself: what was set and never saved is lost when it is dropped, with an event in the log; and so is a new
    /// token that nobody has asked for. (A sealed session begins so as well; [`close`](Self::close) gives its cookie.)
    ///
    /// ```
    /// use cloakroom::{MemoryStore, SessionData, Sessions};
    ///
    /// #[derive(SessionData)]
    /// struct Shop { #[session(owner)] user_id: Option<u64>, cart: Vec<String> }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sessions = Sessions::<Shop>::new(MemoryStore::new());
    /// let session = sessions.create();
    /// session.set_user_id(7).await?;
    /// session.set_cart(vec!["tea".to_owned()]).await?;
    ///
    /// let set_cookie = sessions.set_cookie(&session).await?.ok_or("nothing was saved")?;
    /// let (cookie, _) = set_cookie.split_once(';').ok_or("no attributes")?;
    /// assert_eq!(sessions.open([cookie.as_bytes()]).cart().await?, ["tea"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn create(&self) -> Session<D> {
        self.session(self.by_token(None).outside())
    }

    /// Opens the session of a token outside of a request: for a job, a command line, or a protocol of your own. Asks no store: whether
    /// there is such a session shows when it is first read (its [`id`](Session::id) is `None` where there is not).
    ///
    /// All works as in a handler, but at once: [`save`](Session::save) saves, [`destroy`](Session::destroy) ends the session when it is
    /// awaited. `regenerate` and `mark_authenticated` are carried out by the next `save`; then the token given here opens nothing any
    /// more, and [`expose_token`](Session::expose_token) gives the new one. What was set and never saved is lost when the session is
    /// dropped, with an event in the log, and so is a new token that nobody has asked for.
    ///
    /// ```
    /// # use cloakroom::{MemoryStore, SessionData, Sessions};
    /// # #[derive(SessionData)]
    /// # struct Shop { #[session(owner)] user_id: Option<u64> }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sessions = Sessions::<Shop>::new(MemoryStore::new());
    /// # let session = sessions.create();
    /// # session.set_user_id(7).await?;
    /// # let line = session.expose_token().await?.ok_or("no session")?;
    /// let session = sessions.resume(line.trim().parse()?)?;
    /// assert_eq!(session.user_id().await?, Some(7));
    /// session.destroy().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`SessionError::Unsupported`] for sealed sessions, which have no token: [`open`](Self::open) reads them out of a Cookie header.
    pub fn resume(&self, token: Token) -> Result<Session<D>, SessionError> {
        match self.parts.shared.backing {
            Backing::Store(_) => Ok(self.session(self.by_token(Some(token)).outside())),
            Backing::Sealed(_) => Err(SessionError::Unsupported),
        }
    }

    /// The token in the bytes of Cookie header fields (of [`bearer`](Self::bearer) sessions: of Authorization header fields), as
    /// [`open`](Self::open) would find it. Asks no store: the token may open nothing. `None` if there is none, if it is malformed, or if
    /// two differ; and for sealed sessions, which have none.
    ///
    /// ```
    /// # use cloakroom::{MemoryStore, SessionData, Sessions};
    /// # #[derive(SessionData)]
    /// # struct Shop { visits: u64 }
    /// let sessions = Sessions::<Shop>::new(MemoryStore::new());
    /// let header = "theme=dark; __Host-shop=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    /// assert!(sessions.find_token([header.as_bytes()]).is_some());
    /// ```
    pub fn find_token<'a>(&self, credentials: impl IntoIterator<Item = &'a [u8]>) -> Option<Token> {
        match (&self.parts.shared.backing, self.parts.shared.carrier) {
            (Backing::Store(_), Carrier::Cookie) => self.parts.shared.policy.cookie.find(credentials),
            (Backing::Store(_), Carrier::Bearer) => Bearer::find(credentials).token(),
            (Backing::Sealed(_), _) => None,
        }
    }

    /// Saves the session, and gives the text of the `Set-Cookie` field that hands it to a browser, with the attributes that the layer
    /// gives it: whether or not the browser has it already. `None` where there is no session, and nothing to begin one for.
    ///
    /// # Errors
    /// As [`Session::save`], and [`SessionError::Unsupported`] for [`bearer`](Self::bearer) sessions, which have no cookie, and for sealed
    /// ones, whose cookie [`close`](Self::close) gives.
    pub async fn set_cookie(&self, session: &Session<D>) -> Result<Option<String>, SessionError> {
        session.inner().set_cookie().await
    }

    /// The text of the `Set-Cookie` field that makes a browser forget the session's cookie, with the attributes that the layer gives it.
    /// The session itself lives on: [`Session::destroy`] ends it.
    pub fn removal_cookie(&self) -> String {
        self.parts.shared.policy.cookie.removal()
    }
}
