//! What a commit has to tell, to `report.rs`.

use super::{Patch, Record, StoreKey};
use crate::report::{Call, Stopwatch, Written};
use crate::state::Inner;
use crate::store::StoreError;

impl Inner {
    /// Tells of a record that was written.
    pub(super) fn report(
        &self,
        before: Option<(&StoreKey, &Record)>,
        key: &StoreKey,
        record: &Record,
        patch: &Patch,
        now: u64,
        since: Stopwatch,
    ) {
        let written = Written { before, key, record, now, forgets: patch.forgets() };
        self.shared.report.committed(&written, since);
    }

    pub(super) fn log_commit(&self, error: &StoreError) {
        let key = self.state().live().map(|live| live.key(&self.shared));
        self.shared.report.failed(Call::Commit, key.as_ref(), error);
    }
}
