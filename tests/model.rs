//! All promises at once: random calls of up to three overlapping requests, on the library and on a model that replays them.
//!
//! The model keeps what a request changed as the list of its calls, in order, and replays it over the record as it stands at the
//! commit. It knows nothing of patches, bytes or store calls. Every answer is compared, and in the end every session.

use std::collections::BTreeMap;
use std::time::Duration;

use cloakroom::{Closed, Key, ManualClock, MemoryStore, Session, SessionData, SessionError, Sessions, Token};
use proptest::prelude::*;

const MINUTE: u64 = 60_000;
const IDLE: u64 = 30 * MINUTE;
const ABSOLUTE: u64 = 120 * MINUTE;
const TTL: u64 = 10 * MINUTE;

#[derive(SessionData)]
#[session(cookie = "model", idle = "30m", absolute = "2h")]
struct Data {
    #[session(owner)]
    user: Option<u8>,
    plain: Option<u8>,
    count: Option<u8>,
    #[session(ttl = "10m")]
    brief: Option<u8>,
    #[session(flash)]
    notice: Option<u8>,
}

const USER: usize = 0;
const BRIEF: usize = 3;
const NOTICE: usize = 4;

fn key(field: usize) -> Key<Data, Option<u8>> {
    [Data::USER, Data::PLAIN, Data::COUNT, Data::BRIEF, Data::NOTICE][field]
}

#[derive(Clone, Copy, Debug)]
enum Call {
    Get(usize),
    Has(usize),
    Take(usize),
    Set(usize, u8),
    Clear(usize),
    Update(usize),
    ClearAll,
    Regenerate,
    MarkAuthenticated,
    SetExpiry,
    Destroy,
    Save,
    Reload,
}

#[derive(Clone, Copy, Debug)]
enum Act {
    Call(usize, Call),
    /// The request ends: well, with a 5xx, or cut short.
    End(usize, End),
    Wait(u64),
}

#[derive(Clone, Copy, Debug)]
enum End {
    Well,
    Badly,
    Never,
}

// ---- the model

#[derive(Clone, Debug, PartialEq)]
struct Record {
    fields: BTreeMap<usize, (u8, Option<u64>)>,
    authenticated_at: Option<u64>,
    counted_from: u64,
    own: bool,
}

impl Record {
    fn new(now: u64) -> Self {
        Self { fields: BTreeMap::new(), authenticated_at: None, counted_from: now, own: false }
    }

    fn get(&self, field: usize, now: u64) -> Option<u8> {
        self.fields.get(&field).filter(|(_, end)| end.is_none_or(|end| now < end)).map(|(value, _)| *value)
    }

    /// `set_expiry` halves the idle time and doubles the longest life.
    fn idle(&self) -> u64 {
        if self.own { IDLE / 2 } else { IDLE }
    }

    fn end(&self, now: u64) -> u64 {
        let absolute = if self.own { ABSOLUTE * 2 } else { ABSOLUTE };
        (now + self.idle()).min(self.counted_from + absolute)
    }
}

#[derive(Clone, Debug)]
enum Slot {
    Live(Record, u64),
    Tombstone(usize),
}

/// The sessions by number; the numbers stand for tokens.
#[derive(Default)]
struct Store {
    slots: BTreeMap<usize, (Slot, u64)>,
    last: u64,
}

impl Store {
    fn load(&self, number: usize, now: u64) -> Option<&(Slot, u64)> {
        self.slots.get(&number).filter(|(_, end)| now < *end)
    }

