//! What the tests share: session types, a browser without a network, and stores that count, fail or wait.

mod browser;
pub mod faults;
mod log;
mod proxy;
pub mod secret;
pub mod servers;
mod shop;
mod sql;
mod stores;
mod visitor;

pub use browser::{Browser, Reply};
pub use log::Log;
pub use proxy::Proxy;
pub use shop::{CartItem, Role, Shop, Theme, UserId};
pub use sql::{mysql_store, mysql_table, postgres_store, postgres_table, sqlite_store};
pub use stores::{
    Calls, CountingStore, Deed, FlakyStore, SteppedStore, cluster_store, poll_step, redb_store, redis_store,
    sentinel_store,
};
pub use visitor::Visitor;
