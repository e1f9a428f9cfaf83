//! Requests that go one store call further at a time, in every order, and what must hold of an owner's sessions after each.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::time::Duration;

use cloakroom::store::{SessionStore, StoreKey, Stored};
use cloakroom::{AtLimit, ManualClock, MemoryStore, Policy, SessionError, Sessions};
use futures_util::future::BoxFuture;
use tests::{Around, SteppedStore, Visitor, WatchedStore, Wrapped, poll_step};

use crate::{Account, entries_of, sign_in, signed_in};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);

/// What a request does. All bring the same cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    SignIn,
    /// On a device of its own.
    SignInElsewhere,
    /// The owner comes to a record that has its new key already.
    SignInThenUpdate,
    Regenerate,
    BecomeBert,
    ClearOwner,
    SetExpiry,
    SignOut,
    RevokeAll,
    /// By somebody who saw the session's id a moment ago.
    RevokeIt,
    List,
    /// Of a node that was asleep, or whose clock is ahead: what was entered just now is old to it.
    ListLater,
}

/// What the one who asked was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Done,
    /// There is no session with the id that was to be revoked.
    NoSuchId,
    /// The session has ended.
    Ended,
    TooMany,
}

/// Whose session the cookie opens at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Begin {
    Nobody,
    Anna,
}

type Store = SteppedStore<WatchedStore<Wrapped<MemoryStore, Hasty>>>;
type Running<'a> = Pin<Box<dyn Future<Output = Answer> + Send + 'a>>;

/// Has a timer for whoever waits for somebody else's sign-in, on which no time passes: else it would look for as long as a second.
#[derive(Clone)]
struct Hasty;

impl Around for Hasty {
    fn pause(&self, time: Duration) -> Option<BoxFuture<'static, ()>> {
        (time < Duration::from_millis(50)).then(|| -> BoxFuture<'static, ()> { Box::pin(tokio::task::yield_now()) })
    }
}

pub(crate) struct World {
    pub(crate) sessions: Sessions<Account>,
    store: Store,
    clock: ManualClock,
    /// With the cookie that all requests bring.
    visitor: Visitor<Account>,
    pub(crate) answers: BTreeMap<usize, Answer>,
    crashed: bool,
    context: String,
}

impl World {
    async fn new(begin: Begin, limit: Option<(usize, AtLimit)>) -> Self {
        let clock = ManualClock::default();
        let memory = Wrapped { inner: MemoryStore::new().with_clock(clock.clone()), around: Hasty };
        let store = SteppedStore::new(WatchedStore::new(memory));
        // Nobody's session ends while the index is given the time to forget others.
        let policy = Policy::of::<Account>().with_idle(6 * HOUR);
        let sessions = Sessions::<Account>::new(store.clone()).with_clock(clock.clone()).with_policy(policy);
        let mut sessions = sessions.with_owner_index();
        if let Some((most, at_limit)) = limit {
            sessions = sessions.with_session_limit(most, at_limit);
        }
        let mut visitor = Visitor::new(sessions.clone());
        match begin {
            Begin::Nobody => visitor.visit(async |session| session.set_visits(1).await.unwrap()).await,
            Begin::Anna => visitor = signed_in(&sessions, "anna", "phone").await,
        }
        Self { sessions, store, clock, visitor, answers: BTreeMap::new(), crashed: false, context: String::new() }
    }

    async fn request(&self, kind: Kind, id: String) -> Answer {
        let anna = self.sessions.of(&"anna".to_owned());
        let looked = match kind {
            Kind::RevokeAll => anna.revoke_all().await.map(|_| Answer::Done),
            Kind::RevokeIt => anna.revoke(id).await.map(|found| if found { Answer::Done } else { Answer::NoSuchId }),
            Kind::List => anna.list(None).await.map(|_| Answer::Done),
            Kind::ListLater => {
                self.store.load(&StoreKey::from_bytes([0; 32])).await.unwrap();
                self.clock.advance(MINUTE);
                anna.list(None).await.map(|_| Answer::Done)
            }
            _ => return self.visit(kind).await,
        };
        looked.unwrap_or_else(|error| panic!("{kind:?}: {error}"))
    }

    async fn visit(&self, kind: Kind) -> Answer {
        const DAY: Duration = Duration::from_secs(24 * 60 * 60);
        let handler = async |session: cloakroom::Session<Account>| match kind {
            Kind::SignIn | Kind::SignInElsewhere => sign_in(&session, "anna", "phone").await,
            Kind::SignInThenUpdate => {
                sign_in(&session, "anna", "phone").await?;
                session.update_visits(|visits| *visits += 1).await
            }
            Kind::Regenerate => session.regenerate().await,
            Kind::BecomeBert => session.update_user(|user| *user = Some("bert".to_owned())).await,
            Kind::ClearOwner => session.clear_user().await,
            Kind::SetExpiry => session.set_expiry(30 * DAY, 90 * DAY).await,
            _ => session.destroy().await,
        };
        let elsewhere = kind == Kind::SignInElsewhere;
        let mut visitor = if elsewhere { Visitor::new(self.sessions.clone()) } else { self.visitor.clone() };
        let (done, closed) = visitor.request(handler).await;
        match done.err().or(closed.error) {
            None => Answer::Done,
            Some(SessionError::Ended) => Answer::Ended,
            Some(SessionError::TooManySessions { .. }) => Answer::TooMany,
            Some(error) => panic!("{kind:?}: {error}"),
        }
    }