    fn number(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    fn write(&mut self, number: usize, record: &Record, now: u64) -> Base {
        let (version, end) = (self.number(), record.end(now));
        self.slots.insert(number, (Slot::Live(record.clone(), version), end));
        Base::Live { number, record: record.clone(), version, end }
    }

    fn delete(&mut self, number: usize, now: u64) {
        let alive = self.load(number, now).is_some();
        if let (Some((Slot::Tombstone(next), _)), true) = (self.slots.remove(&number), alive) {
            self.delete(next, now);
        }
    }

    fn read(&self, number: usize, now: u64) -> Base {
        match self.load(number, now) {
            None => Base::Absent,
            Some((Slot::Tombstone(_), _)) => Base::Retired,
            Some((Slot::Live(record, version), end)) => {
                Base::Live { number, record: record.clone(), version: *version, end: *end }
            }
        }
    }
}

#[derive(Clone, Debug)]
enum Base {
    Unloaded(usize),
    Absent,
    Retired,
    Live { number: usize, record: Record, version: u64, end: u64 },
    Ended(usize),
}

/// What a request did and has not committed.
#[derive(Clone, Copy, Debug)]
enum Step {
    Put(usize, Option<(u8, Option<u64>)>),
    /// An update has committed this field already.
    Held(usize),
    /// An update has put another owner in the place of a pending one.
    Switch,
    ClearAll,
    Forget,
    Mark(u64),
    Own,
}

fn replay(base: Option<&Record>, steps: &[Step], now: u64) -> Record {
    let mut record = base.cloned().unwrap_or_else(|| Record::new(now));
    record.fields.retain(|_, (_, end)| end.is_none_or(|end| now < end));
    let stored = record.clone();
    let mut last_owner = stored.get(USER, now);
    let (mut auth, mut new_owner) = (None, None);
    for step in steps {
        match *step {
            Step::Put(USER, Some((user, end))) => {
                if last_owner.is_some_and(|last| last != user) {
                    record.fields.clear();
                    auth.get_or_insert(None);
                }
                (last_owner, new_owner) = (Some(user), Some(user));
                record.fields.insert(USER, (user, end));
            }
            Step::Put(field, value) => {
                match value {
                    Some(value) => record.fields.insert(field, value),
                    None => record.fields.remove(&field),
                };
                if field == USER {
                    auth = Some(None);
                }
            }
            Step::Held(field) => {
                match stored.fields.get(&field) {
                    Some(value) => record.fields.insert(field, *value),
                    None => record.fields.remove(&field),
                };
                if field == USER {
                    last_owner = stored.get(USER, now);
                }
            }
            Step::Switch => {
                record.fields.clear();
                auth.get_or_insert(None);
            }
            Step::ClearAll => {
                record.fields.clear();
                (last_owner, new_owner) = (None, None);
                auth = Some(None);
            }
            Step::Forget => auth = Some(None),
            Step::Mark(at) => auth = Some(Some(at)),
            Step::Own => {}
        }
    }
    if let (Some(old), Some(new)) = (stored.get(USER, now), new_owner)
        && old != new
    {
        record.own = false;
        record.authenticated_at = None;
    }
    record.own |= steps.iter().any(|step| matches!(step, Step::Own));
    if let Some(at) = auth {
        record.authenticated_at = at;
        record.counted_from = at.unwrap_or(record.counted_from);
    }
    record
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Cookie {
    Set(usize),
    Remove,
}

/// One request, as the model sees it.
struct Request {
    base: Base,
    steps: Vec<Step>,
    rotate: bool,
    doomed: Vec<usize>,
    cookie: Option<Cookie>,
}

struct Ended;

impl Request {
    fn new(number: Option<usize>) -> Self {
        let base = number.map_or(Base::Absent, Base::Unloaded);
        Self { base, steps: vec![], rotate: false, doomed: vec![], cookie: None }
    }

    fn load(&mut self, store: &Store, now: u64) {
        if let Base::Unloaded(number) = self.base {
            self.base = store.read(number, now);
        }
    }

    fn record(&self) -> Option<&Record> {
        if let Base::Live { record, .. } = &self.base { Some(record) } else { None }
    }

    fn get(&self, field: usize, now: u64) -> Option<u8> {
        replay(self.record(), &self.steps, now).get(field, now)
    }

    fn put(&mut self, field: usize, value: Option<u8>, now: u64) {
        let end = (field == BRIEF).then_some(now + TTL);
        self.steps.push(Step::Put(field, value.map(|value| (value, end))));
        self.rotate |= field == USER && value.is_some();
    }

    fn delete_doomed(&mut self, store: &mut Store, now: u64) {
        self.doomed.drain(..).for_each(|number| store.delete(number, now));
    }

    /// Brings steps to the store.
    fn carry_out(&mut self, store: &mut Store, steps: &[Step], rotate: bool, now: u64) -> Result<(), Ended> {
        loop {
            match self.base.clone() {
                Base::Ended(_) => return Err(Ended),
                Base::Retired if !rotate => return Err(Ended),
                Base::Unloaded(_) | Base::Absent | Base::Retired => {
                    let record = replay(None, steps, now);
                    if rotate || !record.fields.is_empty() {
                        let number = store.number() as usize;
                        self.base = store.write(number, &record, now);
                        self.cookie = Some(Cookie::Set(number));
                    }
                    return Ok(());
                }
                Base::Live { number, record, version, .. } => {
                    let merged = replay(Some(&record), steps, now);
                    let brief = merged.fields.contains_key(&BRIEF)
                        && steps.iter().rev().find_map(|step| match step {
                            Step::Put(BRIEF, value) => Some(value.is_some()),
                            Step::Held(BRIEF) => Some(false),
                            _ => None,
                        }) == Some(true);
                    let mut alive = record.clone();
                    alive.fields.retain(|_, (_, end)| end.is_none_or(|end| now < end));
                    if !rotate && !brief && alive == merged {
                        return Ok(());
                    }
                    match store.read(number, now) {
                        Base::Live { version: current, .. } if current == version => {}
                        rival @ Base::Live { .. } => {
                            self.base = rival;
                            continue;
                        }
                        _ => {
                            self.base = Base::Ended(number);
                            return Err(Ended);
                        }
                    }
                    let target = if rotate { store.number() as usize } else { number };
                    let end = |record: &Record| record.own.then_some(record.counted_from);
                    if rotate || end(&merged) != end(&record) {
                        self.cookie = Some(Cookie::Set(target));
                    }
                    self.base = store.write(target, &merged, now);
                    if rotate {
                        store.slots.insert(number, (Slot::Tombstone(target), now + MINUTE));
                    }
                    return Ok(());
                }
            }
        }
    }

    fn commit(&mut self, store: &mut Store, now: u64) -> Result<(), Ended> {
        self.delete_doomed(store, now);
        if self.rotate || self.steps.iter().any(|step| !matches!(step, Step::Held(_))) {
            self.load(store, now);
            self.carry_out(store, &self.steps.clone(), self.rotate, now)?;
        }
        self.drop_pending();
        Ok(())
    }

    fn drop_pending(&mut self) {
        self.steps.clear();
        self.rotate = false;
    }

    fn update(&mut self, store: &mut Store, field: usize, now: u64) -> Result<u8, Ended> {
        self.delete_doomed(store, now);
        self.load(store, now);
        if self.rotate {
            self.carry_out(store, &[], true, now)?;
            self.rotate = false;
        }
        loop {
            let next = self.get(field, now).unwrap_or(0).wrapping_add(1);
            let end = (field == BRIEF).then_some(now + TTL);
            let before = self.base.clone();
            // The rival's record is what the closure must see: one try at a time.
            if let Base::Live { number, version, .. } = before {
                match store.read(number, now) {
                    Base::Live { version: current, .. } if current == version => {}
                    rival @ Base::Live { .. } => {
                        self.base = rival;
                        continue;
                    }
                    // Also where nothing would change.
                    _ => {
                        self.base = Base::Ended(number);
                        return Err(Ended);
                    }
                }
            }
            let (last, pending) = self.last_owner(now);
            let mut owner = self.record().and_then(|record| record.get(USER, now));
            self.carry_out(store, &[Step::Put(field, Some((next, end)))], field == USER, now)?;
            let switches = field == USER && last.is_some_and(|last| last != next);
            // What goes here has parted with the data of the owner before it, and forgotten the proof, whoever the owner is now.
            for step in &mut self.steps {
                match step {
                    Step::Put(USER, Some((user, _))) if field == USER => {
                        let parted = owner.replace(*user).is_some_and(|before| before != *user);
                        if parted {
                            *step = Step::Switch;
                        }
                    }
                    Step::ClearAll if !switches => owner = None,
                    Step::Put(USER, None) if field == USER => *step = Step::Forget,
                    Step::ClearAll if switches => *step = Step::Forget,
                    _ => {}
                }
            }
            if switches {
                self.steps.retain(|step| matches!(step, Step::Mark(_) | Step::Forget | Step::Switch | Step::Own));
                self.steps.extend(pending.then_some(Step::Switch));
            }
            self.steps.retain(|step| !matches!(step, Step::Put(other, _) if *other == field));
            self.steps.push(Step::Held(field));
            return Ok(next);
        }
    }

    /// Whose data a new owner would part with, and whether this request has set them.
    fn last_owner(&self, now: u64) -> (Option<u8>, bool) {
        let stored = self.record().and_then(|record| record.get(USER, now));
        let since = self.steps.iter().rposition(|step| matches!(step, Step::ClearAll));
        let steps = &self.steps[since.map_or(0, |at| at + 1)..];
        let set = steps.iter().rev().find_map(|step| match step {
            Step::Put(USER, Some((user, _))) => Some(*user),
            Step::Held(USER) => stored,
            _ => None,
        });
        (set.or(stored.filter(|_| since.is_none())), set.is_some())
    }

    fn destroy(&mut self) {
        self.drop_pending();
        match std::mem::replace(&mut self.base, Base::Absent) {
            Base::Unloaded(number) | Base::Ended(number) | Base::Live { number, .. } => {
                self.doomed.push(number);
                self.cookie = Some(Cookie::Remove);
            }
            Base::Retired => self.base = Base::Retired,
            Base::Absent => {}
        }
    }

    /// Moves the record's end, where activity has moved it far enough. Whether the record stood there as it was known.
    fn touch(&mut self, store: &mut Store, now: u64) -> bool {
        let Base::Live { number, record, version, end } = &mut self.base else { return true };
        let moved = record.end(now).saturating_sub(*end);
        if moved == 0 || moved < record.idle() / 10 {
            return true;
        }
        match store.slots.get_mut(number) {
            Some((Slot::Live(_, current), stored)) if *stored > now && current == version => {
                *stored = record.end(now);
                *end = *stored;
                true
            }
            _ => false,
        }
    }

    /// A commit that is also activity, whatever others have done to the session since it was read.
    fn save(&mut self, store: &mut Store, now: u64) -> Result<(), Ended> {
        self.commit(store, now)?;
        if !self.touch(store, now)
            && let Base::Live { number, .. } = self.base
        {
            self.base = match store.read(number, now) {
                rival @ Base::Live { .. } => rival,
                _ => Base::Ended(number),
            };
            if matches!(self.base, Base::Ended(_)) {
                return Err(Ended);
            }
            self.touch(store, now);
        }
        Ok(())
    }

    fn close(&mut self, store: &mut Store, end: End, now: u64) -> (Option<Cookie>, bool) {
        if !matches!(end, End::Well) {
            self.drop_pending();
        }
        let rotates = self.rotate;
        let fails = match self.commit(store, now) {
            Ok(()) => false,
            Err(Ended) => rotates,
        };
        match end {
            End::Never => (None, false),
            _ => {
                // A commit that found the session gone left no live base to touch.
                self.touch(store, now);
                (self.cookie, fails)
            }
        }
    }
}

// ---- the library beside it

struct World {
    clock: ManualClock,
    start: u64,
    memory: MemoryStore,
    sessions: Sessions<Data>,
    store: Store,
    tokens: BTreeMap<usize, Token>,
    jar: Option<usize>,
    open: [Option<(Session<Data>, Request)>; 3],
}

fn ended<T>(result: Result<T, SessionError>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(SessionError::Ended) => None,
        Err(error) => panic!("{error}"),
    }
}

impl World {
    fn new() -> Self {
        let clock = ManualClock::default();
        let memory = MemoryStore::new().with_clock(clock.clone());
        let sessions = Sessions::new(memory.clone()).with_clock(clock.clone());
        let mut world = Self {
            clock,
            start: 0,
            memory,
            sessions,
            store: Store::default(),
            tokens: BTreeMap::new(),
            jar: None,
            open: [None, None, None],
        };
        world.start = world.now();
        world
    }

