//! The store in an object store: what each call asks of the service, which services are refused, what becomes of half a write,
//! and of replies that are lost.

use std::pin::Pin;
use std::time::{Duration, SystemTime};

use cloakroom::SessionStore as _;
use cloakroom::store::{Replaced, StoreError, Stored, Touched};
use cloakroom::stores::ObjectStore;
use opendal::Operator;
use opendal::layers::RetryLayer;
use opendal::services::{Fs, Memory};
use tests::{Conditions, ObjectBench as Bench, Objects, object_key as key, poll_step};

const HOUR: Duration = Duration::from_secs(3600);

type PendingDelete<'a> = Pin<Box<dyn Future<Output = Result<Option<Stored>, StoreError>> + Send + 'a>>;

#[tokio::test]
async fn a_call_asks_no_more_than_it_must_where_etags_are_compared() {
    let bench = Bench::new(Conditions::Etags);
    let first = bench.create(1, HOUR).await;
    assert_eq!(bench.objects.asked(), ["write"]);
    bench.load(1).await.unwrap();
    assert_eq!(bench.objects.asked(), ["read"]);
    let second = bench.replace(1, &first, "second").await;
    assert_eq!(bench.objects.asked(), ["write"], "the version says where it stands");
    assert!(matches!(
        bench.store.replace(&key(1), &first, "late".into(), bench.later(HOUR)).await,
        Ok(Replaced::Stale(_))
    ));
    assert_eq!(bench.objects.asked(), ["write", "read"]);
    assert_eq!(bench.store.touch(&key(1), &second, bench.later(HOUR * 2)).await.unwrap(), Touched::Done);
    assert_eq!(bench.objects.asked(), ["read", "write"]);
    bench.replace(1, &second, "third").await;
    assert_eq!(bench.objects.asked(), ["write", "read", "write"], "the touch gave the object another ETag");
    bench.store.delete(&key(1)).await.unwrap().unwrap();
    assert_eq!(bench.objects.asked(), ["read", "write", "delete"]);
    assert_eq!(bench.objects.names(), [""; 0], "nothing is left");
}

#[tokio::test]
async fn a_call_asks_no_more_than_it_must_where_objects_are_created() {
    let bench = Bench::new(Conditions::Creation);
    let first = bench.create(1, HOUR).await;
    assert_eq!(bench.objects.asked(), ["list", "write"]);
    bench.load(1).await.unwrap();
    assert_eq!(bench.objects.asked(), ["list", "read"]);
    let second = bench.replace(1, &first, "second").await;
    assert_eq!(bench.objects.asked(), ["write"], "the version says which number is next");
    bench.clock.advance(HOUR / 2);
    bench.replace(1, &second, "third").await;
    assert_eq!(bench.objects.asked(), ["list", "read", "write"], "that number may have been taken, and be free again");
    bench.store.delete(&key(1)).await.unwrap().unwrap();
    assert_eq!(bench.objects.asked(), ["list", "read", "write"]);
}

/// Names hold a hash of the token, under the prefix alone.
#[tokio::test]
async fn objects_are_named_after_the_storage_key() {
    let objects = Objects::default();
    for (prefix, begin) in [("", ""), ("shop", "shop/"), ("a/b/", "a/b/")] {
        let store = ObjectStore::builder(objects.operator(Conditions::Etags)).prefix(prefix).build().unwrap();
        store.create(&key(0xab), "data".into(), SystemTime::now() + HOUR).await.unwrap();
        let name = begin.to_owned() + &"ab".repeat(32);
        assert!(objects.names().contains(&name), "{:?}", objects.names());
    }
}

#[test]
fn a_service_without_conditions_is_refused_and_told_why() {
    let operator = Objects::default().operator(Conditions::None);
    let unfit = ObjectStore::new(operator.clone()).unwrap_err();
    assert_eq!((unfit.service(), unfit.lacks()), ("objects", &["write_with_if_not_exists"][..]));
    assert_eq!(
        unfit.to_string(),
        "the service `objects` lacks `write_with_if_not_exists`: choose one that can write under a condition (S3, GCS, \
         Azure Blob, OSS, COS, a folder without `atomic_write_dir`), or give up on that with \
         `with_insecure_last_writer_wins()`"
    );
    ObjectStore::builder(operator).with_insecure_last_writer_wins().build().unwrap();
}