    /// How many records this user has in the store, whatever the index says.
    pub(crate) async fn records_of(&self, user: &str) -> usize {
        let left = self.records().await;
        left.iter().filter(|stored| stored.bytes.windows(user.len()).any(|part| part == user.as_bytes())).count()
    }

    async fn records(&self) -> Vec<Stored> {
        let mut left = self.store.inner.left().await;
        // Whoever finds a key taken has tried to create it as well.
        left.sort_by_key(|stored| stored.version.as_bytes().to_vec());
        left.dedup();
        left
    }

    /// What must hold whatever happened, and whoever crashed.
    async fn check(&self) {
        for user in ["anna", "bert"] {
            let listed = self.sessions.of(&user.to_owned()).list(None).await.unwrap();
            assert_eq!(listed.len(), self.records_of(user).await, "UNLISTED: a session of {user}; {}", self.context);
        }
        self.check_that_nothing_is_left().await;
    }

    /// The index forgets what is gone, or somebody else's, and all that is there can be revoked.
    async fn check_that_nothing_is_left(&self) {
        // An entry that a crash has left may be of a session that is about to get its owner, for all that a list can tell.
        self.clock.advance(if self.crashed { HOUR } else { MINUTE });
        for user in ["anna", "bert"] {
            let theirs = self.sessions.of(&user.to_owned());
            let alive = theirs.list(None).await.unwrap().len();
            let entries = entries_of(&self.store, user).await.len();
            assert_eq!(entries, alive, "STALE: entries of {user}; {}", self.context);
            assert_eq!(theirs.revoke_all().await.unwrap(), alive, "{}", self.context);
            assert_eq!(self.records_of(user).await, 0, "ALIVE: a revoked session of {user}; {}", self.context);
        }
    }
}

/// What is run: who comes, and who of them crashes after how many store calls.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scene<'a> {
    pub(crate) begin: Begin,
    pub(crate) kinds: &'a [Kind],
    pub(crate) limit: Option<(usize, AtLimit)>,
    pub(crate) crash: Option<(usize, usize)>,
}

impl Scene<'_> {
    /// Runs every order and checks what must hold after each, also what the caller says. How many there were, and in how many of
    /// them somebody crashed.
    pub(crate) async fn enumerate(self, also: impl AsyncFn(&World, &str)) -> (usize, usize) {
        let (mut todo, mut complete, mut crashed) = (vec![Vec::new()], 0, 0);
        while let Some(begun) = todo.pop() {
            let mut then = Vec::new();
            // As it was begun, then always the first who can; where another one could, that is for later.
            let choose = |order: &[usize], able: &[usize]| {
                let begun = begun.get(order.len()).copied();
                begun.unwrap_or_else(|| {
                    then.extend(able[1..].iter().map(|other| [order, &[*other]].concat()));
                    able[0]
                })
            };
            let world = self.run(choose).await;
            todo.append(&mut then);
            complete += 1;
            crashed += usize::from(world.crashed);
            also(&world, &world.context).await;
            world.check().await;
        }
        println!("{self:?}: {complete} orders");
        (complete, crashed)
    }

    /// Runs as many orders as asked for, by chance, where one waits for the other and there is no end of them.
    pub(crate) async fn sample(self, orders: u64, also: impl AsyncFn(&World, &str)) {
        for seed in 0..orders {
            let mut random = seed;
            let choose = |_: &[usize], able: &[usize]| {
                // Knuth's MMIX generator; its high bits are good.
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                able[(random >> 33) as usize % able.len()]
            };
            let world = self.run(choose).await;
            also(&world, &world.context).await;
            world.check().await;
        }
    }

    /// Goes one store call further at a time: whose, `choose` says of those who can.
    async fn run(self, mut choose: impl FnMut(&[usize], &[usize]) -> usize) -> World {
        let mut world = World::new(self.begin, self.limit).await;
        let id = world.visitor.clone().visit(async |session| session.id().await.unwrap().unwrap().to_string()).await;
        let (mut answers, mut steps, mut order) = (BTreeMap::new(), vec![0; self.kinds.len()], Vec::new());
        world.store.step(true);
        let mut running: Vec<Option<Running<'_>>> =
            self.kinds.iter().map(|kind| Some(Box::pin(world.request(*kind, id.clone())) as Running<'_>)).collect();
        let mut advance = |future: &mut Option<Running<'_>>, who: usize| {
            let answer = future.as_mut().and_then(poll_step);
            if let Some(answer) = answer {
                answers.insert(who, answer);
                *future = None;
            }
        };
        running.iter_mut().enumerate().for_each(|(who, future)| advance(future, who));
        loop {
            let able: Vec<_> = (0..running.len()).filter(|who| running[*who].is_some()).collect();
            if able.is_empty() {
                break;
            }
            let who = choose(&order, &able);
            order.push(who);
            let before = world.store.steps();
            while running[who].is_some() && world.store.steps() == before {
                advance(&mut running[who], who);
            }
            steps[who] += world.store.steps() - before;
            if self.crash.is_some_and(|(crashes, after)| crashes == who && steps[who] >= after) {
                running[who] = None;
            }
        }
        drop(running);
        world.store.step(false);
        world.context = format!("{self:?} by {order:?}: {answers:?}");
        world.crashed = answers.len() < self.kinds.len();
        world.answers = answers;
        world
    }
}
