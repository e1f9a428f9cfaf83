//! What needs a disk that fails, or one that forgets what was never synced.

#![allow(clippy::unwrap_used)]

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Waker};
use std::time::{Duration, SystemTime};

use redb::StorageBackend;
use session_runtime::store::contract::{self, Harness};
use session_runtime::store::{Created, Replaced};
use session_runtime::{Clock, ManualClock, SessionStore, StoreKey};

use super::RedbStore;
use super::file::File;

/// A disk in memory. `synced` is what a power cut leaves.
#[derive(Clone, Debug, Default)]
struct Disk(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    data: Vec<u8>,
    synced: Vec<u8>,
    syncs: usize,
    broken: bool,
}

impl Disk {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    fn working(&self) -> io::Result<MutexGuard<'_, State>> {
        let state = self.state();
        if state.broken { Err(io::Error::other("the disk is broken")) } else { Ok(state) }
    }

    fn set_broken(&self, broken: bool) {
        self.state().broken = broken;
    }

    fn after_a_power_cut(&self) -> Disk {
        let synced = self.state().synced.clone();
        Disk(Arc::new(Mutex::new(State { data: synced.clone(), synced, ..State::default() })))
    }

    fn store(&self, clock: &ManualClock) -> RedbStore {
        self.store_by(clock.clone())
    }

    fn store_by(&self, clock: impl Clock) -> RedbStore {
        let disk = self.clone();
        let file = File::open_on("disk".into(), 1 << 20, move || Ok(disk.clone())).unwrap();
        RedbStore::start(file, Arc::new(clock)).unwrap()
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.working()?.data.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let state = self.working()?;
        let range = offset as usize..offset as usize + out.len();
        out.copy_from_slice(state.data.get(range).ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.working()?.data.resize(len as usize, 0);
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut state = self.working()?;
        state.synced = state.data.clone();
        state.syncs += 1;
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.working()?.data[offset as usize..offset as usize + data.len()].copy_from_slice(data);
        Ok(())
    }
}

fn key(n: u16) -> StoreKey {
    let mut bytes = [7; 32];
    bytes[..2].copy_from_slice(&n.to_be_bytes());
    StoreKey::from_bytes(bytes)
}

fn in_an_hour(clock: &ManualClock) -> SystemTime {
    clock.now() + Duration::from_secs(3600)
}

type Waiting<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Has `call` queue its write, and no more.
fn queued<T>(call: impl Future<Output = T> + Send + 'static) -> Waiting<T> {
    let mut call: Waiting<T> = Box::pin(call);
    assert!(is_waiting(&mut call));
    call
}

fn is_waiting<T>(call: &mut Waiting<T>) -> bool {
    call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending()
}

fn create(store: &RedbStore, n: u16, at: SystemTime) -> Waiting<Created> {
    let store = store.clone();
    queued(async move { store.create(&key(n), "data".into(), at).await.unwrap() })
}

#[tokio::test]
async fn answered_writes_survive_a_power_cut() {
    let (disk, clock) = (Disk::default(), ManualClock::default());
    let (store, at) = (disk.store(&clock), in_an_hour(&clock));
    for n in 0..30 {
        let Created::New(first) = store.create(&key(n), "first".into(), at).await.unwrap() else { panic!() };
        let left = disk.after_a_power_cut().store(&clock);
        assert_eq!(left.load(&key(n)).await.unwrap().unwrap().bytes, "first");

        store.replace(&key(n), &first, "second".into(), at).await.unwrap();
        let left = disk.after_a_power_cut().store(&clock);
        assert_eq!(left.load(&key(n)).await.unwrap().unwrap().bytes, "second");

        if n % 2 == 0 {
            store.delete(&key(n)).await.unwrap();
            let left = disk.after_a_power_cut().store(&clock);
            assert_eq!(left.load(&key(n)).await.unwrap(), None);
        }
    }
}

#[tokio::test]
async fn versions_are_not_given_out_again_after_a_power_cut() {
    let (disk, clock) = (Disk::default(), ManualClock::default());
    let (store, at) = (disk.store(&clock), in_an_hour(&clock));
    let Created::New(old) = store.create(&key(1), "old".into(), at).await.unwrap() else { panic!() };
    store.delete(&key(1)).await.unwrap();
    let left = disk.after_a_power_cut().store(&clock);
    left.create(&key(1), "new".into(), at).await.unwrap();
    let late = left.replace(&key(1), &old, "late".into(), at).await.unwrap();
    assert!(matches!(late, Replaced::Stale(current) if current.bytes == "new"));
}

#[tokio::test]
async fn waiting_writes_share_a_sync_and_see_each_other() {
    let (disk, clock) = (Disk::default(), ManualClock::default());
    let (store, at) = (disk.store(&clock), in_an_hour(&clock));
    let (first, mut pairs, before) = {
        let stalled = disk.state();
        let first = create(&store, 0, at);
        let pairs: Vec<_> = (1..=300).map(|n| (create(&store, n, at), create(&store, n, at))).collect();
        (first, pairs, stalled.syncs)
    };
    first.await;
    for (winner, loser) in &mut pairs {
        assert!(matches!(winner.await, Created::New(_)));
        assert_eq!(loser.await, Created::Taken, "it sees the one before it in the same commit");
    }
    let syncs = disk.state().syncs - before;
    assert!(syncs <= 3, "601 writes took {syncs} syncs");
}

