//! A store whose calls and answers take their time, as a test says.

use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::task::Poll;

use cloakroom::store::{StoreError, StoreKey};

use crate::stores::{Around, Deed, Wrapped};

/// Does what it is asked at once, but for chosen calls: it makes them late, holds their answers back, or loses them on the way.
pub type LateStore<S> = Wrapped<S, Late>;

/// The calls that are late, held and lost.
#[derive(Clone, Default)]
pub struct Late {
    delayed: Arc<Mutex<Vec<Deed>>>,
    held: Arc<Mutex<Vec<Deed>>>,
    lost: Arc<Mutex<Vec<Deed>>>,
}

impl<S> Wrapped<S, Late> {
    /// A store that answers.
    pub fn new(inner: S) -> Self {
        Self { inner, around: Late::default() }
    }

    /// From now on these calls, and no others, are not made yet. Who waits for one has to be polled.
    pub fn delay(&self, deeds: &[Deed]) {
        *self.around.delayed.lock().unwrap() = deeds.to_vec();
    }

    /// From now on the answers to these calls, and to no others, are held back. Who waits for one has to be polled.
    pub fn hold(&self, deeds: &[Deed]) {
        *self.around.held.lock().unwrap() = deeds.to_vec();
    }

    /// From now on the answers to these calls, and to no others, are lost.
    pub fn lose(&self, deeds: &[Deed]) {
        *self.around.lost.lock().unwrap() = deeds.to_vec();
    }
}

impl Around for Late {
    async fn before(&self, deed: Deed, _: &StoreKey) -> Result<(), StoreError> {
        while_in(&self.delayed, deed).await;
        Ok(())
    }

    async fn after(&self, deed: Deed) -> Result<(), StoreError> {
        while_in(&self.held, deed).await;
        let lost = self.lost.lock().unwrap().contains(&deed);
        if lost { Err(StoreError::message("the connection was lost")) } else { Ok(()) }
    }
}

async fn while_in(deeds: &Mutex<Vec<Deed>>, deed: Deed) {
    poll_fn(|_| if deeds.lock().unwrap().contains(&deed) { Poll::Pending } else { Poll::Ready(()) }).await;
}
