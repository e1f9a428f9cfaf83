//! The hooks for the end of a session.

use std::sync::Arc;

use super::Sessions;
use crate::data::SessionData;
use crate::ends::SessionEnd;

impl<D: SessionData> Sessions<D> {
    /// Tells the application of each session that has ended, once per end that this node learns of: by `destroy`, by being revoked or
    /// evicted, or because its time was over. May be called several times; all are told.
    ///
    /// `told` runs on the task of a request, after the session is gone, so it should return at once: put what takes longer into a channel.
    /// It cannot delay or undo the end, and if it panics, that is logged and nothing else happens.
    ///
    /// **Most sessions expire unnoticed**: a store drops what is over, and tells nobody. `Expired` is told where a request brings the
    /// cookie of a session that a store still has (its clock is behind this node's, or the lifetimes were made shorter) or that is sealed.
    /// Of a sealed session that is about the copy that was brought: a newer one may be in use, or `Destroyed` may have been told before.
    /// A session whose `destroy` failed half-way, with the store's answer lost, may end untold; so may a sealed one that is destroyed before
    /// anything of it was read.
    ///
    /// ```
    /// use cloakroom::{EndReason, MemoryStore, SessionData, SessionLayer};
    ///
    /// #[derive(SessionData)]
    /// struct Shop { #[session(owner)] user_id: Option<u64> }
    ///
    /// let (ends, to_clean_up) = std::sync::mpsc::channel();
    /// let layer = SessionLayer::<Shop>::new(MemoryStore::new()).on_end(move |end| {
    ///     if end.reason() != EndReason::Expired && let Ok(Some(user_id)) = end.owner() {
    ///         let _ = ends.send((user_id, end.id()));
    ///     }
    /// });
    /// # let _ = (layer, to_clean_up);
    /// ```
    pub fn on_end(mut self, told: impl Fn(&SessionEnd<D>) + Send + Sync + 'static) -> Self {
        self.shared_mut().report.add_hook(Arc::new(move |end| told(&SessionEnd::new(end))));
        self
    }
}
