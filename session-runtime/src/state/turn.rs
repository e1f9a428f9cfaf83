//! Whose turn it is at the store: the operations of one request go there one after another.
//!
//! A flag beside the state and not a lock of its own, so that whoever begins or ends a turn looks at the state as well and locks once.

use std::future::poll_fn;
use std::mem;
use std::sync::MutexGuard;
use std::task::{Context, Poll, Waker};

use super::{Inner, State};

/// Who has the turn, and who waits for it.
#[derive(Default)]
pub(super) struct Turns {
    is_taken: bool,
    waiting: Vec<Waker>,
}

/// Proof that the caller has the turn. Dropping it ends the turn.
pub(crate) struct Io<'a>(&'a Inner);

impl Inner {
    /// Waits for its turn at the store.
    pub(crate) async fn lock_io(&self) -> Io<'_> {
        self.begin_with(|_| ()).await.0
    }

    /// As [`lock_io`](Self::lock_io), and looks at the state once it is there.
    pub(crate) async fn begin_with<R>(&self, begin: impl Fn(&mut State) -> R) -> (Io<'_>, R) {
        let begun = poll_fn(|cx| {
            let mut state = self.state();
            self.poll_turn(&mut state, cx, &begin)
        });
        begun.await
    }

    /// Takes the turn and looks at the state, or notes who is to be woken when it is free.
    pub(super) fn poll_turn<R>(
        &self,
        state: &mut State,
        cx: &Context<'_>,
        begin: impl FnOnce(&mut State) -> R,
    ) -> Poll<(Io<'_>, R)> {
        if state.turns.is_taken {
            state.turns.wait(cx.waker());
            return Poll::Pending;
        }
        (state.cut, state.closing) = (false, false);
        let seen = begin(state);
        state.turns.is_taken = true;
        Poll::Ready((Io(self), seen))
    }
}

impl Turns {
    fn wait(&mut self, waker: &Waker) {
        if !self.waiting.iter().any(|other| other.will_wake(waker)) {
            self.waiting.push(waker.clone());
        }
    }
}

impl State {
    /// Is somebody at the store?
    pub(crate) fn is_at_store(&self) -> bool {
        self.turns.is_taken
    }
}

impl<'a> Io<'a> {
    /// Ends the turn, for who has the state already, and gives that back.
    pub(crate) fn end(self, mut state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        let inner = self.0;
        // What follows is what dropping it would do.
        mem::forget(self);
        let woken = state.end_turn();
        if woken.is_empty() {
            return state;
        }
        // A runtime may run them at once, and they ask for the state.
        drop(state);
        woken.into_iter().for_each(Waker::wake);
        inner.state()
    }
}

impl State {
    fn end_turn(&mut self) -> Vec<Waker> {
        mem::take(&mut self.turns).waiting
    }
}

impl Drop for Io<'_> {
    fn drop(&mut self) {
        // All of them, since one that is woken may have given up.
        let woken = self.0.state().end_turn();
        woken.into_iter().for_each(Waker::wake);
    }
}
