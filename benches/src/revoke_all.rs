//! How long it takes to list and to revoke 1,000 sessions of one owner, on every store that has an owner index. It starts the
//! servers itself.
//!
//! `cargo run --release -p benches --bin revoke_all`

use std::error::Error;
use std::time::{Duration, Instant};

use cloakroom::store::SessionStore;
use cloakroom::{SessionData, Sessions};
use tests::Place;

const SESSIONS: usize = 1_000;
/// Sign-ins at the same time, while the sessions are made.
const AT_ONCE: usize = 50;

#[derive(SessionData)]
#[session(cookie = "account")]
struct Account {
    #[session(owner)]
    user_id: Option<u64>,
    device: String,
}

type Outcome<T> = Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    println!("| place | sign in, each | list {SESSIONS} | revoke all | list none |\n|---|---|---|---|---|");
    macro_rules! measure_each {
        ($($store:ident)+) => { $(measure(stringify!($store), tests::places::$store()).await?;)+ };
    }
    tests::every_store! { [measure_each] }
    Ok(())
}

async fn measure(name: &str, place: Place<impl SessionStore + Clone>) -> Outcome<()> {
    let Some(sessions) = place.sessions_by_owner::<Account>().await else { return Ok(()) };
    let began = Instant::now();
    for some in 0..SESSIONS / AT_ONCE {
        let logins: Vec<_> =
            (0..AT_ONCE).map(|n| tokio::spawn(sign_in(sessions.clone(), some * AT_ONCE + n))).collect();
        for login in logins {
            login.await??;
        }
    }
    let signed_in = began.elapsed() / SESSIONS as u32;
    let theirs = sessions.of(&7);
    let (listed, list) = timed(theirs.list(None)).await;
    let (ended, revoke) = timed(theirs.revoke_all()).await;
    let (left, list_none) = timed(theirs.list(None)).await;
    assert_eq!((listed?.len(), ended?, left?.len()), (SESSIONS, SESSIONS, 0), "{name}");
    println!("| {} | {signed_in:.1?} | {list:.1?} | {revoke:.1?} | {list_none:.1?} |", name.trim_start_matches("on_"));
    Ok(())
}

async fn sign_in(sessions: Sessions<Account>, number: usize) -> Result<(), cloakroom::SessionError> {
    let session = sessions.open([]);
    session.set_user_id(7).await?;
    session.set_device(format!("device {number}")).await?;
    session.save().await
}

async fn timed<T>(work: impl Future<Output = T>) -> (T, Duration) {
    let began = Instant::now();
    let done = work.await;
    (done, began.elapsed())
}
