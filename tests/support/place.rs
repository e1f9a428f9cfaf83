//! One test on every store: a [`Place`] is what a test needs to know of one of them.

use std::sync::Arc;
use std::time::SystemTime;

use cloakroom::store::SessionStore;
use cloakroom::{Clock, OwnedData, SessionData, Sessions, SystemClock};
use futures_util::future::BoxFuture;

/// Calls a macro with the name of every store's function in [`places`](crate::places): a new store is a function there, and its
/// name here.
#[cfg(feature = "stores")]
#[macro_export]
macro_rules! every_store {
    ([$($then:tt)+] $($given:tt)*) => {
        $($then)+! {
            $($given)*
            on_memory
            on_memory_encrypted
            on_memory_layered
            on_redb
            on_redis
            on_redis_cluster
            on_redis_layered
            on_redis_layered_encrypted
            on_redis_sentinel
            on_postgres
            on_postgres_behind_a_pooler
            on_mysql
            on_sqlite
            on_s3
            on_objects_in_memory
            on_objects_in_a_folder
            on_sqlite_encrypted
        }
    };
}

/// As with the feature `stores`, but for those stores alone that need nothing installed.
#[cfg(not(feature = "stores"))]
#[macro_export]
macro_rules! every_store {
    ([$($then:tt)+] $($given:tt)*) => {
        $($then)+! {
            $($given)*
            on_memory
            on_memory_encrypted
            on_memory_layered
            on_redb
        }
    };
}

/// One test of each store for functions that take a `Place<impl SessionStore + Clone>`: `adds_up::on_redis` and so on.
#[macro_export]
macro_rules! on_every_store {
    (@ $test:ident $($store:ident)+) => {
        mod $test {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $store() {
                    super::$test($crate::places::$store()).await;
                }
            )+
        }
    };
    ($($test:ident),+ $(,)?) => {
        $($crate::every_store! { [$crate::on_every_store] @ $test })+
    };
}

/// Where another process finds a place.
#[derive(Clone, Debug)]
pub struct Address {
    /// The function's name in [`places`](crate::places).
    pub store: &'static str,
    /// What that function finds in the variable [`ADDRESS`].
    pub text: String,
}

/// Where this variable is set, a place is not made anew but found.
pub const ADDRESS: &str = "CLOAKROOM_PLACE";

type Open<S> = dyn Fn(Arc<dyn Clock>) -> BoxFuture<'static, S> + Send + Sync;

/// A place where sessions are kept, empty at first. Each store on it is one as another node has it.
pub struct Place<S> {
    pub(crate) open: Box<Open<S>>,
    pub(crate) clock: Arc<dyn Clock>,
    /// Its stores follow the clock that they are given, and not their server's.
    pub takes_a_clock: bool,
    /// `None` where no other process can share it.
    pub address: Option<Address>,
    /// A store whose server is not there.
    pub nowhere: Option<fn() -> S>,
}

impl<S: SessionStore> Place<S> {
    /// A place that this function opens, for stores that follow a clock.
    pub fn new<F: Future<Output = S> + Send + 'static>(
        open: impl Fn(Arc<dyn Clock>) -> F + Send + Sync + 'static,
    ) -> Self {
        Self {
            open: Box::new(move |clock| Box::pin(open(clock))),
            clock: Arc::new(SystemClock),
            takes_a_clock: true,
            address: None,
            nowhere: None,
        }
    }

    /// Another clock than the system's, for the stores that follow one.
    pub fn with_clock(mut self, clock: impl Clock) -> Self {
        if self.takes_a_clock {
            self.clock = Arc::new(clock);
        }
        self
    }

    /// The same place, with something around every store on it. Whoever needs one that is nowhere has to say which.
    pub fn map<T: 'static>(self, wrap: fn(S, Arc<dyn Clock>) -> T) -> Place<T> {
        let Self { open, clock, takes_a_clock, address, .. } = self;
        let open = Box::new(move |clock: Arc<dyn Clock>| -> BoxFuture<'static, T> {
            let store = open(Arc::clone(&clock));
            Box::pin(async move { wrap(store.await, clock) })
        });
        Place { open, clock, takes_a_clock, address, nowhere: None }
    }

    /// The time that its stores go by.
    pub fn now(&self) -> SystemTime {
        self.clock.now()
    }

    /// A store, as another node has it.
    pub async fn store(&self) -> S {
        (self.open)(Arc::clone(&self.clock)).await
    }

    /// The sessions of another node.
    pub async fn sessions<D: SessionData>(&self) -> Sessions<D> {
        self.sessions_in(self.store().await)
    }

    /// As [`sessions`](Self::sessions), kept by their owner. `None` where the store has no index of owners.
    pub async fn sessions_by_owner<D: OwnedData>(&self) -> Option<Sessions<D>> {
        let store = self.store().await;
        store.owner_index()?;
        Some(self.sessions_in(store).with_owner_index())
    }

    /// Sessions in a store on this place, by the time that it goes by.
    pub fn sessions_in<D: SessionData>(&self, store: impl SessionStore) -> Sessions<D> {
        Sessions::new(store).with_clock(Arc::clone(&self.clock))
    }
}