/// The folder service says that it creates under a condition, and with this setting it does not.
#[test]
fn a_folder_with_an_atomic_write_dir_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().display().to_string();
    ObjectStore::new(Operator::new(Fs::default().root(&path)).unwrap()).unwrap();
    let atomic = Operator::new(Fs::default().root(&path).atomic_write_dir(&format!("{path}/tmp"))).unwrap();
    let atomic = atomic.layer(RetryLayer::new());
    assert_eq!(ObjectStore::new(atomic.clone()).unwrap_err().lacks(), ["write_with_if_not_exists"]);
    ObjectStore::builder(atomic).with_insecure_last_writer_wins().build().unwrap();
}

/// What the name of the setting warns of, and no more: one request alone finds everything as it left it.
#[tokio::test]
async fn the_last_writer_wins_where_that_was_asked_for() {
    let bench = Bench::new(Conditions::None);
    let first = bench.create(1, HOUR).await;
    let second = bench.replace(1, &first, "second").await;
    let stale = bench.store.replace(&key(1), &first, "late".into(), bench.later(HOUR)).await.unwrap();
    assert!(matches!(stale, Replaced::Stale(stored) if stored.bytes == "second"));
    assert_eq!(bench.store.touch(&key(1), &second, bench.later(HOUR * 2)).await.unwrap(), Touched::Done);
    let stored = Stored { version: second, bytes: "second".into(), expires_at: bench.later(HOUR * 2) };
    assert_eq!(bench.load(1).await, Some(stored.clone()));
    assert_eq!(bench.store.delete(&key(1)).await.unwrap(), Some(stored));
    assert_eq!(bench.load(1).await, None);
    assert_eq!(bench.objects.names(), [""; 0], "nothing is left");
}

/// A folder shows a file before its bytes are in it.
#[tokio::test]
async fn half_a_write_is_waited_for() {
    let bench = Bench::new(Conditions::Creation);
    let version = bench.create(1, HOUR).await;
    bench.replace(1, &version, "second").await;
    let name = bench.objects.names().pop().unwrap();
    let whole = bench.objects.get(&name);
    for end in [0, 1, 20, whole.len() - 1] {
        bench.objects.put(&name, whole.slice(..end));
        bench.objects.asked();
        let store = bench.store.clone();
        let load = tokio::spawn(async move { store.load(&key(1)).await.unwrap().unwrap().bytes });
        while !bench.objects.asked().contains(&"read") {
            tokio::task::yield_now().await;
        }
        bench.objects.put(&name, whole.clone());
        assert_eq!(load.await.unwrap(), "second");
    }
}

/// Somebody who writes all the time, and knows each version without reading, keeps nobody signed in.
#[tokio::test]
async fn a_logout_overtakes_a_writer_who_never_pauses() {
    let bench = Bench::new(Conditions::Creation);
    let mut version = bench.create(1, HOUR).await;
    let key = key(1);
    let mut logout: PendingDelete<'_> = Box::pin(bench.store.delete(&key));
    loop {
        // Two requests of the logout for each that the writer makes.
        bench.objects.step(true);
        assert!(poll_step(&mut logout).is_none() && poll_step(&mut logout).is_none(), "it has what it removed to read");
        bench.objects.step(false);
        match bench.store.replace(&key, &version, "more".into(), bench.later(HOUR)).await.unwrap() {
            Replaced::Done(next) => version = next,
            Replaced::Gone => break,
            Replaced::Stale(other) => panic!("{other:?}"),
        }
        assert!(bench.objects.names().len() < 20, "the logout never comes to an end");
    }
    assert_eq!(logout.await.unwrap().unwrap().version, version, "what was removed is what was written last");
    assert_eq!(bench.load(1).await, None);
}

/// A visitor who goes away leaves no half a write behind.
#[tokio::test]
async fn a_write_to_a_folder_ends_though_its_caller_has_gone() {
    let folder = tempfile::tempdir().unwrap();
    let operator = Operator::new(Fs::default().root(&folder.path().display().to_string())).unwrap();
    let store = ObjectStore::builder(operator).prefix("").build().unwrap();
    let (key, expires_at, name) = (key(1), SystemTime::now() + HOUR, "01".repeat(32));
    let file = folder.path().join(name).join(format!("{:020}", 0));
    let mut create = Box::pin(store.create(&key, "data".into(), expires_at));
    while !file.exists() {
        assert!(futures_util::poll!(&mut create).is_pending());
        tokio::task::yield_now().await;
    }
    drop(create);
    assert_eq!(store.load(&key).await.unwrap().unwrap().bytes, "data");
}

