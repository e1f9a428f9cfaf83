//! What the tests share: session types, a browser without a network, every store, and stores that count, fail or wait.

mod browser;
pub mod entries;
mod example;
pub mod faults;
mod http_browser;
mod log;
#[cfg(feature = "stores")]
mod object_bench;
#[cfg(feature = "stores")]
mod objects;
mod peer;
mod place;
pub mod places;
mod proxy;
pub mod secret;
mod served;
#[cfg(feature = "stores")]
pub mod servers;
mod shop;
pub mod shop_server;
mod stores;
mod visitor;
pub mod web;

pub use browser::{Answered, App, Browser, Reply};
pub use example::{Serving, example, example_package};
pub use http_browser::{HttpBrowser, Page};
pub use log::Log;
#[cfg(feature = "stores")]
pub use object_bench::{ObjectBench, object_key};
#[cfg(feature = "stores")]
pub use objects::{Conditions, Objects};
pub use peer::Peer;
pub use place::{ADDRESS, Address, Place};
pub use proxy::Proxy;
pub use served::served;
pub use shop::{CartItem, Role, Shop, Theme, UserId};
pub use stores::{
    Around, Calls, CountingStore, Deed, FlakyStore, LateStore, SteppedStore, WatchedStore, Wrapped, poll_step,
};
pub use visitor::Visitor;
