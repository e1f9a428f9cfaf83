//! What the application asks for while the session goes on: a commit before the end of the request, or where there is none, and the
//! token that it has then.

use std::sync::Arc;

use crate::base::{Live, max_age};
use crate::error::SessionError;
use crate::state::{Inner, Io};
use crate::store::Touched;

impl Inner {
    /// Commits what is pending, and writes down the activity, now.
    pub(crate) async fn save(&self) -> Result<(), SessionError> {
        let io = self.lock_to_save().await?;
        self.commit_pending(&io).await?;
        let touched = self.touch(&io).await;
        // Another request has ended the session, or written to it, since this one loaded the record: which may be long ago.
        if matches!(touched, Some(Touched::Gone | Touched::Stale)) && self.refresh(&io).await? {
            self.touch(&io).await;
        }
        Ok(())
    }

    /// Commits what is pending, and gives the token's text.
    pub(crate) async fn expose_token(&self) -> Result<Option<String>, SessionError> {
        Ok(self.settled().await?.map(|live| self.expose(&live)))
    }

    /// Commits what is pending, and gives the text of the cookie that the client needs for the session.
    pub(crate) async fn set_cookie(&self) -> Result<Option<String>, SessionError> {
        if !self.is_by_cookie() {
            return Err(SessionError::Unsupported);
        }
        Ok(self.settled().await?.map(|live| {
            let age = max_age(&self.shared.policy, &live.record.header, self.now_ms());
            self.shared.policy.cookie.set(&self.expose(&live), age)
        }))
    }

    /// The record, once it holds all that was set.
    async fn settled(&self) -> Result<Option<Arc<Live>>, SessionError> {
        let io = self.lock_to_save().await?;
        self.state().used = true;
        self.commit_pending(&io).await?;
        self.load_under(&io, true).await?;
        Ok(self.state().live().cloned())
    }

    fn expose(&self, live: &Live) -> String {
        self.state().exposed = Some(live.token);
        live.token.expose()
    }

    async fn lock_to_save(&self) -> Result<Io<'_>, SessionError> {
        if self.is_sealed() {
            return Err(SessionError::Unsupported);
        }
        Ok(self.lock_io().await)
    }
}
