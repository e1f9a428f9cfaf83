//! What sessions weigh in Redis: `redis_memory URL [SESSIONS]` fills an empty server with sessions as the shop has them, and then
//! with what the index of owners has on as many, and says what each costs. It asks the server through `redis-cli`.
//!
//! `cargo run --release -p benches --features lab --bin redis_memory -- redis://127.0.0.1:6399 100000`

use std::error::Error;
use std::process::Command;
use std::time::{Duration, SystemTime};

use cloakroom::store::{OwnerEntry, OwnerIndex as _, OwnerKey, SessionStore as _, StoreError, StoreKey};
use cloakroom::stores::RedisStore;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

/// Records of these many bytes: an id alone, a signed-in visitor, the eight fields of the comparison, a large one.
const SIZES: [usize; 5] = [40, 150, 300, 600, 2_000];
/// Sessions of each owner.
const PER_OWNER: [usize; 6] = [1, 2, 5, 20, 100, 1_000];
const AT_ONCE: usize = 64;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let url = args.next().ok_or("say the URL of an empty server")?;
    let sessions: usize = args.next().map_or(Ok(100_000), |number| number.parse())?;
    println!("{:>8} {:>10} {:>12} {:>12} {:>12}", "record", "stored", "per session", "above record", "resident");
    for size in SIZES {
        let (used, resident) = empty(&url)?;
        fill(&url, sessions, async |store, number| {
            store.create(&key(number), vec![number as u8; size].into(), in_two_hours()).await.map(drop)
        })
        .await?;
        let per_session = (memory(&url, "used_memory:")? - used) as f64 / sessions as f64;
        let resident = (memory(&url, "used_memory_rss:")? - resident) as f64 / sessions as f64;
        println!("{size:>8} {sessions:>10} {per_session:>12.1} {:>12.1} {resident:>12.1}", per_session - size as f64);
    }
    println!("{:>10} {:>10} {:>12}", "per owner", "entered", "per session");
    for per_owner in PER_OWNER {
        let (used, _) = empty(&url)?;
        fill(&url, sessions, async |store, number| enter(store, number / per_owner, number).await).await?;
        let per_session = (memory(&url, "used_memory:")? - used) as f64 / sessions as f64;
        println!("{per_owner:>10} {sessions:>10} {per_session:>12.1}");
    }
    Ok(())
}

/// What the server uses when nothing is in it: memory that it counts, and memory that it has.
fn empty(url: &str) -> Result<(i64, i64), Box<dyn Error>> {
    cli(url, &["FLUSHALL"])?;
    cli(url, &["MEMORY", "PURGE"])?;
    Ok((memory(url, "used_memory:")?, memory(url, "used_memory_rss:")?))
}

async fn enter(store: &RedisStore, owner: usize, number: usize) -> Result<(), StoreError> {
    let entry = OwnerEntry { key: key(number), entered_at: SystemTime::now(), ends_at: in_two_hours() };
    let index = store.owner_index().ok_or_else(|| StoreError::message("the store has no index"))?;
    index.enter(&OwnerKey::from_bytes(*key(owner).as_bytes()), &entry).await
}

fn in_two_hours() -> SystemTime {
    SystemTime::now() + Duration::from_secs(7_200)
}

async fn fill(
    url: &str,
    sessions: usize,
    put: impl AsyncFn(&RedisStore, usize) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let store = RedisStore::connect(url)?;
    let all = stream::iter(0..sessions).map(|number| put(&store, number));
    all.buffer_unordered(AT_ONCE).try_collect().await
}

fn key(number: usize) -> StoreKey {
    let mut bytes = [0x5a; 32];
    bytes[..8].copy_from_slice(&(number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    StoreKey::from_bytes(bytes)
}

fn memory(url: &str, line: &str) -> Result<i64, Box<dyn Error>> {
    let info = cli(url, &["INFO", "memory"])?;
    let bytes = info.lines().find_map(|found| found.strip_prefix(line)).ok_or("redis-cli says nothing of memory")?;
    Ok(bytes.trim().parse()?)
}

fn cli(url: &str, command: &[&str]) -> Result<String, Box<dyn Error>> {
    Ok(String::from_utf8(Command::new("redis-cli").args(["-u", url]).args(command).output()?.stdout)?)
}
