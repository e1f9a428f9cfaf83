//! The two writes that a commit mostly comes to, each one step in the store, and what the owner index needs around it.

use super::Try;
use crate::base::Live;
use crate::clock::from_millis;
use crate::error::SessionError;
use crate::patch::Patch;
use crate::record::{Header, Merged};
use crate::report::Stopwatch;
use crate::state::Inner;
use crate::store::{Created, Replaced};

impl Inner {
    /// A new record, under a new token.
    pub(super) async fn create(
        &self,
        patch: &Patch,
        merged: &Merged,
        now: u64,
        since: Stopwatch,
    ) -> Result<Try, SessionError> {
        self.may_set_cookie()?;
        self.check_size(None, merged, patch.largest())?;
        let token = self.draw_token();
        let key = self.shared.key(&token);
        let expires_at = self.expiry_of(merged, now);
        let owner = self.enter_owner(&key, None, &merged.record).await?;
        let created = self.store.create(&key, merged.record.bytes(), from_millis(expires_at)).await;
        match created.inspect_err(|error| self.log_commit(error)) {
            Ok(Created::New(version)) => {
                let is_entered = self.is_entered(owner, &key).await;
                if !matches!(is_entered, Ok(true)) {
                    Box::pin(self.take_back_created(owner, &key)).await;
                    // Where nobody can say whether it was revoked, the next try begins anew.
                    return is_entered.and_then(|_| Err(self.ended(key)));
                }
                let record = merged.record.clone();
                let live = Live { token, key: Some(key), version, record, expires_at, seen_at: now, behind: false };
                self.settle(live, true)?;
                self.state().born = true;
                self.report(None, &key, &merged.record, patch, now, since);
                Ok(Try::Settled)
            }
            // 256 random bits met twice, or a store that repeats itself: another token will do.
            Ok(Created::Taken) => {
                self.leave(owner, &key).await;
                Ok(Try::Overtaken)
            }
            Err(error) => {
                // It may be there all the same. An entry would take up a place under the limit.
                if owner.is_some() {
                    Box::pin(self.take_back_created(owner, &key)).await;
                }
                Err(error.into())
            }
        }
    }

    /// A new version of a record, under the same token.
    pub(super) async fn replace(
        &self,
        live: &Live,
        patch: &Patch,
        merged: &Merged,
        now: u64,
        since: Stopwatch,
    ) -> Result<Try, SessionError> {
        // The cookie lives as long as the record, where that has lifetimes of its own.
        let end = |header: &Header| header.own.map(|own| (own, header.counted_from));
        let new_end = self.is_by_cookie() && end(&merged.record.header) != end(&live.record.header);
        let new_cookie = self.is_sealed() || new_end;
        if new_cookie {
            self.may_set_cookie()?;
        }
        self.check_size(Some(&live.record), merged, patch.largest())?;
        let expires_at = self.expiry_of(merged, now);
        let (token, key) = (live.token, live.key(&self.shared));
        let owner = if self.moves_entry(&live.record, &merged.record) {
            self.enter_owner(&key, Some(&live.record), &merged.record).await?
        } else {
            None
        };
        let bytes = merged.record.bytes();
        let replacing = self.store.replace(&key, &live.version, bytes, from_millis(expires_at));
        let replaced = replacing.await.inspect_err(|error| self.log_commit(error))?;
        match replaced {
            Replaced::Done(version) => {
                // An error is none of the session's: whoever revokes it deletes it before its entry, and nothing was created here.
                let is_entered = self.is_entered(owner, &key).await;
                if let Ok(false) = is_entered {
                    self.deletes_record(&key).await;
                    return Err(self.ended(key));
                }
                if self.changes_owner(&live.record, &merged.record) {
                    self.leave_owner(&live.record, &key).await;
                }
                let record = merged.record.clone();
                self.settle(
                    Live { token, key: Some(key), version, record, expires_at, seen_at: now, behind: live.behind },
                    new_cookie,
                )?;
                self.report(Some((&key, &live.record)), &key, &merged.record, patch, now, since);
                is_entered.map(|_| Try::Settled)
            }
            Replaced::Stale(stored) => self.overtaken_by(token, key, stored),
            Replaced::Gone => {
                self.leave(owner, &key).await;
                Err(self.ended(key))
            }
        }
    }
}
