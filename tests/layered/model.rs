//! Ten thousand calls in any order to three nodes, each answer compared with what one map in this test would have said.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use cloakroom::store::{Created, Refreshed, Replaced, SessionStore, Stored, Touched, Version};
use cloakroom::stores::{Layered, Reads};
use cloakroom::{Clock as _, ManualClock, MemoryStore, StoreKey};
use tests::places;

use super::{HOUR, key};

const CALLS: usize = 10_000;
const KEYS: u32 = 6;

/// The same numbers in each run (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % end as u64) as usize
    }
}

/// What stands in the store, and every version that any key has had.
#[derive(Default)]
struct Model {
    records: HashMap<StoreKey, Stored>,
    versions: Vec<Version>,
}

impl Model {
    fn is(&self, key: &StoreKey, version: &Version) -> Option<bool> {
        self.records.get(key).map(|stored| stored.version == *version)
    }

    fn put(&mut self, key: &StoreKey, version: Version, bytes: &str, expires_at: SystemTime) {
        self.versions.push(version);
        self.records.insert(*key, Stored { version, bytes: bytes.to_owned().into(), expires_at });
    }

    /// The record's version as it stands, or any that there ever was.
    fn version(&self, key: &StoreKey, numbers: &mut Numbers) -> Version {
        match self.records.get(key) {
            Some(stored) if numbers.below(3) > 0 => stored.version,
            _ if self.versions.is_empty() => Version::from(7),
            _ => self.versions[numbers.below(self.versions.len())],
        }
    }
}

async fn calls_in_any_order<S: SessionStore>(nodes: &[S], now: SystemTime, seed: u64) {
    let (mut numbers, mut model) = (Numbers(seed), Model::default());
    for call in 0..CALLS {
        let (node, key) = (&nodes[numbers.below(nodes.len())], &key(numbers.below(KEYS as usize) as u32));
        let (version, bytes) = (model.version(key, &mut numbers), format!("call {call}"));
        let at = now + HOUR + Duration::from_secs(numbers.below(3600) as u64);
        let stands = model.records.get(key).cloned();
        let label = format!("call {call} of seed {seed}");
        match numbers.below(10) {
            0 => match node.create(key, bytes.clone().into(), at).await.unwrap() {
                Created::New(version) if stands.is_none() => model.put(key, version, &bytes, at),
                created => assert!(stands.is_some() && created == Created::Taken, "{label}: {created:?}"),
            },
            1 | 2 => match (node.replace(key, &version, bytes.clone().into(), at).await.unwrap(), stands) {
                (Replaced::Done(new), Some(stood)) if stood.version == version => model.put(key, new, &bytes, at),
                (replaced, Some(stood)) => assert_eq!(replaced, Replaced::Stale(stood), "{label}"),
                (replaced, None) => assert_eq!(replaced, Replaced::Gone, "{label}"),
            },
            3 => {
                let touched = node.touch(key, &version, at).await.unwrap();
                let expected = match model.is(key, &version) {
                    Some(true) => Touched::Done,
                    Some(false) => Touched::Stale,
                    None => Touched::Gone,
                };
                assert_eq!(touched, expected, "{label}");
                if touched == Touched::Done {
                    model.records.get_mut(key).unwrap().expires_at = at;
                }
            }
            4 if numbers.below(3) == 0 => {
                assert_eq!(node.delete(key).await.unwrap(), model.records.remove(key), "{label}");
            }
            5 => {
                let refreshed = node.load_if_changed(key, &version).await.unwrap();
                assert_eq!(refreshed, Refreshed::of(stands, &version), "{label}");
            }
            6 => assert_eq!(node.load_current(key).await.unwrap(), stands, "{label}"),
            _ => assert_eq!(node.load(key).await.unwrap(), stands, "{label}"),
        }
    }
}

#[tokio::test]
async fn three_nodes_on_redis_are_never_stale() {
    let place = places::on_redis_layered();
    let nodes = [place.store().await, place.store().await, place.store().await];
    // Redis goes by its own clock, and keeps what has not expired by it.
    let now = SystemTime::UNIX_EPOCH + SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map(whole).unwrap();
    calls_in_any_order(&nodes, now, 1).await;
    assert!(nodes.iter().all(|node| !node.is_empty()), "nothing was kept, so nothing was tried");
}

fn whole(time: Duration) -> Duration {
    Duration::from_secs(time.as_secs())
}

fn three_nodes<R: Reads>(
    layer: impl Fn(MemoryStore, ManualClock) -> Layered<MemoryStore, R>,
) -> [Layered<MemoryStore, R>; 3] {
    let clock = ManualClock::default();
    let memory = MemoryStore::new().with_clock(clock.clone());
    [(); 3].map(|()| layer(memory.clone(), clock.clone()))
}

/// Also where the copies have no room, so that they come and go.
#[tokio::test]
async fn three_nodes_on_memory_are_never_stale() {
    for (seed, room) in [(2, 1 << 20), (3, 1_000), (4, 0)] {
        let nodes = three_nodes(|memory, clock| Layered::new(memory).with_clock(clock).with_max_bytes(room));
        calls_in_any_order(&nodes, ManualClock::default().now(), seed).await;
    }
}

/// A node that is alone is not stale either way: what it did itself it sees at once.
#[tokio::test]
async fn one_node_with_stale_reads_sees_what_it_did() {
    for (seed, room) in [(5, 1 << 20), (6, 1_000)] {
        let layer = |memory, clock| Layered::new(memory).with_clock(clock).with_max_bytes(room).with_stale_reads(HOUR);
        let nodes = three_nodes(layer);
        calls_in_any_order(&nodes[..1], ManualClock::default().now(), seed).await;
    }
}
