//! How large a record may grow: in a store by its policy, in a cookie by what browsers keep.

use super::{Inner, State};
use crate::base::Base;
use crate::cookie::MAX_COOKIE_LEN;
use crate::error::SessionError;
use crate::field::Field;
use crate::patch::{Patch, What};
use crate::record::{HEADER_LEN, Merged, PACKED_GROWTH, Record, merge};

impl Inner {
    /// Is there room for this change even if it takes the place of nothing? Then nothing has to be merged to find out.
    pub(super) fn surely_fits(&self, state: &State, field: &'static Field, what: &What) -> bool {
        let stored = state.live().map_or(HEADER_LEN, |live| live.record.len());
        let added = state.patch.set_len() + what.set_len(field);
        match self.store.sealed() {
            None => stored + added <= self.shared.policy.max_record_size,
            Some(sealed) if matches!(state.base, Base::Sealed | Base::Unloaded(_)) => {
                sealed.fits(sealed.brought_at_most() + added)
            }
            Some(sealed) => sealed.fits(stored + PACKED_GROWTH + added),
        }
    }

    /// [`check_size`](Self::check_size) for a patch over what is known of the record.
    pub(super) fn check_pending(
        &self,
        state: &State,
        patch: &Patch,
        field: Option<&'static Field>,
    ) -> Result<(), SessionError> {
        let record = match (&state.base, self.store.sealed()) {
            (Base::Live(live), _) => Some(&live.record),
            (Base::Sealed | Base::Unloaded(_), Some(sealed)) => sealed.brought_record(),
            _ => None,
        };
        self.check_size(record, &merge(record, patch, self.now_ms()), field)
    }

    /// Refuses a record that grows over the limit. One that is over it since the limit was lowered may still shrink.
    pub(crate) fn check_size(
        &self,
        before: Option<&Record>,
        merged: &Merged,
        field: Option<&'static Field>,
    ) -> Result<(), SessionError> {
        let size_of = |record| self.store.sealed().map_or_else(|| Record::len(record), |it| it.cookie_len(record));
        let (size, limit) = (size_of(&merged.record), self.size_limit());
        let grows = || size > before.map_or(0, size_of);
        match field {
            Some(field) if size > limit && grows() => Err(SessionError::TooLarge { field: field.name, size, limit }),
            _ => Ok(()),
        }
    }

    fn size_limit(&self) -> usize {
        if self.is_sealed() { MAX_COOKIE_LEN } else { self.shared.policy.max_record_size }
    }
}
