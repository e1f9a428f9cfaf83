//! Sessions in a store of the application's own: `store.rs` is all that it takes. `cargo run --example custom_store`.
//!
//! Whether it keeps the contract is what `cargo test -p examples --example custom_store` says.

mod store;

use axum::{Router, routing::post};
use cloakroom::{Session, SessionData, SessionError, SessionLayer, SystemClock};

use store::MapStore;

#[derive(SessionData)]
struct Counter {
    visits: u64,
}

async fn visit(session: Session<Counter>) -> Result<String, SessionError> {
    let visits = session.update_visits(|visits| {
        *visits += 1;
        *visits
    });
    Ok(format!("visit {}", visits.await?))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let store = MapStore::new(SystemClock);
    let app = Router::new().route("/", post(visit)).layer(SessionLayer::<Counter>::new(store));

    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:3000".into());
    let listener = tokio::net::TcpListener::bind(address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, app).await?)
}

#[cfg(test)]
mod contract {
    use std::time::{Duration, SystemTime};

    use cloakroom::store::contract::{self, Harness};
    use cloakroom::{Clock, ManualClock};

    use super::MapStore;

    /// Makes stores, and moves their time.
    #[derive(Default)]
    struct Map(ManualClock);

    impl Harness for Map {
        type Store = MapStore<ManualClock>;

        async fn store(&self) -> Self::Store {
            MapStore::new(self.0.clone())
        }

        fn now(&self) -> SystemTime {
            self.0.now()
        }

        async fn pass(&self, time: Duration) {
            self.0.advance(time);
        }

        contract::spawn_on_tokio!();
    }

    contract::suite! {
        #[tokio::test(flavor = "multi_thread")]
        Map::default()
    }
}
