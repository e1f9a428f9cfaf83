//! When a record counts as absent, and what moves that.

use super::*;
use crate::store::{Refreshed, Touched};

/// A record that is about to expire. Time is moved to the last millisecond before, then to the first one after; a store whose
/// time cannot be moved is given a margin instead.
struct Ending<S> {
    store: S,
    version: Version,
    expires_at: SystemTime,
}

impl<S: SessionStore> Ending<S> {
    const KEY: StoreKey = StoreKey::from_bytes([7; 32]);
    const MARGIN: Duration = Duration::from_secs(1);

    async fn new<H: Harness<Store = S>>(harness: &H) -> Self {
        let store = harness.store().await;
        let expires_at = later(harness, Duration::from_secs(2));
        let version = create(&store, &Self::KEY, "data", expires_at).await;
        let ending = Self { store, version, expires_at };
        ending.last_moment(harness).await;
        ending
    }

    async fn last_moment<H: Harness>(&self, harness: &H) {
        let margin = if harness.moves_time() { Duration::from_millis(1) } else { Self::MARGIN };
        until(harness, self.expires_at - margin).await;
    }

    async fn end<H: Harness>(&self, harness: &H) {
        until(harness, self.expires_at).await;
    }

    fn stored(&self) -> Stored {
        Stored { version: self.version, bytes: "data".into(), expires_at: self.expires_at }
    }
}

pub(super) async fn until<H: Harness>(harness: &H, time: SystemTime) {
    if let Ok(left) = time.duration_since(harness.now()) {
        harness.pass(left).await;
    }
}

/// `load` finds a record in the last millisecond before its expiry, and not at its expiry.
pub async fn load_ends_at_the_millisecond<H: Harness>(harness: &H) {
    let ending = Ending::new(harness).await;
    assert_eq!(load(&ending.store, &Ending::<H::Store>::KEY).await, Some(ending.stored()));
    ending.end(harness).await;
    assert_eq!(load(&ending.store, &Ending::<H::Store>::KEY).await, None);
}

/// So does `load_current`.
pub async fn load_current_ends_at_the_millisecond<H: Harness>(harness: &H) {
    let ending = Ending::new(harness).await;
    let found = ending.store.load_current(&Ending::<H::Store>::KEY).await.expect("load_current works");
    assert_eq!(found, Some(ending.stored()));
    ending.end(harness).await;
    let found = ending.store.load_current(&Ending::<H::Store>::KEY).await.expect("load_current works");
    assert_eq!(found, None);
}

/// So does `load_if_changed`.
pub async fn load_if_changed_ends_at_the_millisecond<H: Harness>(harness: &H) {
    let ending = Ending::new(harness).await;
    let key = Ending::<H::Store>::KEY;
    let unchanged = Refreshed::Unchanged { expires_at: ending.expires_at };
    assert_eq!(refresh(&ending.store, &key, &ending.version).await, unchanged);
    ending.end(harness).await;
    assert_eq!(refresh(&ending.store, &key, &ending.version).await, Refreshed::Gone);
}

/// `replace` works in the last millisecond, and says `Gone` at the expiry, also for the current version.
pub async fn replace_ends_at_the_millisecond<H: Harness>(harness: &H) {
    let mut ending = Ending::new(harness).await;
    let key = Ending::<H::Store>::KEY;
    ending.version = replace_wins(&ending.store, &key, &ending.version, "data", ending.expires_at).await;
    ending.end(harness).await;
    let late = replace(&ending.store, &key, &ending.version, "late", in_an_hour(harness)).await;
    assert_eq!(late, Replaced::Gone);
    assert_eq!(load(&ending.store, &key).await, None);
}

/// `touch` works in the last millisecond, and says `Gone` at the expiry: what has expired cannot be woken.
pub async fn touch_ends_at_the_millisecond<H: Harness>(harness: &H) {
    let ending = Ending::new(harness).await;
    let key = Ending::<H::Store>::KEY;
    let touched = ending.store.touch(&key, &ending.version, ending.expires_at).await;
    assert_eq!(touched.expect("touch works"), Touched::Done);
    ending.end(harness).await;
    let touched = ending.store.touch(&key, &ending.version, in_an_hour(harness)).await;
    assert_eq!(touched.expect("touch works"), Touched::Gone);
    assert_eq!(load(&ending.store, &key).await, None);
}

/// `delete` hands back a record in its last millisecond, and nothing at its expiry.
pub async fn delete_ends_at_the_millisecond<H: Harness>(harness: &H) {
    let key = Ending::<H::Store>::KEY;
    let alive = Ending::new(harness).await;
    assert_eq!(alive.store.delete(&key).await.expect("delete works"), Some(alive.stored()));
    let expired = Ending::new(harness).await;
    expired.end(harness).await;
    assert_eq!(expired.store.delete(&key).await.expect("delete works"), None);
}

