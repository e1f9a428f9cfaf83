//! What the application asks for while the session goes on: a commit before the end of the request, or where there is none, and the
//! token that it has then.

use super::{Patch, max_age};
use crate::base::Live;
use crate::error::SessionError;
use crate::report::Call;
use crate::state::{Inner, Io};
use crate::store::Touched;

impl Inner {
    /// Commits what is pending, and writes down the activity, now.
    pub(crate) async fn save(&self) -> Result<(), SessionError> {
        let io = self.lock_to_save().await?;
        self.commit_pending(&io).await?;
        match self.touch(&io).await {
            Some(Touched::Gone) => Err(self.live_has_ended()),
            // Another request has written since this one loaded the record, which may be long ago.
            Some(Touched::Stale) if self.refresh(&io).await? => {
                self.touch(&io).await;
                Ok(())
            }
            _ => Ok(()),
        }
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
            let age = max_age(&self.shared.policy, &live.record.header, self.now());
            self.shared.policy.cookie.set(&self.expose(&live), age)
        }))
    }

    /// The record, once it holds all that was set.
    async fn settled(&self) -> Result<Option<Live>, SessionError> {
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

    pub(super) async fn commit_pending(&self, io: &Io<'_>) -> Result<(), SessionError> {
        self.delete_doomed(io).await?;
        if self.state().patch.is_empty() {
            return Ok(());
        }
        self.load_under(io, true).await?;
        let patch: Patch = self.state().patch.clone();
        let committed = self.carry_out(io, &mut |_| Ok(patch.clone())).await;
        // Else the response that says so would be refused as well.
        if matches!(committed, Ok(()) | Err(SessionError::TooManySessions { .. })) {
            self.state().patch.forget(&patch);
        }
        committed
    }

    /// Writes the record's new expiry, where it has moved far enough: `None` where it has not. A store that fails costs nothing but
    /// that.
    pub(super) async fn touch(&self, _: &Io<'_>) -> Option<Touched> {
        let live = self.state().live().cloned()?;
        let end = self.touch_due(&live)?;
        let touching = self.store.touch(&live.key, &live.version, end).await;
        let touched = touching.inspect_err(|error| self.shared.report.failed(Call::Touch, Some(&live.key), error));
        if let Ok(Touched::Done) = touched {
            let mut state = self.state();
            state.set_expiry_of(&live.key, end);
            if self.is_sealed() {
                self.note_cookie(&mut state, &live);
            }
        }
        touched.ok()
    }
}
