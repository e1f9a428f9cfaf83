//! What goes from an object store, and when: what has expired, by a sweep, and superseded states, by later writes.

use std::time::Duration;

use cloakroom::SessionStore as _;
use cloakroom::store::Touched;
use tests::{Conditions, ObjectBench as Bench, object_key as key};

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn a_sweep_removes_what_has_expired_and_nothing_else() {
    for conditions in [Conditions::Etags, Conditions::EtagsOfWrites, Conditions::None] {
        let bench = Bench::new(conditions);
        for number in 0..60 {
            let version = bench.create(number, HOUR).await;
            if number >= 40 {
                let later = bench.later(HOUR * 2);
                assert_eq!(bench.store.touch(&key(number), &version, later).await.unwrap(), Touched::Done);
            }
        }
        bench.objects.put("sessions/notes.txt", "not a session");
        bench.objects.put(&format!("sessions/{}", "zz".repeat(32)), "nor this");
        for (after, swept) in [(HOUR - Duration::from_millis(1), 0), (Duration::from_millis(1), 40), (HOUR, 20)] {
            bench.clock.advance(after);
            assert_eq!(bench.store.sweep().await.unwrap(), swept, "{conditions:?}");
        }
        assert_eq!(bench.objects.names().len(), 2, "what is not the store's stays");
    }
}

/// Neither what is no session nor an answer that never comes keeps the others, and what was removed is told.
#[tokio::test(start_paused = true)]
async fn a_sweep_goes_on_past_what_fails() {
    for conditions in [Conditions::Etags, Conditions::Creation] {
        let bench = Bench::new(conditions);
        for number in 0..60 {
            bench.create(number, HOUR).await;
        }
        let names = bench.objects.names();
        for bad in [0, 30, 59] {
            bench.objects.put(&names[bad], "not a session");
        }
        bench.clock.advance(HOUR * 2);
        let error = bench.store.sweep().await.unwrap_err().to_string();
        assert!(
            error.contains("removed 57 sessions, could not look at or remove 3; first failure: an object"),
            "{error}"
        );
        assert_eq!(bench.objects.names().len(), 3, "{conditions:?}");
        bench.create(61, HOUR).await;
        bench.clock.advance(HOUR * 2);
        bench.objects.slow("delete", HOUR);
        let error = bench.store.sweep().await.unwrap_err().to_string();
        assert!(error.contains("removed 0 sessions, could not look at or remove 4"), "{error}");
    }
}

/// What was listed by then is swept, and a list that fails for ever is asked for no more.
#[tokio::test]
async fn a_sweep_whose_list_breaks_off_says_so() {
    let bench = Bench::new(Conditions::Etags);
    for number in 0..60 {
        bench.create(number, HOUR).await;
    }
    bench.clock.advance(HOUR);
    bench.objects.break_lists_after(40);
    let error = bench.store.sweep().await.unwrap_err().to_string();
    let words = "removed 40 sessions, could not look at or remove 0, and the list broke off; first failure: ";
    assert!(error.contains(words) && error.contains("closed"), "{error}");
    assert_eq!(bench.objects.names().len(), 20);
}

/// A session may have more states than can be removed in the time of one call.
#[tokio::test(start_paused = true)]
async fn a_sweep_of_a_long_chain_takes_its_time() {
    let bench = Bench::new(Conditions::Creation);
    let mut version = bench.create(1, HOUR).await;
    for _ in 0..200 {
        version = bench.replace(1, &version, "again").await;
    }
    bench.clock.advance(HOUR * 2);
    bench.objects.slow("delete", Duration::from_millis(50));
    assert_eq!(bench.store.sweep().await.unwrap(), 1, "ten seconds of work");
    assert_eq!(bench.objects.names(), [""; 0]);
}

/// Numbers stay taken for an hour, so that no late write finds one free.
#[tokio::test]
async fn a_sweep_of_chains_comes_an_hour_after_their_end() {
    let bench = Bench::new(Conditions::Creation);
    let version = bench.create(1, HOUR / 2).await;
    bench.replace(1, &version, "renewed").await;
    bench.create(2, HOUR * 9).await;
    bench.store.delete(&key(2)).await.unwrap().unwrap();
    bench.create(3, HOUR * 9).await;
    for (after, swept) in [(HOUR - Duration::from_millis(1), 0), (Duration::from_millis(1), 1), (HOUR, 1), (HOUR, 0)] {
        bench.clock.advance(after);
        assert_eq!(bench.store.sweep().await.unwrap(), swept);
    }
    assert_eq!(bench.objects.names().len(), 1, "the third is alive");
    assert!(bench.load(3).await.is_some());
}

/// A session that is written to all day does not leave an object for each write.
#[tokio::test]
async fn superseded_states_go_after_an_hour_and_not_before() {
    let bench = Bench::new(Conditions::Creation);
    let mut version = bench.create(1, HOUR).await;
    for write in 0..1_000 {
        bench.clock.advance(HOUR / 10);
        version = bench.replace(1, &version, "again").await;
        let left = bench.objects.names().len();
        assert!(left <= 24, "{left} objects after {write} writes");
        assert!(
            left >= 10.min(write + 2),
            "what was superseded less than an hour ago holds its number: {left} objects"
        );
    }
    assert_eq!(bench.load(1).await.unwrap().bytes, "again");
}

/// What many writes left goes with the next ones, a few at a time: a write waits for no more.
#[tokio::test]
async fn many_superseded_states_go_a_few_at_a_time() {
    let bench = Bench::new(Conditions::Creation);
    let mut version = bench.create(1, HOUR).await;
    for _ in 0..100 {
        version = bench.replace(1, &version, "often").await;
    }
    for _ in 0..50 {
        bench.clock.advance(HOUR / 10);
        bench.objects.asked();
        version = bench.replace(1, &version, "now and then").await;
        let removed = bench.objects.asked().iter().filter(|asked| **asked == "delete").count();
        assert!(removed <= 8, "{removed} in one write");
    }
    let left = bench.objects.names().len();
    assert!(left <= 24, "{left} objects");
}

/// A write that was carried out, or a logout, does not fail because what it leaves cannot be removed.
#[tokio::test(start_paused = true)]
async fn what_cannot_be_removed_fails_no_call() {
    for conditions in [Conditions::Etags, Conditions::Creation, Conditions::None] {
        let bench = Bench::new(conditions);
        let mut version = bench.create(1, HOUR).await;
        for _ in 0..20 {
            version = bench.replace(1, &version, "often").await;
        }
        bench.objects.slow("delete", HOUR);
        for _ in 0..4 {
            bench.clock.advance(HOUR / 4 * 3);
            version = bench.replace(1, &version, "again").await;
        }
        let start = tokio::time::Instant::now();
        assert_eq!(bench.store.delete(&key(1)).await.unwrap().unwrap().bytes, "again", "{conditions:?}");
        assert!(start.elapsed() <= Duration::from_secs(1), "the visitor waits for {:?}", start.elapsed());
        assert_eq!(bench.load(1).await, None);
    }
}
