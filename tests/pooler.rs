//! PostgreSQL behind a pooler in transaction mode: each statement may go over another connection, so nothing can be prepared.

use std::time::{Duration, Instant};

use cloakroom::stores::PostgresStore;
use tests::faults::{PATIENCE, app, crowd, signed_in, update, visits};
use tests::servers::PgBouncer;

fn store(pooler: &PgBouncer) -> PostgresStore {
    let builder = PostgresStore::builder(&pooler.url()).unwrap();
    builder.without_prepared_statements().time_limit(PATIENCE).build().unwrap()
}

/// Ten connections of the store, two to the server.
#[tokio::test(flavor = "multi_thread")]
async fn many_connections_share_two() {
    let pooler = PgBouncer::start();
    let nodes = [store(&pooler), store(&pooler)];
    nodes[0].migrate().await.unwrap();
    let first = signed_in(&app(nodes[0].clone())).await;
    let second = first.at(app(nodes[1].clone()));
    assert_eq!(tokio::join!(crowd(&first, 100), crowd(&second, 100)), (100, 100));
    assert_eq!(visits(&first).await, 101, "every update counts");

    // A connection that lay idle is asked whether it is alive.
    let began = Instant::now();
    while began.elapsed() < Duration::from_millis(1500) {
        assert!(update(&second).await.is_some());
    }
    assert_eq!(crowd(&first, 20).await, 20);
}

/// The error says what to call.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_prepared_is_not_found_again() {
    let pooler = PgBouncer::start();
    store(&pooler).migrate().await.unwrap();
    let prepares = PostgresStore::builder(&pooler.url()).unwrap().time_limit(PATIENCE).build().unwrap();
    for _ in 0..100 {
        let sweeps = (0..20).map(|_| {
            let store = prepares.clone();
            tokio::spawn(async move { store.sweep().await })
        });
        for sweep in sweeps.collect::<Vec<_>>() {
            let Err(error) = sweep.await.unwrap() else { continue };
            let advice = "behind a pooler in transaction mode, call `without_prepared_statements`";
            assert!(error.to_string().ends_with(advice), "{error}");
            return;
        }
    }
    panic!("prepared statements survive this pooler: say so in the documents");
}
