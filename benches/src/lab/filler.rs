//! Sessions in great number: the same record under random keys, written straight to the store.

use std::ops::Range;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use cloakroom::StoreError;
use cloakroom::store::{SessionStore, StoreKey};

/// Writes under way at once: a store in a file answers many with one wait for the disk.
const AT_ONCE: usize = 1_000;

/// As late as a session that was just asked.
pub(super) fn later() -> SystemTime {
    SystemTime::now() + Duration::from_secs(7_200)
}

/// They end from `at` on, one a millisecond.
pub(super) async fn fill(
    store: impl SessionStore + Clone,
    numbers: Range<usize>,
    record: &Bytes,
    at: SystemTime,
) -> Result<(), StoreError> {
    let writers = (0..AT_ONCE.min(numbers.len())).map(|writer| {
        let (store, record, numbers) = (store.clone(), record.clone(), numbers.clone());
        tokio::spawn(async move {
            for number in numbers.skip(writer).step_by(AT_ONCE) {
                let at = at + Duration::from_millis(number as u64);
                // Each its own, as if it had come from a request.
                store.create(&key(number), Bytes::from(record.to_vec()), at).await?;
            }
            Ok::<_, StoreError>(())
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.expect("the task ends")?;
    }
    Ok(())
}

fn key(number: usize) -> StoreKey {
    let mut bytes = [0; 32];
    let mut state = number as u64;
    for part in bytes.chunks_exact_mut(8) {
        // SplitMix64, so that keys are spread as hashes are.
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        part.copy_from_slice(&(mixed ^ (mixed >> 31)).to_be_bytes());
    }
    StoreKey::from_bytes(bytes)
}