/// What was cut off is an error, not an empty session; once nobody can be writing it any more, a sweep removes it.
#[tokio::test]
async fn a_write_that_was_cut_off_is_an_error_until_it_is_swept() {
    let bench = Bench::new(Conditions::Creation);
    let version = bench.create(1, HOUR * 9).await;
    bench.replace(1, &version, "second").await;
    let second = bench.objects.names().pop().unwrap();
    bench.objects.put(&second, bench.objects.get(&second).slice(..30));
    let error = bench.store.load(&key(1)).await.unwrap_err().to_string();
    assert!(error.contains("holds half a write"), "{error}");
    bench.store.delete(&key(1)).await.unwrap_err();
    bench.clock.advance(HOUR * 2);
    assert_eq!(bench.store.sweep().await.unwrap(), 0);
    assert_eq!(bench.load(1).await.unwrap().bytes, "data", "the write never was");
}

/// Bytes of another kind are named, and left alone.
#[tokio::test]
async fn what_somebody_else_keeps_under_a_sessions_name_is_an_error() {
    let bench = Bench::new(Conditions::Etags);
    bench.objects.put(&format!("sessions/{}", "01".repeat(32)), "not a session");
    let error = bench.store.load(&key(1)).await.unwrap_err().to_string();
    assert!(error.contains("give the store a prefix of its own"), "{error}");
    bench.store.delete(&key(1)).await.unwrap_err();
    assert_eq!(bench.objects.names().len(), 1);
}

const CONDITIONAL: [Conditions; 3] = [Conditions::Etags, Conditions::EtagsOfWrites, Conditions::Creation];

/// Carried out, and told as failed: nothing is sent twice.
#[tokio::test]
async fn a_write_whose_answer_is_lost_is_an_error_and_not_repeated() {
    for conditions in CONDITIONAL {
        let bench = Bench::new(conditions);
        bench.objects.lose(1);
        bench.store.create(&key(1), "data".into(), bench.later(HOUR)).await.unwrap_err();
        let created = bench.load(1).await.expect("it was carried out");
        bench.objects.asked();
        bench.objects.lose(1);
        bench.store.replace(&key(1), &created.version, "second".into(), bench.later(HOUR)).await.unwrap_err();
        assert_eq!(bench.objects.asked().iter().filter(|asked| **asked == "write").count(), 1);
        let replaced = bench.load(1).await.expect("it is there");
        assert_eq!(replaced.bytes, "second", "it was carried out");
        bench.objects.lose(1);
        bench.store.touch(&key(1), &replaced.version, bench.later(HOUR * 2)).await.unwrap_err();
        assert_eq!(bench.load(1).await, Some(Stored { expires_at: bench.later(HOUR * 2), ..replaced }));
        bench.objects.lose(1);
        bench.store.delete(&key(1)).await.unwrap_err();
        assert_eq!(bench.load(1).await, None, "it was carried out");
    }
}

/// An operator that sends again is told that the condition is not met: by its own first attempt, which is recognised.
#[tokio::test]
async fn an_operators_own_retries_are_recognised() {
    for conditions in CONDITIONAL {
        let bench = Bench::with_retries(conditions);
        bench.objects.lose(1);
        let first = bench.create(1, HOUR).await;
        bench.objects.lose(2);
        let second = bench.replace(1, &first, "second").await;
        assert_eq!(bench.load(1).await.map(|stored| stored.version), Some(second), "{conditions:?}");
        bench.objects.lose(1);
        assert_eq!(bench.store.touch(&key(1), &second, bench.later(HOUR * 2)).await.unwrap(), Touched::Done);
        let third = bench.replace(1, &second, "third").await;
        bench.objects.lose(1);
        let removed = bench.store.delete(&key(1)).await.unwrap().expect("it was there");
        assert_eq!((removed.version, &*removed.bytes), (third, &b"third"[..]));
        assert_eq!(bench.load(1).await, None);
    }
}

#[test]
fn debug_shows_where_and_how() {
    let store = ObjectStore::new(Operator::new(Memory::default()).unwrap()).unwrap();
    assert_eq!(format!("{store:?}"), "ObjectStore(memory, `sessions/`, Chain)");
}
