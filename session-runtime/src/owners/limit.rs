//! How many sessions an owner may have.
//!
//! Whoever signs in is entered first and then looks at all that are, so of any two at least one sees the other, and of any number the
//! last one to look sees all.

use std::time::{Duration, Instant};

use super::{Owners, Seen};
use crate::error::SessionError;
use crate::line::YieldOnce;
use crate::policy::{AtLimit, Limit};
use crate::report::EndReason;
use crate::store::{OwnerEntry, OwnerKey};
use crate::token::StoreKey;

/// How often, and how far apart, one who signs in looks what has become of those who do so at the same moment.
const MAX_LOOKS: usize = 100;
const BETWEEN_LOOKS: Duration = Duration::from_millis(10);
/// How long, where the store has no timer: it looks again and again then, and how often that is tells nothing of the time.
const MAX_LOOKING: Duration = Duration::from_secs(1);

impl Owners<'_> {
    /// Makes room for a session that is entered and not stored yet, or says that there is none.
    pub(super) async fn make_room(&self, owner: &OwnerKey, mine: &StoreKey, limit: Limit) -> Result<(), SessionError> {
        match limit.then {
            AtLimit::EvictOldest => self.evict(owner, mine, limit.most).await,
            AtLimit::Refuse => self.find_room(owner, mine, limit.most).await,
        }
    }

    /// Ends sessions until with `mine` there are no more than `most`. Those that are stored go before those that are about to be, and
    /// of those each the one that was entered first: so two that sign in at the same moment agree on who it is.
    async fn evict(&self, owner: &OwnerKey, mine: &StoreKey, most: usize) -> Result<(), SessionError> {
        let line = self.line(owner, mine).await?;
        for (entry, _) in &line[..line.len().saturating_sub(most)] {
            if entry.key == *mine {
                return Err(SessionError::Ended);
            }
            self.revoke_one(owner, entry, EndReason::Evicted).await?;
        }
        Ok(())
    }

    /// Refuses unless with `mine` there are no more than `most`. Those that are about to be stored go in the order in which they were
    /// entered, and whoever is before another one waits to see what becomes of that: it may have looked before this one was entered.
    async fn find_room(&self, owner: &OwnerKey, mine: &StoreKey, most: usize) -> Result<(), SessionError> {
        let begun = Instant::now();
        for look in 1.. {
            let line = self.line(owner, mine).await?;
            if line.len() <= most {
                return Ok(());
            }
            if line.iter().take(most).all(|(entry, _)| entry.key != *mine) {
                break;
            }
            match self.store.pause(BETWEEN_LOOKS) {
                Some(pause) if look < MAX_LOOKS => pause.await,
                None if begun.elapsed() < MAX_LOOKING => YieldOnce::default().await,
                _ => break,
            }
        }
        Err(SessionError::TooManySessions { limit: most })
    }

    /// The owner's sessions: those that are stored, then those that are about to be, each in the order in which they were entered.
    async fn line(&self, owner: &OwnerKey, mine: &StoreKey) -> Result<Vec<(OwnerEntry, bool)>, SessionError> {
        let mut line = Vec::new();
        for (entry, seen) in self.look(owner).await? {
            let is_mine = entry.key == *mine;
            match seen {
                Seen::Theirs(..) | Seen::Unreadable if !is_mine => line.push((entry, true)),
                Seen::Retired(_) if !is_mine => {}
                _ if is_mine || self.is_young(&entry) => line.push((entry, false)),
                _ => {}
            }
        }
        line.sort_by_key(|(entry, is_stored)| (!is_stored, entry.entered_at, entry.key));
        if line.iter().any(|(entry, _)| entry.key == *mine) { Ok(line) } else { Err(SessionError::Ended) }
    }
}
