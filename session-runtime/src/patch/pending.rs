//! The patch of a request while it is in the making, shared with the commits that it has under way.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::{Change, Patch};

/// A patch in the making. Most requests change nothing, so that there is none; a commit shares it with whoever goes on changing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pending(Option<Arc<Patch>>);

impl Pending {
    /// The patch as it stands, if there is anything in it.
    pub(crate) fn shared(&self) -> Option<Arc<Patch>> {
        self.0.clone().filter(|patch| !patch.is_empty())
    }

    /// Drops every change. What a commit under way has covered is not mistaken for what comes next.
    pub(crate) fn reset(&mut self) {
        if let Some(patch) = &mut self.0 {
            *patch = Arc::new(Patch { last: patch.last, ..Patch::default() });
        }
    }

    /// Takes back all changes up to this one: they are committed.
    pub(crate) fn forget(&mut self, committed: Change) {
        if let Some(patch) = &mut self.0 {
            Arc::make_mut(patch).forget(committed);
        }
    }
}

impl Deref for Pending {
    type Target = Patch;

    fn deref(&self) -> &Patch {
        static UNTOUCHED: Patch = Patch::new();
        self.0.as_deref().unwrap_or(&UNTOUCHED)
    }
}

impl DerefMut for Pending {
    fn deref_mut(&mut self) -> &mut Patch {
        Arc::make_mut(self.0.get_or_insert_default())
    }
}
