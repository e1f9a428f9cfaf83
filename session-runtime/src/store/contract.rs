//! The suite that every store must pass.
//!
//! Each clause is a plain `async fn` over a small [`Harness`], so it runs on any runtime, and on none. [`suite!`](suite)
//! makes one test of each clause; [`clauses`] lists them, for those who would rather loop.
//!
//! Whoever wrote a store adds this to its tests:
//!
//! ```
//! use session_runtime::store::contract::{self, Harness};
//! use session_runtime::{ManualClock, MemoryStore};
//! use std::time::{Duration, SystemTime};
//!
//! /// Makes stores, and moves their time.
//! #[derive(Default)]
//! struct Memory(ManualClock);
//!
//! impl Harness for Memory {
//!     type Store = MemoryStore;
//!
//!     async fn store(&self) -> MemoryStore {
//!         MemoryStore::new().with_clock(self.0.clone())
//!     }
//!
//!     fn now(&self) -> SystemTime {
//!         session_runtime::Clock::now(&self.0)
//!     }
//!
//!     async fn pass(&self, time: Duration) {
//!         self.0.advance(time);
//!     }
//!
//!     contract::spawn_on_tokio!();
//! }
//!
//! contract::suite! {
//!     #[tokio::test(flavor = "multi_thread")]
//!     Memory::default()
//! }
//! # fn main() {
//! #     let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
//! #     for clause in contract::clauses::<Memory>() {
//! #         runtime.block_on((clause.run)(&Memory::default()));
//! #     }
//! # }
//! ```
//!
//! On another runtime only [`spawn`](Harness::spawn), which you write then (`smol::spawn(task)` is the future that is wanted), and
//! the test's attribute differ. Where a runtime has no attribute, the suite takes the function that runs a future: `suite!(block_on = smol::block_on, Mine::new())`.
//!
//! A store whose time cannot be moved (a server's) says `false` in [`Harness::moves_time`] and sleeps in [`Harness::pass`].

mod basics;
mod expiry;
mod history;
mod owners;
mod races;
mod values;

use std::future::Future;
use std::time::{Duration, SystemTime};

use bytes::Bytes;

pub use self::basics::*;
pub use self::expiry::*;
pub use self::history::*;
pub use self::owners::*;
pub use self::races::*;
pub use self::values::*;
use super::{Boxed, Created, Refreshed, Replaced, SessionStore, StoreKey, Stored, Version};
pub use crate::store_contract as suite;
pub use crate::store_contract_spawn_on_tokio as spawn_on_tokio;

/// What the clauses need to know of a store and of the runtime it lives on.
pub trait Harness: Send + Sync + 'static {
    /// The store under test.
    type Store: SessionStore;

    /// An empty store that nothing else writes to.
    fn store(&self) -> impl Future<Output = Self::Store> + Send;

    /// The time by the clock that the store goes by.
    fn now(&self) -> SystemTime;

    /// Lets `time` pass: moves the store's clock by exactly that, or waits for it.
    fn pass(&self, time: Duration) -> impl Future<Output = ()> + Send;

    /// Whether the store's time stands still but for [`pass`](Self::pass). If not, the expiry is tested with a second's margin.
    fn moves_time(&self) -> bool {
        true
    }

    /// Starts `task` at once, on another thread than its caller's where there is one, and hands back the wait for its end.
    /// On tokio this is [`spawn_on_tokio!`](spawn_on_tokio).
    fn spawn<T: Send + 'static>(
        &self,
        task: impl Future<Output = T> + Send + 'static,
    ) -> impl Future<Output = T> + Send;

    /// A store whose every call must fail, as if its server were down. `None` if there is no such way.
    fn failing(&self) -> impl Future<Output = Option<Self::Store>> + Send {
        async { None }
    }
}

/// One thing that a store must do.
pub struct Clause<H> {
    /// Its name, which is also its function's.
    pub name: &'static str,
    /// Panics unless the harness's store does it.
    pub run: for<'a> fn(&'a H) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + 'a>>,
}

/// Calls a macro with the name of every clause, so that the list is written once.
#[doc(hidden)]
#[macro_export]
macro_rules! __with_store_clauses {
    ([$($then:tt)+] $given:tt) => {
        $($then)+! {
            $given
            a_missing_key_loads_as_none
            what_was_created_loads_back
            create_on_a_taken_key_changes_nothing
            create_takes_the_place_of_an_expired_record
            replace_of_the_current_version_gives_a_new_one
            replace_of_a_stale_version_hands_back_the_current_record
            replace_after_delete_is_gone
            replace_never_creates
            a_recreated_key_refuses_its_old_version
            load_now_says_what_load_says
            load_current_sees_the_last_write
            load_if_changed_compares_versions
            load_if_changed_sees_the_last_write
            delete_hands_back_what_it_removed
            touch_moves_the_expiry_and_nothing_else
            touch_of_a_stale_version_changes_nothing
            touch_never_creates
            touch_may_shorten
            replace_sets_the_expiry
            load_ends_at_the_millisecond
            load_current_ends_at_the_millisecond
            load_if_changed_ends_at_the_millisecond
            replace_ends_at_the_millisecond
            touch_ends_at_the_millisecond
            delete_ends_at_the_millisecond
            more_than_a_year_is_kept
            each_version_is_replaced_once
            one_of_many_creates_wins
            one_of_many_deletes_gets_the_record
            touch_never_undoes_a_replace
            load_if_changed_never_mixes_two_writes
            replace_never_outlives_a_delete
            what_tasks_are_told_fits_one_order
            keys_do_not_mix
            values_of_any_size_come_back
            values_of_any_bytes_come_back
            a_failing_store_says_so
            entered_sessions_are_listed
            entering_again_keeps_the_later_end
            entries_of_owners_do_not_mix
            removing_entries_removes_those_alone
            entries_end_at_the_millisecond
            many_entries_come_and_go
            no_entry_is_lost_in_a_race
            a_failing_index_says_so
        }
    };
}