    fn now(&self) -> u64 {
        use cloakroom::Clock as _;
        self.clock.now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as u64
    }

    async fn act(&mut self, act: Act) {
        let now = self.now();
        match act {
            Act::Wait(minutes) => self.clock.advance(Duration::from_millis(minutes * MINUTE)),
            Act::Call(who, call) => {
                let (session, request) = self.open[who].take().unwrap_or_else(|| {
                    // The third one is always late: it brings the oldest token.
                    let number = if who == 2 { self.tokens.keys().next().copied() } else { self.jar };
                    let token = number.and_then(|number| self.tokens.get(&number).copied());
                    (self.sessions.open_token(token), Request::new(number))
                });
                self.open[who] = Some((session, request));
                self.call(who, call, now).await;
            }
            Act::End(who, end) => {
                if let Some((session, request)) = self.open[who].take() {
                    self.end(session, request, end, now).await;
                }
            }
        }
    }

    async fn call(&mut self, who: usize, call: Call, now: u64) {
        let Some((session, model)) = &mut self.open[who] else { return };
        let store = &mut self.store;
        match call {
            // A request whose session is gone sees what it saw last, with nobody to say what that should be.
            Call::Get(_) | Call::Take(_) | Call::Has(_) if matches!(model.base, Base::Ended(_)) => {}
            Call::Get(field) | Call::Take(field) => {
                model.load(store, now);
                let expected = model.get(field, now);
                if expected.is_some() && (matches!(call, Call::Take(_)) || field == NOTICE) {
                    model.put(field, None, now);
                }
                let got = match call {
                    Call::Take(_) => session.take(key(field)).await,
                    _ => session.get(key(field)).await,
                };
                assert_eq!(got.unwrap(), expected, "{call:?} of {who}");
            }
            Call::Has(field) => {
                model.load(store, now);
                assert_eq!(
                    session.has(key(field)).await.unwrap(),
                    model.get(field, now).is_some(),
                    "{call:?} of {who}"
                );
            }
            Call::Set(field, value) => {
                model.put(field, Some(value), now);
                session.set(key(field), Some(value)).await.unwrap();
            }
            Call::Clear(field) => {
                model.put(field, None, now);
                session.clear_field(key(field)).await.unwrap();
            }
            Call::Update(field) => {
                let expected = model.update(store, field, now).ok();
                let got = session.update(key(field), |value| {
                    let next = value.unwrap_or(0).wrapping_add(1);
                    *value = Some(next);
                    next
                });
                assert_eq!(ended(got.await), expected, "{call:?} of {who}");
            }
            Call::ClearAll => {
                model.steps.push(Step::ClearAll);
                session.clear().await.unwrap();
            }
            Call::Regenerate => {
                model.rotate = true;
                session.regenerate().await.unwrap();
            }
            Call::MarkAuthenticated => {
                model.rotate = true;
                model.steps.push(Step::Mark(now));
                session.mark_authenticated().await.unwrap();
            }
            Call::SetExpiry => {
                model.steps.push(Step::Own);
                let (idle, absolute) = (Duration::from_millis(IDLE / 2), Duration::from_millis(ABSOLUTE * 2));
                session.set_expiry(idle, absolute).await.unwrap();
            }
            Call::Destroy => {
                model.destroy();
                session.destroy().await.unwrap();
            }
            Call::Save => {
                let expected = model.save(store, now).ok();
                assert_eq!(ended(session.save().await), expected, "{call:?} of {who}");
            }
            Call::Reload => {
                match model.base {
                    Base::Unloaded(_) => model.load(store, now),
                    Base::Live { number, .. } => {
                        model.base = match store.read(number, now) {
                            live @ Base::Live { .. } => live,
                            _ => Base::Ended(number),
                        }
                    }
                    _ => {}
                }
                session.reload().await.unwrap();
            }
        }
    }