/// `create` says `Taken` in a record's last millisecond, and takes its place once it has expired.
pub async fn create_takes_the_place_of_an_expired_record<H: Harness>(harness: &H) {
    let ending = Ending::new(harness).await;
    let (key, at) = (Ending::<H::Store>::KEY, in_an_hour(harness));
    let early = ending.store.create(&key, "early".into(), at).await;
    assert_eq!(early.expect("create works"), Created::Taken);
    ending.end(harness).await;
    let version = create(&ending.store, &key, "new", at).await;
    let new = Stored { version, bytes: "new".into(), expires_at: at };
    assert_eq!(load(&ending.store, &key).await, Some(new.clone()));
    let late = replace(&ending.store, &key, &ending.version, "late", at).await;
    assert_eq!(late, Replaced::Stale(new), "the version of the expired record is no longer good");
}

/// `touch` moves the expiry; version and bytes stay.
pub async fn touch_moves_the_expiry_and_nothing_else<H: Harness>(harness: &H) {
    let ending = Ending::new(harness).await;
    let (key, at) = (Ending::<H::Store>::KEY, in_an_hour(harness));
    assert_eq!(ending.store.touch(&key, &ending.version, at).await.expect("touch works"), Touched::Done);
    ending.end(harness).await;
    assert_eq!(load(&ending.store, &key).await, Some(Stored { expires_at: at, ..ending.stored() }));
    replace_wins(&ending.store, &key, &ending.version, "next", at).await;
}

/// `touch` of a version that is no longer current says `Stale`, and moves nothing.
pub async fn touch_of_a_stale_version_changes_nothing<H: Harness>(harness: &H) {
    let (store, at) = (harness.store().await, in_an_hour(harness));
    let first = create(&store, &key(1), "first", at).await;
    let version = replace_wins(&store, &key(1), &first, "second", at).await;
    let touched = store.touch(&key(1), &first, later(harness, Duration::from_secs(9000))).await;
    assert_eq!(touched.expect("touch works"), Touched::Stale);
    let current = Stored { version, bytes: "second".into(), expires_at: at };
    assert_eq!(load(&store, &key(1)).await, Some(current));
}

/// `touch` of a key that never was, or was deleted, says `Gone` and creates nothing.
pub async fn touch_never_creates<H: Harness>(harness: &H) {
    let (store, at) = (harness.store().await, in_an_hour(harness));
    let version = create(&store, &key(1), "data", at).await;
    store.delete(&key(1)).await.expect("delete works");
    for key in [key(1), key(2)] {
        assert_eq!(store.touch(&key, &version, at).await.expect("touch works"), Touched::Gone);
        assert_eq!(load(&store, &key).await, None);
    }
}

/// `touch` may bring the expiry nearer, and it then holds.
pub async fn touch_may_shorten<H: Harness>(harness: &H) {
    let (store, at) = (harness.store().await, later(harness, Duration::from_secs(2)));
    let version = create(&store, &key(1), "data", in_an_hour(harness)).await;
    assert_eq!(store.touch(&key(1), &version, at).await.expect("touch works"), Touched::Done);
    assert_eq!(load(&store, &key(1)).await.map(|stored| stored.expires_at), Some(at));
    until(harness, at).await;
    assert_eq!(load(&store, &key(1)).await, None);
}

/// `replace` sets the expiry that it was given, later or sooner than the one before.
pub async fn replace_sets_the_expiry<H: Harness>(harness: &H) {
    let ending = Ending::new(harness).await;
    let (key, soon) = (Ending::<H::Store>::KEY, later(harness, Duration::from_secs(4)));
    let longer = replace_wins(&ending.store, &key, &ending.version, "longer", in_an_hour(harness)).await;
    ending.end(harness).await;
    replace_wins(&ending.store, &key, &longer, "shorter", soon).await;
    assert_eq!(load(&ending.store, &key).await.map(|stored| stored.expires_at), Some(soon));
    until(harness, soon).await;
    assert_eq!(load(&ending.store, &key).await, None);
}

/// 400 days, the most that a browser keeps a cookie, are kept to the millisecond.
pub async fn more_than_a_year_is_kept<H: Harness>(harness: &H) {
    let store = harness.store().await;
    let at = later(harness, Duration::from_secs(400 * 86_400));
    create(&store, &key(1), "data", at).await;
    assert_eq!(load(&store, &key(1)).await.map(|stored| stored.expires_at), Some(at));
}
