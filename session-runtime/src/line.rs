//! Where requests of this process wait for their turn at a record, once one of them has met a rival there: each then finds the
//! record as the one before it left it, and N of them cost about 2N tries where all at once would cost N²/2.
//!
//! First come, first served. Whoever is dropped leaves the line, and lets the next one go if it was its turn.

use std::collections::{HashMap, VecDeque};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::token::StoreKey;

/// The lines before all records. A record without a line costs nothing.
pub(crate) struct Lines<R> {
    lines: Mutex<HashMap<StoreKey, Line<R>>>,
    /// How many there are, for those who only want to know that there are none.
    number: AtomicUsize,
    tickets: AtomicU64,
}

/// The first has its turn.
struct Line<R> {
    waiting: VecDeque<(Ticket, Option<Waker>)>,
    /// The record as the one before left it to this one.
    left: Option<(Ticket, R)>,
}

type Ticket = u64;

impl<R> Line<R> {
    fn new() -> Self {
        Self { waiting: VecDeque::new(), left: None }
    }
}

impl<R> Default for Lines<R> {
    fn default() -> Self {
        Self { lines: Mutex::default(), number: AtomicUsize::new(0), tickets: AtomicU64::new(0) }
    }
}

impl<R> Lines<R> {
    /// Is nobody in any line?
    pub(crate) fn is_empty(&self) -> bool {
        self.number.load(Ordering::Relaxed) == 0
    }

    /// Is anybody in line before this record?
    pub(crate) fn has(&self, key: &StoreKey) -> bool {
        self.lines().contains_key(key)
    }

    /// Stands in line, behind all others.
    pub(crate) fn join(&self, key: StoreKey) -> Turn<'_, R> {
        let ticket = self.tickets.fetch_add(1, Ordering::Relaxed);
        let mut lines = self.lines();
        lines.entry(key).or_insert_with(Line::new).waiting.push_back((ticket, None));
        self.number.store(lines.len(), Ordering::Relaxed);
        Turn { lines: self, key, ticket, leaves: None }
    }

    /// Takes somebody out of the line, and tells the next one if it was the first.
    fn remove(&self, key: &StoreKey, ticket: Ticket, leaves: Option<R>) {
        let mut lines = self.lines();
        let Some(line) = lines.get_mut(key) else { return };
        let Some(place) = line.waiting.iter().position(|(other, _)| *other == ticket) else { return };
        line.waiting.remove(place);
        let mut woken = None;
        if let Some((next, waker)) = line.waiting.front_mut().filter(|_| place == 0) {
            line.left = leaves.map(|record| (*next, record));
            woken = waker.take();
        }
        if line.waiting.is_empty() {
            lines.remove(key);
        }
        self.number.store(lines.len(), Ordering::Relaxed);
        // A runtime may run the next one at once, which asks for the lines again.
        drop(lines);
        woken.into_iter().for_each(Waker::wake);
    }

    fn lines(&self) -> MutexGuard<'_, HashMap<StoreKey, Line<R>>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place in line. Dropping it leaves the line.
pub(crate) struct Turn<'a, R> {
    lines: &'a Lines<R>,
    key: StoreKey,
    ticket: Ticket,
    leaves: Option<R>,
}

impl<R> Turn<'_, R> {
    /// Waits for the turn. Hands out the record, if the one before left it.
    pub(crate) async fn comes(&self) -> Option<R> {
        poll_fn(|cx| self.poll(cx)).await
    }

    fn poll(&self, cx: &mut Context<'_>) -> Poll<Option<R>> {
        let mut lines = self.lines.lines();
        let Some(line) = lines.get_mut(&self.key) else { return Poll::Ready(None) };
        let Some(place) = line.waiting.iter().position(|(ticket, _)| *ticket == self.ticket) else {
            return Poll::Ready(None);
        };
        if place == 0 {
            let left = line.left.take().filter(|(ticket, _)| *ticket == self.ticket);
            return Poll::Ready(left.map(|(_, record)| record));
        }
        line.waiting[place].1 = Some(cx.waker().clone());
        Poll::Pending
    }

    /// Who has the turn.
    pub(crate) fn first(&self) -> Option<Ticket> {
        self.lines.lines().get(&self.key)?.waiting.front().map(|(ticket, _)| *ticket)
    }

    /// Ends the turn of somebody who has had it for too long.
    pub(crate) fn pass_over(&self, first: Option<Ticket>) {
        if let Some(first) = first.filter(|first| self.first() == Some(*first)) {
            self.lines.remove(&self.key, first, None);
        }
    }

    /// Ends this turn, and leaves the record to the next in line.
    pub(crate) fn leave(mut self, record: Option<R>) {
        self.leaves = record;
    }

    /// The record whose line it is.
    pub(crate) fn key(&self) -> &StoreKey {
        &self.key
    }
}

impl<R> Drop for Turn<'_, R> {
    fn drop(&mut self) {
        let leaves = self.leaves.take();
        self.lines.remove(&self.key, self.ticket, leaves);
    }
}

/// Lets other tasks run before the next try.
#[derive(Default)]
pub(crate) struct YieldOnce(bool);

impl Future for YieldOnce {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}
