//! How long it takes to list and to revoke all sessions of one person, who has 1,000 of them: on every store that has an index of
//! owners, and on servers whose answers come 2 ms later than they would on this machine.
//!
//! `cargo run --release -p benches --features lab --bin revoke_all [SESSIONS]`

use std::error::Error;
use std::time::{Duration, Instant};

use benches::people::{Person, sign_in};
use cloakroom::{SessionStore, Sessions};
use futures_util::stream::{self, StreamExt as _};
use tests::faults::PATIENCE;
use tests::servers::{MariaDb, Postgres, RedisServer, Server};
use tests::{Place, Proxy};

const USER: u64 = 7;
/// The figures are the middle ones of so many rounds.
const ROUNDS: usize = 3;
const AT_ONCE: usize = 32;
const AWAY: Duration = Duration::from_millis(2);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let count = std::env::args().nth(1).map_or(Ok(1_000), |number| number.parse())?;
    println!("| {count} sessions of one owner | list | revoke_all |\n|---|---|---|");
    macro_rules! on_each {
        ($($store:ident)+) => {
            $(measure_place(stringify!($store), tests::places::$store(), count).await?;)+
        };
    }
    tests::every_store! { [on_each] }
    measure_away::<RedisServer>("Redis", count).await?;
    measure_away::<Postgres>("PostgreSQL", count).await?;
    measure_away::<MariaDb>("MariaDB", count).await
}

async fn measure_place(
    name: &str,
    place: Place<impl SessionStore + Clone>,
    count: usize,
) -> Result<(), Box<dyn Error>> {
    match place.sessions_by_owner().await {
        Some(sessions) => measure(name.trim_start_matches("on_"), &sessions, count, async |_| {}).await,
        None => Ok(()),
    }
}

async fn measure_away<S: Server>(name: &str, count: usize) -> Result<(), Box<dyn Error>> {
    let server = S::begin().await;
    let proxy = Proxy::before(server.port).await;
    let sessions = Sessions::new(server.store_at(proxy.port, PATIENCE)).with_owner_index();
    let delay = async |on: bool| proxy.delay(if on { AWAY } else { Duration::ZERO });
    measure(&format!("{name}, {AWAY:?} away"), &sessions, count, delay).await
}

/// `away` puts the server at its distance, or back.
async fn measure(
    name: &str,
    sessions: &Sessions<Person>,
    count: usize,
    away: impl AsyncFn(bool),
) -> Result<(), Box<dyn Error>> {
    let (mut lists, mut revocations) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let sign_ins = stream::iter(0..count).map(|_| sign_in(sessions, USER, 1));
        assert_eq!(sign_ins.buffer_unordered(AT_ONCE).count().await, count);
        away(true).await;
        let began = Instant::now();
        assert_eq!(sessions.of(&USER).list(None).await?.len(), count);
        lists.push(began.elapsed());
        let began = Instant::now();
        assert_eq!(sessions.of(&USER).revoke_all().await?, count);
        revocations.push(began.elapsed());
        away(false).await;
    }
    println!("| {name} | {:.0?} | {:.0?} |", middle(lists), middle(revocations));
    Ok(())
}

fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
