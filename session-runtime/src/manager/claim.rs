//! No two types of session under one name, and none by two ways at once.

use std::any::TypeId;
use std::cell::RefCell;
use std::sync::{Arc, Weak};

use crate::bearer::Carrier;
use crate::data::SessionData;

/// A session name in use. Two types under one name would overwrite each other's cookie, so the second one fails at start. Names are
/// claimed per thread: an application builds its layers on one, and tests that run side by side do not meet.
#[derive(Debug)]
pub(super) struct ClaimedName {
    name: &'static str,
    data: TypeId,
    carrier: Carrier,
}

thread_local! {
    static CLAIMED: RefCell<Vec<Weak<ClaimedName>>> = const { RefCell::new(Vec::new()) };
}

impl ClaimedName {
    pub(super) fn claim<D: SessionData>(carrier: Carrier) -> Arc<Self> {
        let claim = Arc::new(Self { name: D::NAME, data: TypeId::of::<D>(), carrier });
        CLAIMED.with_borrow_mut(|claimed| {
            claimed.retain(|other| other.strong_count() > 0);
            for other in claimed.iter().filter_map(Weak::upgrade) {
                assert!(
                    other.name != claim.name || other.data == claim.data,
                    "two types of session are called `{}`: give each its own `#[session(cookie = \"…\")]`",
                    claim.name
                );
                assert!(
                    other.data != claim.data || other.carrier == claim.carrier,
                    "sessions called `{}` come in cookies and by bearer tokens: give one of the two a struct of its own, so that \
                     a handler's parameter says which it means",
                    claim.name
                );
            }
            claimed.push(Arc::downgrade(&claim));
        });
        claim
    }
}
