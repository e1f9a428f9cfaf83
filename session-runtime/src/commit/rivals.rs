//! What a commit does when a rival was first: it stands in line behind those of its own process, and backs off from those of
//! others.
//!
//! Where nobody stands in line, a lone conflict costs nothing but a second try. Whoever loses again pauses for a random time ("full jitter": Marc Brooker,
//! "Exponential Backoff And Jitter", AWS Architecture Blog, 2015), and then looks how the record stands before it tries: what it
//! knew is older than its pause. The pauses grow with each loss, but to four tries' time at most, and do not double: else
//! whoever has lost often hardly tries, while others write all the time. `tests/rivals.rs` holds it to both.
//!
//! A store without a timer has neither line nor pauses, since nobody could leave them in time: its commits are tried again at
//! once.

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use futures_util::future::{Either, select};

use crate::base::{Base, Live};
use crate::clock::{millis, random_below};
use crate::error::SessionError;
use crate::line::{Turn, YieldOnce};
use crate::report::Stopwatch;
use crate::state::{Inner, Io};

/// How often a commit is tried.
const MAX_TRIES: u32 = 1_000;
/// How long a commit is tried, from its first rival on.
const MAX_TIME: Duration = Duration::from_secs(10);
/// How long others wait for somebody whose turn it is: a task may be stuck, or be polled no more.
const MAX_TURN: Duration = Duration::from_secs(1);
/// How long a pause may be, in times of the try that was lost.
const MAX_TRIES_PAUSED: u32 = 4;
const MAX_PAUSE: Duration = Duration::from_millis(500);
/// Runtimes' timers are no finer than this.
const MIN_PAUSE: Duration = Duration::from_millis(1);

/// One commit among its rivals.
pub(super) struct Rivals<'a> {
    inner: &'a Inner,
    /// When the commit began.
    begun: Stopwatch,
    lost: u32,
    /// When the first rival was met.
    since: Option<SystemTime>,
    /// When this try began.
    tries_since: SystemTime,
    turn: Option<Box<Turn<'a, Arc<Live>>>>,
    /// What the state holds is from the one before in line, and not from the store.
    has_hearsay: bool,
}

impl<'a> Rivals<'a> {
    /// Goes to the end of the line, if there is one.
    pub(super) async fn meet(inner: &'a Inner) -> Result<Self, SessionError> {
        let mut rivals = Self {
            inner,
            begun: Stopwatch::start(),
            lost: 0,
            since: None,
            tries_since: inner.now(),
            turn: None,
            has_hearsay: false,
        };
        if !inner.shared.lines.is_empty() {
            let key = inner.state().live().map(|live| live.key(&inner.shared));
            if key.is_some_and(|key| inner.shared.lines.has(&key)) {
                Box::pin(rivals.stand_in_line()).await?;
            }
        }
        Ok(rivals)
    }

    pub(super) fn begun(&self) -> Stopwatch {
        self.begun
    }

    /// When this try began, in milliseconds since 1970.
    pub(super) fn tries_since(&self) -> u64 {
        millis(self.tries_since)
    }

    /// Waits until it is worth while to try again. What the state holds then may be newer than what the race was lost to.
    pub(super) async fn lost(&mut self, io: &Io<'_>) -> Result<(), SessionError> {
        self.lost += 1;
        self.inner.shared.report.conflict(self.lost);
        self.has_hearsay = false;
        self.check_limits()?;
        if self.turn.is_none() {
            return self.stand_in_line().await;
        }
        if self.has_paused().await {
            self.inner.refresh(io).await?;
        }
        Ok(())
    }

    /// Lets the next one in line go on from what was `written`, if anything was: the store has vouched for nothing else.
    pub(super) fn won(mut self, written: bool) {
        if let Some(turn) = self.turn.take() {
            let is_meant = |live: &&Arc<Live>| written && live.key(&self.inner.shared) == *turn.key();
            let live = self.inner.state().live().filter(is_meant).cloned();
            turn.leave(live);
        }
    }

    /// Is what the state holds from the one before in line? It was in the store once, and may be older than what this commit knew.
    pub(super) fn has_hearsay(&self) -> bool {
        self.has_hearsay
    }

    fn check_limits(&mut self) -> Result<(), SessionError> {
        let now = self.inner.now();
        let since = *self.since.get_or_insert(now);
        if self.lost < MAX_TRIES && now.duration_since(since).unwrap_or_default() < MAX_TIME {
            return Ok(());
        }
        self.inner.shared.report.gave_up(self.lost);
        Err(SessionError::Contended)
    }

    async fn stand_in_line(&mut self) -> Result<(), SessionError> {
        let shared = &self.inner.shared;
        let key = self.inner.state().live().map(|live| live.key(shared));
        let (Some(key), Some(mut patience)) = (key, self.inner.store.pause(MAX_TURN)) else {
            YieldOnce::default().await;
            self.tries_since = self.inner.now();
            return Ok(());
        };
        let turn = shared.lines.join(key);
        let left = loop {
            let first = turn.first();
            match select(pin!(turn.comes()), patience).await {
                Either::Left((left, _)) => break left,
                Either::Right(_) => turn.pass_over(first),
            }
            self.check_limits()?;
            let Some(more) = self.inner.store.pause(MAX_TURN) else { break None };
            patience = more;
        };
        self.turn = Some(Box::new(turn));
        self.tries_since = self.inner.now();
        let mut state = self.inner.state();
        // A task of this request may have destroyed the session meanwhile.
        if let (Some(left), false) = (left, state.cut) {
            state.base = Base::Live(left);
            self.has_hearsay = true;
        }
        Ok(())
    }

    /// Backs off. `false` if that took no time.
    async fn has_paused(&mut self) -> bool {
        let took = self.inner.now().duration_since(self.tries_since).unwrap_or_default();
        let time = random_below(took.saturating_mul(MAX_TRIES_PAUSED.min(self.lost - 1)).min(MAX_PAUSE));
        let pause = if time < MIN_PAUSE { None } else { self.inner.store.pause(time) };
        let has_paused = pause.is_some();
        match pause {
            Some(pause) => pause.await,
            None => YieldOnce::default().await,
        }
        self.tries_since = self.inner.now();
        has_paused
    }
}