#[tokio::test]
async fn a_failed_commit_fails_its_writes_and_no_others() {
    let (disk, clock) = (Disk::default(), ManualClock::default());
    let (store, at) = (disk.store(&clock), in_an_hour(&clock));
    store.create(&key(0), "before".into(), at).await.unwrap();
    for round in 1..=3 {
        disk.set_broken(true);
        for n in 0..20 {
            let error = store.create(&key(100 + n), "lost".into(), at).await.unwrap_err();
            assert!(error.to_string().starts_with("the session store failed: `disk`"), "{error}");
        }
        store.delete(&key(0)).await.unwrap_err();
        disk.set_broken(false);
        let created = store.create(&key(round), "after".into(), at).await.unwrap();
        assert!(matches!(created, Created::New(_)), "the thread lives on, and the file was opened anew");
        assert_eq!(store.load(&key(0)).await.unwrap().unwrap().bytes, "before");
        for n in 0..20 {
            assert_eq!(store.load(&key(100 + n)).await.unwrap(), None, "what failed is not half there");
        }
    }
}

#[tokio::test]
async fn what_changes_nothing_needs_no_sync() {
    let (disk, clock) = (Disk::default(), ManualClock::default());
    let (store, at) = (disk.store(&clock), in_an_hour(&clock));
    let Created::New(version) = store.create(&key(1), "data".into(), at).await.unwrap() else { panic!() };
    let before = disk.state().syncs;
    store.create(&key(1), "data".into(), at).await.unwrap();
    store.replace(&key(1), &0.into(), "data".into(), at).await.unwrap();
    store.touch(&key(1), &version, at).await.unwrap();
    store.delete(&key(2)).await.unwrap();
    assert_eq!(store.sweep().await.unwrap(), 0);
    assert_eq!(disk.state().syncs, before);
}

/// A store on a disk that broke, and that has noticed.
struct BrokenDisk(ManualClock);

impl Harness for BrokenDisk {
    type Store = RedbStore;

    async fn store(&self) -> RedbStore {
        Disk::default().store(&self.0)
    }

    fn now(&self) -> SystemTime {
        self.0.now()
    }

    async fn pass(&self, time: Duration) {
        self.0.advance(time);
    }

    contract::spawn_on_tokio!();

    async fn failing(&self) -> Option<RedbStore> {
        let disk = Disk::default();
        let store = disk.store(&self.0);
        disk.set_broken(true);
        store.create(&key(1), "data".into(), in_an_hour(&self.0)).await.unwrap_err();
        Some(store)
    }
}

#[tokio::test]
async fn a_failing_store_says_so() {
    contract::a_failing_store_says_so(&BrokenDisk(ManualClock::default())).await;
}

#[tokio::test]
async fn dropping_a_write_half_way_does_not_stop_it() {
    let (disk, clock) = (Disk::default(), ManualClock::default());
    let (store, at) = (disk.store(&clock), in_an_hour(&clock));
    {
        let _stalled = disk.state();
        drop(create(&store, 1, at));
    }
    assert_eq!(store.create(&key(1), "again".into(), at).await.unwrap(), Created::Taken);
}

/// A clock that tells the time once for each permit, and freely once nobody can give permits: every transaction asks it once.
struct Permitted {
    clock: ManualClock,
    permits: Mutex<Receiver<()>>,
    asked: Arc<AtomicU32>,
}

impl Clock for Permitted {
    fn now(&self) -> SystemTime {
        let _ = self.permits.lock().unwrap().recv();
        self.asked.fetch_add(1, SeqCst);
        self.clock.now()
    }
}

#[tokio::test]
async fn a_sweep_goes_in_small_steps_and_lets_writes_go_first() {
    let (disk, clock) = (Disk::default(), ManualClock::default());
    let store = disk.store(&clock);
    let creates: Vec<_> = {
        let _stalled = disk.state();
        (0..3_500).map(|n| create(&store, n, in_an_hour(&clock))).collect()
    };
    for create in creates {
        create.await;
    }
    drop(store);
    clock.advance(Duration::from_secs(3600));

    let (permit, permits) = channel();
    let asked = Arc::new(AtomicU32::new(0));
    let permitted = Permitted { clock: clock.clone(), permits: Mutex::new(permits), asked: asked.clone() };
    let store = disk.store_by(permitted);
    let sweeper = store.clone();
    let mut sweep = queued(async move { sweeper.sweep().await.unwrap() });
    let write = create(&store, 9_999, in_an_hour(&clock));
    permit.send(()).unwrap();
    permit.send(()).unwrap();
    assert!(matches!(write.await, Created::New(_)), "answered after one step of the sweep at most");
    assert!(is_waiting(&mut sweep), "the write did not wait for the sweep's end");
    drop(permit);
    assert_eq!(sweep.await, 3_500);
    assert_eq!(asked.load(SeqCst), 5, "one transaction for the write, and four for 3,500 records");
    assert!(store.load(&key(9_999)).await.unwrap().is_some());
}

/// Defect 14 of other libraries: a clean-up that ends for good at its first database error.
#[tokio::test]
async fn a_sweep_outlives_a_broken_disk() {
    let (disk, clock) = (Disk::default(), ManualClock::default());
    let store = disk.store(&clock);
    store.create(&key(0), "data".into(), in_an_hour(&clock)).await.unwrap();
    clock.advance(Duration::from_secs(3600));
    for _ in 0..3 {
        disk.set_broken(true);
        store.sweep().await.unwrap_err();
    }
    disk.set_broken(false);
    assert_eq!(store.sweep().await.unwrap(), 1);
}
