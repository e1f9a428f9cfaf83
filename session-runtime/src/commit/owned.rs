//! What a commit does for the owner index, where one is kept: see `owners.rs` for the order of steps.
//!
//! What is done there has room of its own (`Box::pin`): without it, every commit of sessions that keep no index would be made twice as large.

use crate::error::SessionError;
use crate::record::Record;
use crate::state::Inner;
use crate::store::OwnerKey;
use crate::token::StoreKey;

impl Inner {
    /// Enters a record that is about to be stored where `old` is.
    pub(super) async fn enter_owner(
        &self,
        key: &StoreKey,
        old: Option<&Record>,
        record: &Record,
    ) -> Result<Option<OwnerKey>, SessionError> {
        let Some(owners) = self.shared.owners() else { return Ok(None) };
        let entered = Box::pin(owners.enter(key, old, record)).await;
        if let Err(SessionError::Store(error)) = &entered {
            self.log_commit(error);
        }
        entered
    }

    /// Must a record that keeps its key be entered anew? It has another owner than before, or a later end.
    pub(super) fn moves_entry(&self, old: &Record, record: &Record) -> bool {
        let lasts_longer = || self.shared.owners().is_some_and(|owners| owners.end_of(record) > owners.end_of(old));
        self.changes_owner(old, record) || lasts_longer()
    }

    /// Is the entry of a record that was stored since still there?
    pub(super) async fn is_entered(&self, owner: Option<OwnerKey>, key: &StoreKey) -> Result<bool, SessionError> {
        let Some(owners) = self.shared.owners() else { return Ok(true) };
        Ok(Box::pin(owners.stands(owner, key)).await.inspect_err(|error| self.log_commit(error))?)
    }

    /// Takes a record back whose token nobody was told. Where it cannot be deleted, its entry stays, for a revocation to find.
    pub(super) async fn take_back_created(&self, owner: Option<OwnerKey>, key: &StoreKey) {
        if self.deletes_record(key).await {
            self.leave(owner, key).await;
        }
    }

    /// Deletes a record that was revoked while it was stored, or of which nobody can say that it was not; or whose token nobody was
    /// told. Did that work?
    pub(super) async fn deletes_record(&self, key: &StoreKey) -> bool {
        let deleted = self.store.delete(key).await.inspect_err(|error| {
            let session = self.shared.policy.name();
            tracing::error!(session, id = %key.id(), %error, "cannot take back a session that was revoked while it was stored, or whose token nobody was told");
        });
        deleted.is_ok()
    }

    /// Does the session pass from one owner to another, or from or to none?
    pub(super) fn changes_owner(&self, old: &Record, new: &Record) -> bool {
        self.owner_of(old) != self.owner_of(new)
    }

    /// Removes the entry of a record that is no longer stored under this key, or no longer its owner's.
    pub(super) async fn leave_owner(&self, record: &Record, key: &StoreKey) {
        self.leave(self.owner_of(record), key).await;
    }

    /// Under whom a record has to be entered.
    pub(super) fn owner_of(&self, record: &Record) -> Option<OwnerKey> {
        self.shared.owners().and_then(|owners| owners.owner_of(record))
    }

    pub(super) async fn leave(&self, owner: Option<OwnerKey>, key: &StoreKey) {
        if let Some(owners) = self.shared.owners() {
            Box::pin(owners.leave(owner, key)).await;
        }
    }
}
