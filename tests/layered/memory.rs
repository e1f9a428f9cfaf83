//! The copies keep within their bytes, and forgetting one costs a load and nothing else.

use std::time::SystemTime;

use cloakroom::MemoryStore;
use cloakroom::store::SessionStore as _;
use cloakroom::stores::Layered;
use tests::CountingStore;
use tests::Deed::{LoadCurrent, LoadIfChanged};

use super::{HOUR, create, key, load, replace};

const ROOM: usize = 100_000;

#[tokio::test]
async fn copies_keep_within_their_bytes() {
    let store = Layered::new(MemoryStore::new()).with_max_bytes(ROOM);
    let at = SystemTime::now() + HOUR;
    for n in 0..2_000 {
        let size = (n * 37 % 1_000) as usize;
        create(&store, &key(n), &"x".repeat(size), at).await;
        assert!(store.bytes() <= ROOM, "{} bytes", store.bytes());
    }
    assert!(store.bytes() > ROOM - 2_000 && store.len() > 80, "{store:?}: room was left");
    for n in 0..2_000 {
        let read = load(&store, &key(n)).await.expect("the store behind has all of them");
        assert_eq!(read.bytes.len(), (n * 37 % 1_000) as usize);
    }
    for n in 0..2_000 {
        store.delete(&key(n)).await.unwrap();
    }
    assert_eq!((store.len(), store.bytes()), (0, 0));
}

/// A record that grows takes the room of others; one that has no room at all is sent each time.
#[tokio::test]
async fn a_record_without_room_is_not_kept() {
    let (back, calls) = CountingStore::new(MemoryStore::new());
    let store = Layered::new(back).with_max_bytes(ROOM);
    let at = SystemTime::now() + HOUR;
    let small = create(&store, &key(1), "small", at).await;
    let large = replace(&store, &key(1), &small, &"x".repeat(ROOM), at).await;
    assert_eq!((store.len(), store.bytes()), (0, 0));
    calls.take();
    assert_eq!(load(&store, &key(1)).await.unwrap().bytes.len(), ROOM);
    assert_eq!(load(&store, &key(1)).await.unwrap().version, large);
    assert_eq!(calls.take(), [LoadCurrent, LoadCurrent]);
    replace(&store, &key(1), &large, "small again", at).await;
    calls.take();
    load(&store, &key(1)).await;
    assert_eq!(calls.take(), [LoadIfChanged]);
}

/// Ten records that are read now and then stay, while a thousand others pass through.
#[tokio::test]
async fn what_is_read_stays() {
    let (back, calls) = CountingStore::new(MemoryStore::new());
    let store = Layered::new(back).with_max_bytes(ROOM);
    let at = SystemTime::now() + HOUR;
    for n in 0..1_000 {
        create(&store, &key(n), &"x".repeat(600), at).await;
        if n % 20 == 0 {
            for hot in 0..10.min(n) {
                load(&store, &key(hot)).await;
            }
        }
    }
    calls.take();
    for hot in 0..10 {
        load(&store, &key(hot)).await;
    }
    assert_eq!(calls.take(), [LoadIfChanged; 10], "a copy that was read made room for one that was not");
}

/// What has expired is the first to make room, read or not.
#[tokio::test]
async fn what_has_expired_makes_room() {
    let clock = cloakroom::ManualClock::default();
    let now = cloakroom::Clock::now(&clock);
    let (back, calls) = CountingStore::new(MemoryStore::new().with_clock(clock.clone()));
    let store = Layered::new(back).with_clock(clock.clone()).with_max_bytes(10_000);
    for n in 0..5 {
        create(&store, &key(n), &"x".repeat(600), now + HOUR).await;
        create(&store, &key(100 + n), &"x".repeat(600), now + HOUR * 2).await;
    }
    for n in (0..5).chain(100..105) {
        load(&store, &key(n)).await;
    }
    let all = store.len();
    clock.advance(HOUR);
    for n in 200..205 {
        create(&store, &key(n), &"x".repeat(600), now + HOUR * 2).await;
    }
    assert_eq!((all, store.len()), (10, 10));
    calls.take();
    for n in (100..105).chain(200..205) {
        load(&store, &key(n)).await;
    }
    assert_eq!(calls.take(), [LoadIfChanged; 10]);
}
