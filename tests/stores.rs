//! Every store keeps the contract.

use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use cloakroom::store::contract::{self, Harness};
use cloakroom::{Clock, ManualClock, SessionStore};
use tests::Place;

/// Stores whose clock the test owns, where they follow one. Others go by their server's, which cannot be moved, so time has to
/// be waited for: the one place where a test sleeps.
struct Contract<S> {
    new: fn() -> Place<S>,
    clock: ManualClock,
    places: Mutex<Vec<Place<S>>>,
    moves_time: bool,
}

impl<S: SessionStore> Contract<S> {
    fn new(new: fn() -> Place<S>) -> Self {
        Self { new, clock: ManualClock::default(), places: Mutex::default(), moves_time: new().takes_a_clock }
    }
}

impl<S: SessionStore> Harness for Contract<S> {
    type Store = S;

    async fn store(&self) -> S {
        let place = (self.new)().with_clock(self.clock.clone());
        let store = place.store().await;
        self.places.lock().unwrap().push(place);
        store
    }

    fn now(&self) -> SystemTime {
        if self.moves_time { self.clock.now() } else { SystemTime::now() }
    }

    async fn pass(&self, time: Duration) {
        if self.moves_time { self.clock.advance(time) } else { tokio::time::sleep(time).await }
    }

    fn moves_time(&self) -> bool {
        self.moves_time
    }

    async fn failing(&self) -> Option<S> {
        (self.new)().nowhere.map(|nowhere| nowhere())
    }

    contract::spawn_on_tokio!();
}

macro_rules! contract_suites {
    ($($store:ident)+) => {
        $(
            mod $store {
                super::contract::suite! {
                    #[tokio::test(flavor = "multi_thread")]
                    super::Contract::new(tests::places::$store)
                }
            }
        )+
    };
}

tests::every_store! { [contract_suites] }
