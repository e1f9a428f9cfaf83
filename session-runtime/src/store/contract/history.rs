//! What several tasks were told of one record must fit one order of single steps.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

use super::races::race_of;
use super::*;
use crate::store::Touched;

const RACERS: usize = 4;
const STEPS: usize = 12;
const ROUNDS: u8 = 20;

/// What a task did, and what it was told.
#[derive(Debug)]
enum Step {
    Load(Option<Version>),
    Create(Created),
    Replace(Version, Replaced),
    Touch(Version, Touched),
    Delete(Option<Version>),
}

/// A step, and when it began and ended: by the count of all beginnings and ends.
#[derive(Debug)]
struct Event {
    began: u64,
    ended: u64,
    step: Step,
}

/// Four tasks do at random what can be done to one record. Whatever they were told must fit one order of steps that are done at
/// once, in which nothing comes before what was over when it began: "linearizability" (Herlihy and Wing, 1990).
pub async fn what_tasks_are_told_fits_one_order<H: Harness>(harness: &H) {
    let (store, at) = (Arc::new(harness.store().await), in_an_hour(harness));
    for round in 0..ROUNDS {
        let time = Arc::new(AtomicU64::new(0));
        let tasks = race_of(harness, RACERS as u32, |task| {
            let (store, time) = (store.clone(), time.clone());
            async move { steps(&*store, key(round), Dice(u64::from(round) << 8 | u64::from(task)), &time, at).await }
        });
        let history = tasks.await;
        let mut written = HashSet::new();
        let twice = history.iter().flatten().filter_map(|event| event.step.writes()).find(|&new| !written.insert(new));
        assert_eq!(twice, None, "two writes got the same version: {history:#?}");
        assert!(fits_one_order(&history), "no order of these steps explains what was answered: {history:#?}");
    }
}

async fn steps<S: SessionStore>(
    store: &S,
    key: StoreKey,
    mut dice: Dice,
    time: &AtomicU64,
    at: SystemTime,
) -> Vec<Event> {
    let mut events = Vec::new();
    // Also what is long gone: a late write is the point.
    let mut known = Vec::new();
    for _ in 0..STEPS {
        let expected = known.get(dice.below(known.len().max(1))).copied();
        let began = time.fetch_add(1, SeqCst);
        let step = match (dice.below(10), expected) {
            (0, _) => Step::Load(load(store, &key).await.map(|stored| stored.version)),
            (1..4, Some(old)) => Step::Replace(old, replace(store, &key, &old, "data", at).await),
            (4, Some(old)) => Step::Touch(old, store.touch(&key, &old, at).await.expect("touch works")),
            (5, _) => Step::Delete(store.delete(&key).await.expect("delete works").map(|stored| stored.version)),
            _ => Step::Create(store.create(&key, "data".into(), at).await.expect("create works")),
        };
        let ended = time.fetch_add(1, SeqCst);
        if let Some(version) = step.leaves() {
            known.insert(0, version);
            known.truncate(3);
        }
        events.push(Event { began, ended, step });
    }
    events
}

impl Step {
    fn writes(&self) -> Option<Version> {
        match self {
            Self::Create(Created::New(version)) | Self::Replace(_, Replaced::Done(version)) => Some(*version),
            _ => None,
        }
    }

    /// The version that stood there when it was done, if it told.
    fn leaves(&self) -> Option<Version> {
        match self {
            Self::Load(version) => *version,
            Self::Replace(_, Replaced::Stale(stored)) => Some(stored.version),
            _ => self.writes(),
        }
    }

    /// What stands there after it was done to `before`. `None` if it would have been told otherwise.
    fn done_to(&self, before: Option<Version>) -> Option<Option<Version>> {
        let (fits, after) = match self {
            Self::Load(told) => (*told == before, before),
            Self::Create(Created::New(new)) => (before.is_none(), Some(*new)),
            Self::Create(Created::Taken) => (before.is_some(), before),
            Self::Replace(old, Replaced::Done(new)) => (before == Some(*old), Some(*new)),
            Self::Replace(old, Replaced::Stale(told)) => (before == Some(told.version) && told.version != *old, before),
            Self::Replace(_, Replaced::Gone) | Self::Touch(_, Touched::Gone) => (before.is_none(), before),
            Self::Touch(old, Touched::Done) => (before == Some(*old), before),
            Self::Touch(old, Touched::Stale) => (before.is_some_and(|there| there != *old), before),
            Self::Delete(told) => (*told == before, None),
        };
        fits.then_some(after)
    }
}

/// Tries every order, one step further each time, and none of them twice from the same place (Wing and Gong, 1993).
fn fits_one_order(history: &[Vec<Event>]) -> bool {
    let mut open = vec![(vec![0; history.len()], None)];
    let mut seen = HashSet::new();
    while let Some((done, record)) = open.pop() {
        let next: Vec<Option<&Event>> = history.iter().zip(&done).map(|(events, done)| events.get(*done)).collect();
        let Some(first_end) = next.iter().flatten().map(|event| event.ended).min() else { return true };
        for (task, event) in next.iter().enumerate() {
            let event = event.filter(|event| event.began < first_end);
            let Some(after) = event.and_then(|event| event.step.done_to(record)) else { continue };
            let mut done = done.clone();
            done[task] += 1;
            if seen.insert((done.clone(), after)) {
                open.push((done, after));
            }
        }
    }
    false
}

/// Numbers that look random, and are the same in each run (Steele, Lea and Flood: "SplitMix", 2014).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ mixed >> 31) % end as u64) as usize
    }
}