    async fn end(&mut self, session: Session<Data>, mut model: Request, end: End, now: u64) {
        let (cookie, fails) = model.close(&mut self.store, end, now);
        let closed = match end {
            End::Never => {
                if let Some(rest) = self.sessions.abandon(&session) {
                    rest.await.unwrap();
                }
                return;
            }
            _ => self.sessions.close(&session, matches!(end, End::Well)).await,
        };
        let Closed { set_cookie, error, .. } = closed;
        assert_eq!(matches!(error, Some(SessionError::Ended)), fails, "{error:?}");
        assert_eq!(error.is_some(), fails, "{error:?}");
        match (cookie, set_cookie) {
            (None, None) => {}
            (Some(Cookie::Remove), Some(text)) => {
                assert!(text.ends_with("=; Path=/; Max-Age=0") || text.contains("__Host-model=;"), "{text}");
                self.jar = None;
            }
            (Some(Cookie::Set(number)), Some(text)) => {
                let value = text.split(['=', ';']).nth(1).unwrap();
                let token = Token::parse(value.as_bytes()).expect("a token is set");
                assert!(!self.tokens.values().any(|known| *known == token) || self.tokens.get(&number) == Some(&token));
                self.tokens.insert(number, token);
                self.jar = Some(number);
            }
            (expected, got) => panic!("the cookie should be {expected:?}, and is {got:?}"),
        }
    }

