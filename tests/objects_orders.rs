//! Calls of the object store that overlap, request by request, in every order that there is: where ETags are compared, where
//! objects can only be created, and where deleting knows no condition.
//!
//! What must hold: each write that was answered is in the session once, until it is deleted; the deletion hands out all of them;
//! nothing brings a deleted session back; a session that nobody deletes is never away.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use cloakroom::store::{Created, Replaced, Stored, Touched, Version};
use cloakroom::stores::ObjectStore;
use cloakroom::{Clock as _, ManualClock, SessionStore as _, StoreKey};
use tests::{Conditions, Objects, poll_step};

const KEY: StoreKey = StoreKey::from_bytes([7; 32]);
const HOUR: Duration = Duration::from_secs(3600);
const ALL: [Conditions; 3] = [Conditions::Etags, Conditions::EtagsOfWrites, Conditions::Creation];

/// What one of those who overlap does. All but the creators and the sweeper have loaded the session before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    /// Adds this letter, however often it takes.
    Add(char),
    Touch,
    Delete,
    Load,
    /// Begins a session with this letter.
    Create(char),
    Sweep,
    /// Touches by a clock that is hours behind the sweeper's.
    TouchLate,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Outcome {
    Added(bool),
    Touched(Touched),
    Deleted(Option<String>),
    Loaded(Option<String>),
    Created(bool),
    Swept(u64),
}

struct World {
    objects: Objects,
    conditions: Conditions,
    clock: ManualClock,
    store: ObjectStore,
    version: Version,
}

impl World {
    /// A session that holds nothing yet. An old one has states that are due to be removed.
    async fn new(conditions: Conditions, begin: Begin) -> Self {
        let (objects, clock) = (Objects::default(), ManualClock::default());
        let store = on(&objects, conditions, &clock);
        let mut version = match store.create(&KEY, "".into(), clock.now() + HOUR * 2).await.unwrap() {
            Created::New(version) => version,
            Created::Taken => unreachable!("it is empty"),
        };
        for _ in 0..begin.hours_of_writing() {
            clock.advance(HOUR);
            let written = store.replace(&KEY, &version, "".into(), clock.now() + HOUR * 2).await.unwrap();
            let Replaced::Done(written) = written else { panic!("{written:?}") };
            version = written;
        }
        match begin {
            Begin::New => {}
            Begin::Half => {
                store.replace(&KEY, &version, "".into(), clock.now() + HOUR).await.unwrap();
                let last = objects.names().pop().unwrap();
                objects.put(&last, objects.get(&last).slice(..30));
                clock.advance(HOUR * 2);
            }
            Begin::Old => clock.advance(HOUR),
            Begin::Expired => clock.advance(HOUR * 4),
            Begin::Deleted => {
                store.delete(&KEY).await.unwrap().unwrap();
                clock.advance(HOUR * 3);
            }
        }
        Self { objects, conditions, clock, store, version }
    }

    fn run(&self, deed: Deed) -> Pin<Box<dyn Future<Output = Outcome> + Send>> {
        let (store, version) = (self.store.clone(), self.version);
        let at = self.clock.now() + HOUR;
        match deed {
            Deed::Add(letter) => Box::pin(async move { Outcome::Added(add(&store, version, letter, at).await) }),
            Deed::Touch => {
                let later = at + HOUR;
                Box::pin(async move { Outcome::Touched(store.touch(&KEY, &version, later).await.unwrap()) })
            }
            Deed::Delete => Box::pin(async move { Outcome::Deleted(text(store.delete(&KEY).await.unwrap())) }),
            Deed::Load => Box::pin(async move { Outcome::Loaded(text(store.load(&KEY).await.unwrap())) }),
            Deed::Create(letter) => Box::pin(async move {
                let created = store.create(&KEY, letter.to_string().into(), at).await.unwrap();
                Outcome::Created(created != Created::Taken)
            }),
            Deed::Sweep => Box::pin(async move { Outcome::Swept(store.sweep().await.unwrap()) }),
            Deed::TouchLate => {
                let clock = ManualClock::default();
                clock.set(self.clock.now() - HOUR * 3);
                let store = on(&self.objects, self.conditions, &clock);
                Box::pin(async move { Outcome::Touched(store.touch(&KEY, &version, at).await.unwrap()) })
            }
        }
    }

