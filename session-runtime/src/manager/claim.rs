//! No two types of session under one name.

use std::any::TypeId;
use std::cell::RefCell;
use std::sync::{Arc, Weak};

use crate::data::SessionData;

/// A session name in use. Two types under one name would overwrite each other's cookie, so the second one fails at start. Names are
/// claimed per thread: an application builds its layers on one, and tests that run side by side do not meet.
#[derive(Debug)]
pub(super) struct ClaimedName {
    name: &'static str,
    data: TypeId,
}

thread_local! {
    static CLAIMED: RefCell<Vec<Weak<ClaimedName>>> = const { RefCell::new(Vec::new()) };
}

impl ClaimedName {
    pub(super) fn claim<D: SessionData>() -> Arc<Self> {
        let claim = Arc::new(Self { name: D::NAME, data: TypeId::of::<D>() });
        CLAIMED.with_borrow_mut(|claimed| {
            claimed.retain(|other| other.strong_count() > 0);
            for other in claimed.iter().filter_map(Weak::upgrade) {
                assert!(
                    other.name != claim.name || other.data == claim.data,
                    "two types of session are called `{}`: give each its own `#[session(cookie = \"…\")]`",
                    claim.name
                );
            }
            claimed.push(Arc::downgrade(&claim));
        });
        claim
    }
}
