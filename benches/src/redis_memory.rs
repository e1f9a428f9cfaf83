//! What sessions weigh in Redis: `redis_memory URL [SESSIONS]` fills an empty server with sessions as the shop has them, and says
//! what each costs. It asks the server through `redis-cli`.
//!
//! `cargo run --release -p benches --bin redis_memory -- redis://127.0.0.1:6399 100000`

use std::error::Error;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use cloakroom::store::{SessionStore as _, StoreKey};
use cloakroom::stores::RedisStore;

/// Records of these many bytes: an id alone, a signed-in visitor, the eight fields of the comparison, a large one.
const SIZES: [usize; 5] = [40, 150, 300, 600, 2_000];
const AT_ONCE: usize = 64;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let url = args.next().ok_or("say the URL of an empty server")?;
    let sessions: usize = args.next().map_or(Ok(100_000), |number| number.parse())?;
    println!("{:>8} {:>10} {:>12} {:>12} {:>12}", "record", "stored", "per session", "above record", "resident");
    for size in SIZES {
        cli(&url, &["FLUSHALL"])?;
        cli(&url, &["MEMORY", "PURGE"])?;
        let (used, resident) = (memory(&url, "used_memory:")?, memory(&url, "used_memory_rss:")?);
        fill(&url, sessions, size).await?;
        let per_session = (memory(&url, "used_memory:")? - used) as f64 / sessions as f64;
        let resident = (memory(&url, "used_memory_rss:")? - resident) as f64 / sessions as f64;
        println!("{size:>8} {sessions:>10} {per_session:>12.1} {:>12.1} {resident:>12.1}", per_session - size as f64);
    }
    Ok(())
}

async fn fill(url: &str, sessions: usize, size: usize) -> Result<(), Box<dyn Error>> {
    let store = Arc::new(RedisStore::connect(url)?);
    let at = SystemTime::now() + Duration::from_secs(7_200);
    let writers = (0..AT_ONCE).map(|writer| {
        let store = store.clone();
        tokio::spawn(async move {
            for number in (writer..sessions).step_by(AT_ONCE) {
                store.create(&key(number), vec![number as u8; size].into(), at).await?;
            }
            Ok::<_, cloakroom::StoreError>(())
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await??;
    }
    Ok(())
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