/// [`Harness::spawn`](crate::store::contract::Harness::spawn) for the harness of a program that depends on tokio.
#[macro_export]
macro_rules! store_contract_spawn_on_tokio {
    () => {
        fn spawn<T: Send + 'static>(
            &self,
            task: impl ::core::future::Future<Output = T> + Send + 'static,
        ) -> impl ::core::future::Future<Output = T> + Send {
            let task = ::tokio::spawn(task);
            async { task.await.expect("the task ends") }
        }
    };
}

/// One test for every clause of the contract. Takes the attribute that makes an `async fn` a test of your runtime
/// (or `block_on =` and the function that runs a future), and an expression that makes the harness.
///
/// See [`store::contract`](crate::store::contract) for an example.
#[macro_export]
macro_rules! store_contract {
    ($(#[$test:meta])+ $harness:expr) => {
        $crate::__with_store_clauses! { [$crate::store_contract] (@attribute [$(#[$test])+] { $harness }) }
    };
    (block_on = $block_on:path, $harness:expr) => {
        $crate::__with_store_clauses! { [$crate::store_contract] (@block_on $block_on, { $harness }) }
    };
    ((@attribute $test:tt $harness:tt) $($clause:ident)+) => {
        $($crate::store_contract! { @one $test $harness $clause })+
    };
    (@one [$(#[$test:meta])+] $harness:tt $clause:ident) => {
        $(#[$test])+
        async fn $clause() {
            $crate::store::contract::$clause(&$harness).await;
        }
    };
    ((@block_on $block_on:path, $harness:tt) $($clause:ident)+) => {
        $(
            #[test]
            fn $clause() {
                $block_on($crate::store::contract::$clause(&$harness));
            }
        )+
    };
}

/// Every clause, in the order of the suite.
pub fn clauses<H: Harness>() -> Vec<Clause<H>> {
    macro_rules! list {
        ([] $($clause:ident)+) => {
            vec![$(Clause { name: stringify!($clause), run: |harness| -> Boxed<'_, ()> { Box::pin($clause(harness)) } }),+]
        };
    }
    __with_store_clauses!([list] [])
}

/// Tasks that race each other where a clause is about races.
const TASKS: u32 = 50;

fn key(n: u8) -> StoreKey {
    StoreKey::from_bytes([n; 32])
}

/// A time that falls on no round second, so that a store which rounds is found out.
fn later<H: Harness>(harness: &H, time: Duration) -> SystemTime {
    let since = harness.now().duration_since(SystemTime::UNIX_EPOCH).expect("the harness's clock is past 1970");
    let millis = u64::try_from((since + time).as_millis()).expect("the time fits");
    SystemTime::UNIX_EPOCH + Duration::from_millis(millis / 1000 * 1000 + 567)
}

fn in_an_hour<H: Harness>(harness: &H) -> SystemTime {
    later(harness, Duration::from_secs(3600))
}

async fn load(store: &impl SessionStore, key: &StoreKey) -> Option<Stored> {
    store.load(key).await.expect("load works")
}

async fn refresh(store: &impl SessionStore, key: &StoreKey, known: &Version) -> Refreshed {
    store.load_if_changed(key, known).await.expect("load_if_changed works")
}

async fn create(store: &impl SessionStore, key: &StoreKey, bytes: impl Into<Bytes>, expires_at: SystemTime) -> Version {
    match store.create(key, bytes.into(), expires_at).await.expect("create works") {
        Created::New(version) => version,
        Created::Taken => panic!("a free key was taken"),
    }
}

async fn replace(
    store: &impl SessionStore,
    key: &StoreKey,
    expected: &Version,
    bytes: impl Into<Bytes>,
    expires_at: SystemTime,
) -> Replaced {
    store.replace(key, expected, bytes.into(), expires_at).await.expect("replace works")
}

async fn replace_wins(
    store: &impl SessionStore,
    key: &StoreKey,
    expected: &Version,
    bytes: impl Into<Bytes>,
    expires_at: SystemTime,
) -> Version {
    match replace(store, key, expected, bytes, expires_at).await {
        Replaced::Done(version) => version,
        other => panic!("replace of the current version said {other:?}"),
    }
}