    /// Every session that anybody has a token of is what the model says, and there are no others.
    async fn check(&mut self) {
        let now = self.now();
        for (number, token) in &self.tokens {
            let session = self.sessions.open_token(Some(*token));
            let data = session.snapshot().await.unwrap();
            let got = [data.user, data.plain, data.count, data.brief, data.notice];
            let expected = match self.store.read(*number, now) {
                Base::Live { record, .. } => {
                    let at = session.authenticated_at().await.unwrap();
                    let at = at.map(|at| at.duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as u64);
                    assert_eq!(at, record.authenticated_at);
                    [0, 1, 2, 3, 4].map(|field| record.get(field, now))
                }
                _ => [None; 5],
            };
            assert_eq!(got, expected, "session {number}, {:?}", self.store.slots.get(number));
        }
        self.memory.sweep();
        let alive = self.store.slots.values().filter(|(_, end)| now < *end).count();
        assert_eq!(self.memory.len(), alive, "{:?}", self.store.slots);
    }
}

async fn run(acts: &[Act]) {
    let mut world = World::new();
    for act in acts {
        world.act(*act).await;
    }
    for who in 0..3 {
        world.act(Act::End(who, End::Well)).await;
        world.check().await;
    }
    // Lifetimes too: whoever should have ended by now has.
    for _ in 0..5 {
        world.act(Act::Wait(13)).await;
        world.check().await;
    }
}

fn calls() -> impl Strategy<Value = Call> {
    let field = || 0..5_usize;
    prop_oneof![
        3 => field().prop_map(Call::Get),
        1 => field().prop_map(Call::Has),
        1 => field().prop_map(Call::Take),
        6 => (field(), 1..4_u8).prop_map(|(field, value)| Call::Set(field, value)),
        2 => field().prop_map(Call::Clear),
        4 => field().prop_map(Call::Update),
        1 => Just(Call::ClearAll),
        1 => Just(Call::Regenerate),
        1 => Just(Call::MarkAuthenticated),
        1 => Just(Call::SetExpiry),
        1 => Just(Call::Destroy),
        2 => Just(Call::Save),
        1 => Just(Call::Reload),
    ]
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let end = prop_oneof![5 => Just(End::Well), 1 => Just(End::Badly), 1 => Just(End::Never)];
    let act = prop_oneof![
        12 => (0..3_usize, calls()).prop_map(|(who, call)| Act::Call(who, call)),
        3 => (0..3_usize, end).prop_map(|(who, end)| Act::End(who, end)),
        1 => prop_oneof![Just(1), Just(4), Just(11), Just(40)].prop_map(Act::Wait),
    ];
    proptest::collection::vec(act, 1..40)
}

#[test]
fn the_library_does_as_the_model() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(3_000);
    let config = ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 20_000, ..Default::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    proptest!(config, |(acts in acts())| runtime.block_on(run(&acts)));
}
