//! Promise 9, idle and absolute expiry: enforced on the server, to the millisecond, whatever the browser does with the cookie.
//!
//! The store and the layer share one clock, which stands still until a test moves it.

use std::time::{Duration, SystemTime};

use cloakroom::{
    Clock, DEFAULT_ABSOLUTE, DEFAULT_IDLE, ManualClock, MemoryStore, Policy, Session, SessionError, SessionLayer,
    Sessions,
};
use tests::web::{Browser, Routes, get, post};
use tests::{CartItem, Role, Shop, UserId, Visitor, WatchedStore, on_both};

const MOMENT: Duration = Duration::from_millis(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// As `Shop` declares them.
const IDLE: Duration = Duration::from_secs(30 * 60);
const ABSOLUTE: Duration = Duration::from_secs(12 * 60 * 60);

/// What a visitor does.
type Handler = fn(Session<Shop>) -> futures_util::future::BoxFuture<'static, ()>;

/// A shop, its store and the time.
struct World {
    clock: ManualClock,
    store: MemoryStore,
    sessions: Sessions<Shop>,
}

impl World {
    fn new() -> Self {
        Self::with_policy(Policy::of::<Shop>())
    }

    fn with_policy(policy: Policy) -> Self {
        let clock = ManualClock::default();
        let store = MemoryStore::new().with_clock(clock.clone());
        let sessions = Sessions::new(store.clone()).with_clock(clock.clone()).with_policy(policy);
        Self { clock, store, sessions }
    }

    /// A visitor with a session of this moment.
    async fn visitor(&self) -> Visitor<Shop> {
        let mut visitor = Visitor::new(self.sessions.clone());
        visitor.visit(begin).await;
        visitor
    }
}

async fn begin(session: Session<Shop>) {
    session.set_visits(1).await.unwrap();
    session.set_role(Role::Admin).await.unwrap();
}

/// Is the session there? Looking is activity.
async fn is_alive(visitor: &mut Visitor<Shop>) -> bool {
    visitor.visit(async |session| session.role().await.unwrap() == Role::Admin).await
}

async fn end(visitor: &mut Visitor<Shop>) -> SystemTime {
    visitor.visit(async |session| session.expires_at().await.unwrap().expect("a session")).await
}

/// How long a visitor who did `before` stays signed in without another request: looks once, after this time.
async fn survives(policy: Policy, pause: Duration, before: impl AsyncFnOnce(Session<Shop>)) -> bool {
    let world = World::with_policy(policy);
    let mut visitor = world.visitor().await;
    visitor.visit(before).await;
    world.clock.advance(pause);
    is_alive(&mut visitor).await
}

#[tokio::test]
async fn a_pause_of_the_idle_time_ends_the_session() {
    assert!(survives(Policy::of::<Shop>(), IDLE - MOMENT, async |_| ()).await);
    assert!(!survives(Policy::of::<Shop>(), IDLE, async |_| ()).await);
    assert!(!survives(Policy::of::<Shop>(), 400 * DAY, async |_| ()).await);
}

/// The layer's clock alone decides too: a store that never forgets opens no expired session.
#[tokio::test]
async fn a_store_that_forgets_nothing_revives_nobody() {
    let clock = ManualClock::default();
    let never = MemoryStore::new().with_clock(ManualClock::at(clock.now()));
    let mut visitor = Visitor::new(Sessions::<Shop>::new(never.clone()).with_clock(clock.clone()));
    visitor.visit(begin).await;
    clock.advance(IDLE - MOMENT);
    assert!(is_alive(&mut visitor.clone()).await);
    clock.advance(IDLE);
    assert!(!is_alive(&mut visitor).await);
    assert_eq!(never.len(), 1, "the store itself has not noticed");
}

#[tokio::test]
async fn activity_moves_the_idle_end() {
    let world = World::new();
    let mut visitor = world.visitor().await;
    let begun = world.clock.now();
    assert_eq!(end(&mut visitor).await, begun + IDLE);
    world.clock.advance(10 * MINUTE);
    assert!(is_alive(&mut visitor).await);
    world.clock.advance(IDLE - MOMENT);
    assert_eq!(end(&mut visitor).await, begun + 10 * MINUTE + IDLE - MOMENT + IDLE);
    world.clock.advance(IDLE);
    assert!(!is_alive(&mut visitor).await);
}

/// What a session says of its end is when it ends, whatever was done to it.
#[tokio::test]
async fn a_session_ends_when_it_said_it_would() {
    for steps in [&[0_u64][..], &[5], &[1, 1], &[2, 2, 2], &[29, 29, 1], &[4, 2, 3, 25]] {
        for offset in [MOMENT, Duration::ZERO] {
            let world = World::new();
            let mut visitor = world.visitor().await;
            let mut said = end(&mut visitor).await;
            for step in steps {
                world.clock.advance(*step as u32 * MINUTE);
                said = end(&mut visitor).await;
            }
            world.clock.set(said - offset);
            assert_eq!(is_alive(&mut visitor).await, offset == MOMENT, "{steps:?} minutes, {offset:?} before the end");
        }
    }
}

/// Nothing that a visitor does stretches the absolute end.
#[tokio::test]
async fn no_activity_stretches_the_absolute_end() {
    let read: Handler = |session| Box::pin(async move { assert_eq!(session.visits().await.unwrap(), 1) });
    let activities: [(&str, Handler); 6] = [
        ("reading", read),
        ("writing", |session| {
            Box::pin(async move { session.set_visits(session.visits().await.unwrap() + 1).await.unwrap() })
        }),
        ("updating", |session| Box::pin(async move { session.update_visits(|visits| *visits += 1).await.unwrap() })),
        ("regenerating", |session| Box::pin(async move { session.regenerate().await.unwrap() })),
        ("saving", |session| {
            Box::pin(async move {
                session.set_cart(vec![CartItem::one(format!("{:?}", session.visits().await.unwrap()))]).await.unwrap();
                session.save().await.unwrap();
                session.reload().await.unwrap();
            })
        }),
        ("signing in again", |session| Box::pin(async move { session.set_user_id(UserId(7)).await.unwrap() })),
    ];
    for (what, activity) in activities {
        let world = World::new();
        let mut visitor = world.visitor().await;
        for _ in 0..47 {
            world.clock.advance(15 * MINUTE);
            assert!(is_alive(&mut visitor).await, "{what}");
            visitor.visit(activity).await;
        }
        world.clock.advance(15 * MINUTE - MOMENT);
        assert!(is_alive(&mut visitor).await, "{what}: one millisecond is left");
        visitor.visit(activity).await;
        world.clock.advance(MOMENT);
        assert!(!is_alive(&mut visitor).await, "{what}: it outlived 12 hours");
    }
}

/// The browser's opinion does not matter: a cookie that it should have dropped opens nothing, and gets no new life.
async fn an_old_cookie_opens_nothing() {
    let world = World::new();
    let app = Routes::new()
        .route("/", post(async |session: Session<Shop>| session.set_visits(1).await))
        .route("/", get(async |session: Session<Shop>| session.visits().await.map(|visits| visits.to_string())))
        .layer(SessionLayer::from(world.sessions.clone()));
    let mut browser = Browser::new(app);
    browser.post("/").await;
    world.clock.advance(IDLE);
    let reply = browser.get("/").await;
    assert_eq!((reply.body.as_str(), reply.set_cookies().len()), ("0", 0));
    let old = browser.cookie("__Host-shop").unwrap().to_owned();
    browser.post("/").await;
    assert_ne!(browser.cookie("__Host-shop"), Some(old.as_str()), "a new session has a new token");
    assert_eq!(browser.get("/").await.body, "1");
}

mod plain {
    use cloakroom::SessionData;

    /// Nothing said.
    #[derive(SessionData)]
    pub struct Plain {
        pub visits: u64,
    }
}

/// Two hours and fourteen days, where the struct says nothing.
#[tokio::test]
async fn the_defaults_are_two_hours_and_fourteen_days() {
    assert_eq!((DEFAULT_IDLE, DEFAULT_ABSOLUTE), (2 * HOUR, 14 * DAY));
    let begin = async |pause: Duration, steps: u32| {
        let clock = ManualClock::default();
        let store = MemoryStore::new().with_clock(clock.clone());
        let mut visitor = Visitor::new(Sessions::<plain::Plain>::new(store).with_clock(clock.clone()));
        let (_, closed) = visitor.request(async |session| session.set_visits(5).await.unwrap()).await;
        assert!(closed.set_cookie.unwrap().starts_with("__Host-plain="));
        for _ in 0..steps {
            clock.advance(HOUR);
            visitor.visit(async |session| session.visits().await.unwrap()).await;
        }
        clock.advance(pause);
        visitor.visit(async |session| session.visits().await.unwrap()).await == 5
    };
    assert!(begin(2 * HOUR - MOMENT, 0).await);
    assert!(!begin(2 * HOUR, 0).await);
    assert!(begin(HOUR - MOMENT, 14 * 24 - 1).await);
    assert!(!begin(HOUR, 14 * 24 - 1).await);
}

/// A policy that became stricter holds for sessions that are there already; one that became laxer revives nobody.
#[tokio::test]
async fn a_shorter_absolute_time_takes_effect_at_once() {
    let world = World::new();
    let mut visitor = world.visitor().await;
    for _ in 0..4 {
        world.clock.advance(20 * MINUTE);
        assert!(is_alive(&mut visitor).await);
    }
    let stricter =
        |absolute| Sessions::<Shop>::new(world.store.clone()).with_clock(world.clock.clone()).with_absolute(absolute);
    assert!(is_alive(&mut visitor.at(stricter(80 * MINUTE + MOMENT))).await);
    assert!(!is_alive(&mut visitor.at(stricter(80 * MINUTE))).await);
    assert!(!is_alive(&mut visitor.at(stricter(MINUTE))).await);
    assert!(is_alive(&mut visitor).await, "reading under the stricter policy did no harm");
}

/// A write of a request whose session has just come to its (shortened) end brings it no new life.
#[tokio::test]
async fn a_shorter_absolute_time_holds_for_writes() {
    let world = World::new();
    let visitor = world.visitor().await;
    let sessions = Sessions::<Shop>::new(world.store.clone()).with_clock(world.clock.clone()).with_absolute(MINUTE);
    let mut visitor = visitor.at(sessions);
    visitor
        .visit(async |session| {
            session.visits().await.unwrap();
            world.clock.advance(MINUTE);
            session.set_visits(2).await.unwrap();
        })
        .await;
    assert!(!is_alive(&mut visitor).await);
    assert!(!is_alive(&mut visitor.at(world.sessions.clone())).await, "the record itself has ended");
}

/// Defect 11: what `set_expiry` said is kept over every later write, and over a new token.
#[tokio::test]
async fn a_lifetime_of_its_own_is_never_forgotten() {
    let world = World::new();
    let mut visitor = world.visitor().await;
    let remember = async |session: Session<Shop>| session.set_expiry(7 * DAY, 30 * DAY).await.unwrap();
    let (_, closed) = visitor.request(remember).await;
    assert!(closed.set_cookie.unwrap().ends_with("; Max-Age=2592000"));
    let begun = world.clock.now();
    assert_eq!(end(&mut visitor).await, begun + 7 * DAY);

    world.clock.advance(5 * DAY);
    visitor.visit(async |session| session.set_visits(2).await.unwrap()).await;
    assert_eq!(end(&mut visitor).await, begun + 12 * DAY, "a write");
    world.clock.advance(5 * DAY);
    visitor.visit(async |session| session.update_visits(|visits| *visits += 1).await.unwrap()).await;
    assert_eq!(end(&mut visitor).await, begun + 17 * DAY, "an update");
    world.clock.advance(5 * DAY);
    let (_, closed) = visitor.request(async |session| session.regenerate().await.unwrap()).await;
    assert!(closed.set_cookie.unwrap().ends_with("; Max-Age=1296000"), "the new cookie runs to the same end");
    assert_eq!(end(&mut visitor).await, begun + 22 * DAY, "a new token");
    world.clock.advance(6 * DAY);
    visitor.visit(async |session| session.clear().await.unwrap()).await;
    visitor.visit(begin).await;
    assert_eq!(end(&mut visitor).await, begun + 28 * DAY, "a clear");
    world.clock.advance(6 * DAY);
    assert_eq!(end(&mut visitor).await, begun + 30 * DAY);
    world.clock.advance(3 * DAY);
    assert!(!is_alive(&mut visitor).await, "the absolute end");
}

#[tokio::test]
async fn a_lifetime_of_its_own_may_be_shorter() {
    let kiosk = async |session: Session<Shop>| session.set_expiry(MINUTE, 5 * MINUTE).await.unwrap();
    assert!(survives(Policy::of::<Shop>(), MINUTE - MOMENT, kiosk).await);
    assert!(!survives(Policy::of::<Shop>(), MINUTE, kiosk).await);
}

/// The layer's maximum, and 400 days, are the most that a session can ask for. Nothing overflows.
#[tokio::test]
async fn a_lifetime_of_its_own_stays_within_the_maximum() {
    let policy = || Policy::of::<Shop>().with_longest(10 * DAY);
    let ask = async |session: Session<Shop>| session.set_expiry(100 * DAY, 200 * DAY).await.unwrap();
    assert!(survives(policy(), 10 * DAY - MOMENT, ask).await);
    assert!(!survives(policy(), 10 * DAY, ask).await);

    for lifetime in [401 * DAY, Duration::MAX] {
        let ask = async |session: Session<Shop>| session.set_expiry(lifetime, lifetime).await.unwrap();
        assert!(survives(Policy::of::<Shop>(), 400 * DAY - MOMENT, ask).await);
        assert!(!survives(Policy::of::<Shop>(), 400 * DAY, ask).await);
    }
    let nothing = async |session: Session<Shop>| session.set_expiry(Duration::ZERO, Duration::ZERO).await.unwrap();
    assert!(!survives(Policy::of::<Shop>(), Duration::ZERO, nothing).await);
    let no_pause = async |session: Session<Shop>| session.set_expiry(Duration::ZERO, DAY).await.unwrap();
    assert!(!survives(Policy::of::<Shop>(), Duration::ZERO, no_pause).await);

    // The maximum was lowered since: it holds at once.
    let world = World::new();
    let mut visitor = world.visitor().await;
    visitor.visit(async |session| session.set_expiry(100 * DAY, 200 * DAY).await.unwrap()).await;
    world.clock.advance(20 * DAY);
    let lowered = Policy::of::<Shop>().with_longest(20 * DAY);
    let lowered = Sessions::new(world.store.clone()).with_clock(world.clock.clone()).with_policy(lowered);
    assert!(!is_alive(&mut visitor.at(lowered)).await);
    assert!(is_alive(&mut visitor).await);
}

/// A policy cannot say what no cookie can: 400 days is the most for the layer itself too.
#[tokio::test]
async fn no_policy_lasts_longer_than_400_days() {
    let policy =
        || Policy::of::<Shop>().with_idle(Duration::MAX).with_absolute(Duration::MAX).with_longest(Duration::MAX);
    assert!(survives(policy(), 400 * DAY - MOMENT, async |_| ()).await);
    assert!(!survives(policy(), 400 * DAY, async |_| ()).await);
}

/// A field with a `ttl` ends inside a live session, in the middle of a request if need be, while all else stays.
#[tokio::test]
async fn a_field_ends_within_a_live_session() {
    let world = World::new();
    let mut visitor = world.visitor().await;
    visitor.visit(async |session| session.set_oauth_state("state".to_owned()).await.unwrap()).await;
    let state = async |session: Session<Shop>| session.oauth_state().await.unwrap();
    world.clock.advance(10 * MINUTE - MOMENT);
    assert_eq!(visitor.visit(state).await.as_deref(), Some("state"));
    visitor
        .visit(async |session| {
            assert!(session.has_oauth_state().await.unwrap());
            world.clock.advance(MOMENT);
            assert_eq!(session.oauth_state().await.unwrap(), None);
            assert!(!session.has_oauth_state().await.unwrap());
            assert_eq!(session.take_oauth_state().await.unwrap(), None);
            assert!(!session.keys().await.unwrap().contains(&"oauth_state".to_owned()));
            let all = session.snapshot().await.unwrap();
            assert_eq!((all.oauth_state, all.visits, all.role), (None, 1, Role::Admin));
        })
        .await;
    visitor.visit(async |session| session.set_visits(2).await.unwrap()).await;
    assert_eq!(visitor.visit(state).await, None, "a later write brings it back");
    visitor
        .visit(async |session| {
            session.set_oauth_state("slow".to_owned()).await.unwrap();
            world.clock.advance(10 * MINUTE);
            assert_eq!(session.oauth_state().await.unwrap(), None, "it ended before it was saved");
        })
        .await;
    assert_eq!(visitor.visit(state).await, None);
    // Set anew, it has its whole time again; an update of it too.
    visitor.visit(async |session| session.set_oauth_state("again".to_owned()).await.unwrap()).await;
    world.clock.advance(9 * MINUTE);
    visitor
        .visit(async |session| session.update_oauth_state(|state| state.as_mut().unwrap().push('!')).await.unwrap())
        .await;
    world.clock.advance(9 * MINUTE);
    assert_eq!(visitor.visit(state).await.as_deref(), Some("again!"));
    world.clock.advance(MINUTE);
    assert_eq!(visitor.visit(state).await, None);
    assert!(is_alive(&mut visitor).await);
}

/// One value with a time of its own: shorter or longer than the field's, on any field.
#[tokio::test]
async fn one_value_may_have_its_own_time() {
    for lifetime in [Duration::from_secs(1), 25 * MINUTE] {
        let world = World::new();
        let mut visitor = world.visitor().await;
        visitor
            .visit(async |session| {
                session.set_oauth_state_for("state".to_owned(), lifetime).await.unwrap();
                session.set_for(Shop::CART, vec![CartItem::one("lamp")], lifetime).await.unwrap();
            })
            .await;
        world.clock.advance(lifetime - MOMENT);
        let both = async |session: Session<Shop>| {
            (
                session.has_oauth_state().await.unwrap(),
                session.cart().await.unwrap().len(),
                session.visits().await.unwrap(),
            )
        };
        assert_eq!(visitor.visit(both).await, (true, 1, 1), "{lifetime:?}");
        world.clock.advance(MOMENT);
        assert_eq!(visitor.visit(both).await, (false, 0, 1), "{lifetime:?}");
    }
    // To change it is not to make it permanent.
    let world = World::new();
    let mut visitor = world.visitor().await;
    visitor.visit(async |session| session.set_for(Shop::CART, Vec::new(), MINUTE).await.unwrap()).await;
    visitor.visit(async |session| session.update_cart(|cart| cart.push(CartItem::one("lamp"))).await.unwrap()).await;
    world.clock.advance(MINUTE - MOMENT);
    assert_eq!(visitor.visit(async |session| session.cart().await.unwrap().len()).await, 1);
    world.clock.advance(MOMENT);
    assert_eq!(visitor.visit(async |session| session.cart().await.unwrap().len()).await, 0);
    // To set it plainly again is to give it the field's own time: here, none.
    let world = World::new();
    let mut visitor = world.visitor().await;
    visitor.visit(async |session| session.set_for(Shop::VISITS, 5, MINUTE).await.unwrap()).await;
    visitor.visit(async |session| session.set_visits(5).await.unwrap()).await;
    world.clock.advance(MINUTE);
    assert_eq!(visitor.visit(async |session| session.visits().await.unwrap()).await, 5);
    // No time at all, and more than there is.
    visitor.visit(async |session| session.set_for(Shop::VISITS, 6, Duration::ZERO).await.unwrap()).await;
    assert_eq!(visitor.visit(async |session| session.visits().await.unwrap()).await, 0);
    visitor.visit(async |session| session.set_for(Shop::VISITS, 7, Duration::MAX).await.unwrap()).await;
    assert_eq!(visitor.visit(async |session| session.visits().await.unwrap()).await, 7);
}

/// What a request with the token of `visitor` gets for a write: `None` where it was dropped.
async fn writes(visitor: &mut Visitor<Shop>) -> Option<String> {
    let (_, closed) = visitor.request(async |session| session.set_visits(9).await.unwrap()).await;
    assert!(closed.error.is_none(), "{closed:?}");
    closed.set_cookie
}

/// For a minute the old token of a regenerated session is recognised: it reads as anonymous, its writes are dropped, and it sets no
/// cookie over the new one (defect 10). Then it is like any unknown token.
#[tokio::test]
async fn a_retired_token_is_recognised_for_a_minute() {
    for (policy, minute) in [
        (Policy::of::<Shop>(), MINUTE),
        (Policy::of::<Shop>().with_retirement(5 * MINUTE), 5 * MINUTE),
        (Policy::of::<Shop>().with_retirement(Duration::from_secs(1)), Duration::from_secs(1)),
    ] {
        let world = World::with_policy(policy);
        let mut visitor = world.visitor().await;
        let mut old = visitor.clone();
        visitor.visit(async |session| session.regenerate().await.unwrap()).await;
        assert!(!is_alive(&mut old).await);
        assert_eq!(writes(&mut old).await, None);
        world.clock.advance(minute - MOMENT);
        assert!(!is_alive(&mut old).await);
        assert_eq!(writes(&mut old).await, None, "{minute:?}: one millisecond too early");
        assert!(is_alive(&mut visitor).await);
        world.clock.advance(MOMENT);
        assert!(!is_alive(&mut old).await);
        assert!(writes(&mut old).await.is_some(), "{minute:?}: it is unknown now, so a write begins a session");
        assert_ne!(old.token(), visitor.token());
        assert!(is_alive(&mut visitor).await);
        assert_eq!(visitor.visit(async |session| session.visits().await.unwrap()).await, 1);
    }
}

/// A retired token gets no longer life by being used.
#[tokio::test]
async fn a_retired_token_does_not_slide() {
    let world = World::new();
    let mut visitor = world.visitor().await;
    let mut old = visitor.clone();
    visitor.visit(async |session| session.regenerate().await.unwrap()).await;
    for _ in 0..6 {
        assert_eq!(writes(&mut old).await, None);
        world.clock.advance(Duration::from_secs(10));
    }
    assert!(writes(&mut old).await.is_some());
}

/// To prove who one is restarts the absolute clock, and is remembered with its time.
#[tokio::test]
async fn signing_in_restarts_the_absolute_clock() {
    let world = World::new();
    let mut visitor = world.visitor().await;
    let begun = world.clock.now();
    let keep_busy = async |visitor: &mut Visitor<Shop>, quarters: u32| {
        for _ in 0..quarters {
            world.clock.advance(15 * MINUTE);
            assert!(is_alive(visitor).await);
        }
    };
    keep_busy(&mut visitor, 40).await;
    let at = world.clock.now();
    let sign_in = async |session: Session<Shop>| {
        assert_eq!(session.authenticated_at().await.unwrap(), None);
        session.set_user_id(UserId(7)).await.unwrap();
        session.mark_authenticated().await.unwrap();
        assert_eq!(session.authenticated_at().await.unwrap(), Some(at), "at once");
    };
    visitor.visit(sign_in).await;
    keep_busy(&mut visitor, 47).await;
    let times = async |session: Session<Shop>| {
        (session.created_at().await.unwrap().unwrap(), session.authenticated_at().await.unwrap())
    };
    assert_eq!(visitor.visit(times).await, (begun, Some(at)));
    world.clock.advance(15 * MINUTE - MOMENT);
    assert!(is_alive(&mut visitor).await);
    world.clock.advance(MOMENT);
    assert!(!is_alive(&mut visitor).await, "12 hours after the sign-in");
}

/// Who signs out by clearing the owner has proved nothing any more.
#[tokio::test]
async fn clearing_the_owner_forgets_the_proof() {
    let sign_out: [Handler; 5] = [
        |session| Box::pin(async move { session.clear_user_id().await.unwrap() }),
        |session| Box::pin(async move { session.set_user_id(None).await.unwrap() }),
        |session| Box::pin(async move { assert!(session.take_user_id().await.unwrap().is_some()) }),
        |session| Box::pin(async move { session.update_user_id(|user| *user = None).await.unwrap() }),
        |session| Box::pin(async move { session.clear().await.unwrap() }),
    ];
    for sign_out in sign_out {
        let world = World::new();
        let mut visitor = world.visitor().await;
        let sign_in = async |session: Session<Shop>| {
            session.set_user_id(UserId(7)).await.unwrap();
            session.mark_authenticated().await.unwrap();
        };
        visitor.visit(sign_in).await;
        visitor
            .visit(async |session: Session<Shop>| {
                assert!(session.authenticated_at().await.unwrap().is_some());
                sign_out(session.clone()).await;
                assert_eq!(session.authenticated_at().await.unwrap(), None, "in the same request");
            })
            .await;
        let left = async |session: Session<Shop>| {
            (session.user_id().await.unwrap(), session.authenticated_at().await.unwrap())
        };
        assert_eq!(visitor.visit(left).await, (None, None));
    }
}

async fn sign_in_as(session: &Session<Shop>, user: u64) {
    session.set_user_id(UserId(user)).await.unwrap();
}

/// From one owner to another, nothing of the first is left: no field, no proof, no lifetime. A visitor who signs in keeps their cart,
/// and so does a user who signs in again.
#[tokio::test]
async fn another_owner_inherits_nothing() {
    let world = World::new();
    let mut visitor = world.visitor().await;
    visitor.visit(async |session| session.set_cart(vec![CartItem::one("lamp")]).await.unwrap()).await;
    let anonymous = visitor.token().unwrap().to_owned();
    visitor
        .visit(async |session| {
            sign_in_as(&session, 1).await;
            session.mark_authenticated().await.unwrap();
            session.set_expiry(7 * DAY, 30 * DAY).await.unwrap();
        })
        .await;
    let first = visitor.token().unwrap().to_owned();
    assert_ne!(first, anonymous, "a new owner, a new token");
    let all = async |session: Session<Shop>| session.snapshot().await.unwrap();
    assert_eq!(visitor.visit(all).await.cart.len(), 1, "who signs in keeps their cart");

    visitor.visit(async |session| sign_in_as(&session, 1).await).await;
    assert_ne!(visitor.token(), Some(first.as_str()), "the same owner, a new token");
    let same = visitor.visit(all).await;
    assert_eq!((same.cart.len(), same.role, same.visits), (1, Role::Admin, 1), "the same owner, the same session");
    assert!(visitor.visit(async |session| session.authenticated_at().await.unwrap()).await.is_some());

    visitor
        .visit(async |session| {
            session.set_theme(tests::Theme::Dark).await.unwrap(); // of the first owner, too
            sign_in_as(&session, 2).await;
            session.set_visits(3).await.unwrap();
            assert_eq!(session.cart().await.unwrap(), [], "in the same request");
        })
        .await;
    let second = visitor.visit(all).await;
    let empty = Shop {
        user_id: Some(UserId(2)),
        role: Role::Customer,
        cart: Vec::new(),
        visits: 3,
        notice: None,
        oauth_state: None,
        theme: tests::Theme::System,
    };
    assert_eq!(second, empty);
    let proof = visitor.visit(async |session| session.authenticated_at().await.unwrap()).await;
    assert_eq!(proof, None, "the first owner's proof");
    assert_eq!(end(&mut visitor).await, world.clock.now() + IDLE, "the first owner's `remember me`");
}

/// The same by an atomic update of the owner.
#[tokio::test]
async fn another_owner_by_update_inherits_nothing() {
    let world = World::new();
    let mut visitor = world.visitor().await;
    visitor.visit(async |session| sign_in_as(&session, 1).await).await;
    let first = visitor.token().unwrap().to_owned();
    visitor.visit(async |session| session.update_user_id(|user| *user = Some(UserId(2))).await.unwrap()).await;
    assert_ne!(visitor.token(), Some(first.as_str()));
    let all = visitor.visit(async |session| session.snapshot().await.unwrap()).await;
    assert_eq!((all.user_id, all.role, all.visits), (Some(UserId(2)), Role::Customer, 0));
}

/// Clocks step. Back: nobody is logged out, nothing panics, and no session lasts beyond its absolute time as that clock counts it.
#[tokio::test]
async fn a_clock_that_steps_back_logs_nobody_out() {
    let world = World::new();
    let mut visitor = world.visitor().await;
    let begun = world.clock.now();
    let sign_in = async |session: Session<Shop>| {
        session.mark_authenticated().await.unwrap();
        session.set_oauth_state("state".to_owned()).await.unwrap();
    };
    visitor.visit(sign_in).await;
    world.clock.step_back(3 * HOUR);
    assert!(is_alive(&mut visitor).await);
    let said = end(&mut visitor).await;
    assert!(said <= begun + ABSOLUTE, "the end did not move beyond what it was");
    let times = async |session: Session<Shop>| {
        assert_eq!(session.authenticated_at().await.unwrap(), Some(begun), "in the future, as this clock sees it");
        assert_eq!(session.created_at().await.unwrap(), Some(begun));
        assert!(session.has_oauth_state().await.unwrap());
        session.set_visits(1).await.unwrap();
        session.regenerate().await.unwrap();
    };
    visitor.visit(times).await;
    assert!(is_alive(&mut visitor).await);
    world.clock.step_back(40 * 365 * DAY);
    assert!(is_alive(&mut visitor).await, "near 1986");
    visitor.visit(async |session| session.update_visits(|visits| *visits += 1).await.unwrap()).await;
    assert!(is_alive(&mut visitor).await);
}

/// A read while the clock is back takes no time away that was written down before.
#[tokio::test]
async fn a_read_while_the_clock_is_back_shortens_nothing() {
    let world = World::new();
    let mut visitor = world.visitor().await;
    let begun = world.clock.now();
    world.clock.step_back(HOUR);
    assert!(is_alive(&mut visitor).await);
    assert_eq!(end(&mut visitor).await, begun + IDLE);
    world.clock.set(begun + IDLE - MOMENT);
    assert!(is_alive(&mut visitor).await);
}

/// Forth, and back again: whatever the wrong clock saw, the session ends no later than its absolute time.
#[tokio::test]
async fn a_clock_that_steps_forth_and_back_revives_no_one_for_long() {
    let world = World::new();
    let mut visitor = world.visitor().await;
    let begun = world.clock.now();
    world.clock.advance(IDLE - MOMENT); // just in time
    assert!(is_alive(&mut visitor).await);
    world.clock.set(begun);
    assert!(is_alive(&mut visitor).await);
    world.clock.set(begun + ABSOLUTE);
    assert!(!is_alive(&mut visitor).await);
    assert_eq!(
        writes(&mut visitor.clone()).await.map(|text| text.contains("__Host-shop=")),
        Some(true),
        "a session of its own"
    );
    world.clock.set(begun + 100 * DAY);
    assert!(!is_alive(&mut visitor).await);
}

/// Promise 2: what has expired stays gone. A request that began in time and ends too late writes nothing (defect 1).
#[tokio::test]
async fn a_late_commit_revives_no_expired_session() {
    let world = World::new();
    let mut visitor = world.visitor().await;
    let (_, closed) = visitor
        .request(async |session| {
            session.visits().await.unwrap();
            world.clock.advance(IDLE);
            session.set_visits(2).await.unwrap();
        })
        .await;
    assert!(closed.set_cookie.is_none() && closed.error.is_none(), "a plain write is dropped: {closed:?}");
    assert!(!is_alive(&mut visitor).await);
    world.store.sweep();
    assert!(world.store.is_empty(), "something was created");
}

/// What promised to be committed says that it was not.
#[tokio::test]
async fn a_late_update_of_an_expired_session_says_so() {
    let world = World::new();
    let mut visitor = world.visitor().await;
    let late = async |session: Session<Shop>| {
        session.visits().await.unwrap();
        world.clock.advance(IDLE);
        let update = session.update_visits(|visits| *visits += 1).await;
        assert!(matches!(update, Err(SessionError::Ended)), "{update:?}");
        session.set_visits(2).await.unwrap();
        let save = session.save().await;
        assert!(matches!(save, Err(SessionError::Ended)), "{save:?}");
    };
    let (_, closed) = visitor.request(late).await;
    assert!(closed.set_cookie.is_none() && closed.error.is_none(), "{closed:?}");
    world.store.sweep();
    assert!(world.store.is_empty());

    // A rotation is a promise, too: the client must not think that it was signed in.
    let mut visitor = world.visitor().await;
    let late = async |session: Session<Shop>| {
        session.visits().await.unwrap();
        world.clock.advance(IDLE);
        session.set_user_id(UserId(7)).await.unwrap();
    };
    let (_, closed) = visitor.request(late).await;
    assert!(matches!(closed.error, Some(SessionError::Ended)) && closed.set_cookie.is_none(), "{closed:?}");
    world.store.sweep();
    assert!(world.store.is_empty());
}

/// A request that comes after the end begins a session of its own, with a token of its own.
#[tokio::test]
async fn a_write_after_the_end_begins_a_new_session() {
    let world = World::new();
    let mut visitor = world.visitor().await;
    let old = visitor.token().unwrap().to_owned();
    world.clock.advance(IDLE);
    visitor.visit(async |session| session.update_visits(|visits| *visits += 10).await.unwrap()).await;
    assert_ne!(visitor.token(), Some(old.as_str()));
    let all = visitor.visit(async |session| session.snapshot().await.unwrap()).await;
    assert_eq!((all.visits, all.role), (10, Role::Customer), "nothing of the old one");
}

/// The store is told the same end that the session tells: a store may drop the record then, and not before.
#[tokio::test]
async fn the_store_is_told_the_same_end() {
    let clock = ManualClock::default();
    let store = WatchedStore::new(MemoryStore::new().with_clock(clock.clone()));
    let told = async || store.left().await[0].expires_at;
    let mut visitor = Visitor::new(Sessions::<Shop>::new(store.clone()).with_clock(clock.clone()));
    visitor.visit(begin).await;
    for minutes in [0, 1, 5, 20] {
        clock.advance(minutes * MINUTE);
        is_alive(&mut visitor).await;
        assert_eq!(end(&mut visitor).await, told().await);
    }
    visitor.visit(async |session| session.set_expiry(DAY, 2 * DAY).await.unwrap()).await;
    assert_eq!(told().await, clock.now() + DAY);
    assert_eq!(end(&mut visitor).await, clock.now() + DAY);
}

on_both!(an_old_cookie_opens_nothing,);