    /// One order of all requests: as given, then whoever comes first. The orders that turn off from it go to `others`. `None`:
    /// two who only read came in the order of the list's end, which is the same as the other way round.
    fn play(&self, deeds: &[Deed], mut order: Vec<usize>, others: &mut Vec<Vec<usize>>) -> Option<Vec<Outcome>> {
        self.objects.step(true);
        let mut running: Vec<_> = deeds.iter().map(|deed| Some(self.run(*deed))).collect();
        let mut outcomes = vec![None; deeds.len()];
        let mut poll = |who: usize| {
            self.objects.wake();
            if let Some(outcome) = running[who].as_mut().and_then(poll_step) {
                outcomes[who] = Some(outcome);
                running[who] = None;
            }
            running.iter().enumerate().filter(|(_, left)| left.is_some()).map(|(who, _)| who).collect::<Vec<_>>()
        };
        // Up to the first request of each.
        let mut left = (0..deeds.len()).map(&mut poll).last().unwrap_or_default();
        self.objects.asked();
        let (mut at, mut reader) = (0, None);
        while let Some(first) = left.first() {
            if at == order.len() {
                others.extend(left[1..].iter().map(|who| [&order[..], &[*who]].concat()));
                order.push(*first);
            }
            let who = order[at];
            left = poll(who);
            let reads = self.objects.asked().iter().all(|asked| ["list", "read"].contains(asked));
            if reads && reader > Some(who) {
                return None;
            }
            reader = reads.then_some(who);
            at += 1;
        }
        self.objects.step(false);
        Some(outcomes.into_iter().flatten().collect())
    }

    async fn stored(&self) -> Option<Stored> {
        self.store.load(&KEY).await.unwrap()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Begin {
    New,
    /// Its second write was cut off.
    Half,
    Old,
    Expired,
    Deleted,
}

impl Begin {
    fn hours_of_writing(self) -> u32 {
        if matches!(self, Self::New | Self::Half) { 0 } else { 2 }
    }
}

fn on(objects: &Objects, conditions: Conditions, clock: &ManualClock) -> ObjectStore {
    ObjectStore::builder(objects.operator(conditions)).clock(clock.clone()).build().unwrap()
}

fn text(stored: Option<Stored>) -> Option<String> {
    stored.map(|stored| String::from_utf8(stored.bytes.to_vec()).unwrap())
}

/// As a commit does: merges into what is there, until it is written or there is nothing.
async fn add(store: &ObjectStore, mut version: Version, letter: char, at: std::time::SystemTime) -> bool {
    let mut bytes = String::new();
    loop {
        bytes.push(letter);
        match store.replace(&KEY, &version, bytes.into(), at).await.unwrap() {
            Replaced::Done(_) => return true,
            Replaced::Gone => return false,
            Replaced::Stale(current) => {
                version = current.version;
                bytes = text(Some(current)).unwrap_or_default();
            }
        }
    }
}

/// Every order, as far as it makes a difference.
async fn in_every_order(
    conditions: Conditions,
    begin: Begin,
    deeds: &[Deed],
    check: impl AsyncFn(&World, &[Outcome]) -> Result<(), String>,
) -> usize {
    let (mut orders, mut played) = (vec![Vec::new()], 0);
    while let Some(order) = orders.pop() {
        let world = World::new(conditions, begin).await;
        let Some(outcomes) = world.play(deeds, order, &mut orders) else { continue };
        played += 1;
        if let Err(wrong) = check(&world, &outcomes).await {
            panic!("{wrong}: {deeds:?} from {begin:?} with {conditions:?}: {outcomes:?}");
        }
    }
    println!("{conditions:?}, {begin:?}, {deeds:?}: {played} orders");
    played
}

/// What must hold of those who share a session.
async fn nothing_is_lost(world: &World, deeds: &[Deed], outcomes: &[Outcome]) -> Result<(), String> {
    let stored = world.stored().await;
    let added: String = deeds
        .iter()
        .zip(outcomes)
        .filter_map(|(deed, outcome)| match (deed, outcome) {
            (Deed::Add(letter), Outcome::Added(true)) => Some(*letter),
            _ => None,
        })
        .collect();
    let deleted: Vec<&String> = outcomes
        .iter()
        .filter_map(|outcome| if let Outcome::Deleted(Some(bytes)) = outcome { Some(bytes) } else { None })
        .collect();
    let is_deleted = deeds.contains(&Deed::Delete);
    let last = match (is_deleted, &stored, deleted.as_slice()) {
        (false, Some(stored), []) => text(Some(stored.clone())).unwrap_or_default(),
        (true, None, [removed]) => removed.to_string(),
        _ => return Err(format!("{stored:?} is stored, {deleted:?} was handed out")),
    };
    if sorted(&last) != sorted(&added) {
        return Err(format!("`{added}` was answered, `{last}` is there"));
    }
    for outcome in outcomes {
        match outcome {
            Outcome::Added(false) | Outcome::Touched(Touched::Gone) | Outcome::Loaded(None) if !is_deleted => {
                return Err("a session is away that nobody deleted".into());
            }
            Outcome::Touched(Touched::Stale) if added.is_empty() => return Err("nothing is stale".into()),
            Outcome::Touched(Touched::Done) if added.is_empty() && !is_deleted => {
                let expected = (world.version, world.clock.now() + HOUR * 2);
                if stored.as_ref().map(|stored| (stored.version, stored.expires_at)) != Some(expected) {
                    return Err(format!("the touch is lost: {stored:?}"));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn sorted(letters: &str) -> Vec<char> {
    let mut letters: Vec<char> = letters.chars().collect();
    letters.sort_unstable();
    letters
}

/// On each kind of service, in each order, from a new session and from one whose old states are due. Three who also remove those
/// come in more orders than there is time for; two of each are tried.
async fn shared(deeds: &[Deed], at_least: usize) {
    for conditions in ALL {
        let is_long = conditions == Conditions::Creation && deeds.len() > 2 && deeds.contains(&Deed::Delete);
        let begins = if is_long { &[Begin::New][..] } else { &[Begin::New, Begin::Old] };
        for begin in begins.iter().copied() {
            let check = async |world: &World, outcomes: &[Outcome]| nothing_is_lost(world, deeds, outcomes).await;
            let played = in_every_order(conditions, begin, deeds, check).await;
            assert!(played >= at_least, "only {played} orders: does the service still stop?");
        }
    }
}

#[tokio::test]
async fn two_writers() {
    shared(&[Deed::Add('a'), Deed::Add('b')], 2).await;
}

#[tokio::test]
async fn two_writers_and_a_reader() {
    shared(&[Deed::Add('a'), Deed::Add('b'), Deed::Load], 6).await;
}

#[tokio::test]
async fn a_writer_and_a_logout() {
    shared(&[Deed::Add('a'), Deed::Delete], 3).await;
}

#[tokio::test]
async fn two_writers_and_a_logout() {
    shared(&[Deed::Add('a'), Deed::Add('b'), Deed::Delete], 40).await;
}

#[tokio::test]
async fn a_writer_and_two_logouts() {
    shared(&[Deed::Add('a'), Deed::Delete, Deed::Delete], 40).await;
}

#[tokio::test]
async fn a_touch_and_each_other() {
    for other in [Deed::Add('a'), Deed::Delete, Deed::Touch, Deed::Load] {
        shared(&[Deed::Touch, other], 2).await;
    }
    shared(&[Deed::Touch, Deed::Add('a'), Deed::Delete], 40).await;
}

#[tokio::test]
async fn a_sweep_beside_a_live_session() {
    shared(&[Deed::Sweep, Deed::Add('a'), Deed::Touch], 15).await;
}

/// Of two that begin a session under one key one is told that it did, whatever is left there from before.
async fn one_begins(conditions: Conditions, deeds: &[Deed]) {
    for begin in [Begin::Expired, Begin::Deleted] {
        let played = in_every_order(conditions, begin, deeds, async |world: &World, outcomes: &[Outcome]| {
            let ends = deeds.iter().zip(outcomes);
            let created: Vec<_> = ends.filter(|(_, end)| **end == Outcome::Created(true)).collect();
            match (created.as_slice(), text(world.stored().await)) {
                ([(Deed::Create(letter), _)], Some(found)) if found == letter.to_string() => Ok(()),
                (_, found) => Err(format!("{found:?} is stored")),
            }
        });
        assert!(played.await >= 2);
    }
}

#[tokio::test]
async fn two_creators() {
    for conditions in ALL {
        one_begins(conditions, &[Deed::Create('a'), Deed::Create('b')]).await;
    }
}

/// Where less is compared than ETags, a sweep makes room that two creators may both see, or the first be swept with what it
/// replaced: that stands on keys being random, and never begun a second time.
#[tokio::test]
async fn creators_and_a_sweep() {
    one_begins(Conditions::Etags, &[Deed::Create('a'), Deed::Create('b'), Deed::Sweep]).await;
    one_begins(Conditions::Creation, &[Deed::Create('a'), Deed::Sweep]).await;
}

/// Two who find half a write that was cut off: one removes it, and the other is not put out.
#[tokio::test]
async fn two_sweeps_of_half_a_write() {
    let deeds = [Deed::Sweep, Deed::Sweep];
    in_every_order(Conditions::Creation, Begin::Half, &deeds, async |world: &World, _: &[Outcome]| {
        let left = world.objects.names();
        if left.iter().any(|name| name.ends_with('1')) { Err(format!("{left:?} are left")) } else { Ok(()) }
    })
    .await;
}

/// A sweeper whose clock is ahead removes no session that was just renewed: that is gone for both, or for neither.
#[tokio::test]
async fn a_sweep_and_a_late_touch() {
    for conditions in [Conditions::Etags, Conditions::EtagsOfWrites] {
        let deeds = [Deed::Sweep, Deed::TouchLate];
        in_every_order(conditions, Begin::Expired, &deeds, async |world: &World, outcomes: &[Outcome]| {
            let is_there = world.stored().await.is_some();
            match outcomes {
                [Outcome::Swept(0), Outcome::Touched(Touched::Done)] if is_there => Ok(()),
                [Outcome::Swept(1), Outcome::Touched(Touched::Gone)] if !is_there => Ok(()),
                _ => Err(format!("there: {is_there}")),
            }
        })
        .await;
    }
}
