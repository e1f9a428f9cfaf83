//! Idle and absolute end are inside the seal, and the server's clock decides: whatever a browser does with its cookie.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cloakroom::{Clock as _, ManualClock, MemoryStore, Policy, Session, Sessions};
use tests::{CartItem, Shop, Visitor};

use crate::{DAY, MINUTE, MOMENT, OLD, World, count, is_signed_in, keys, visits};

/// As `Shop` declares them.
const IDLE: Duration = Duration::from_secs(30 * 60);
const ABSOLUTE: Duration = Duration::from_secs(12 * 60 * 60);

#[tokio::test]
async fn a_pause_of_the_idle_time_ends_it() {
    let world = World::new();
    let visitor = world.visitor().await;
    world.clock.advance(IDLE - MOMENT);
    assert!(is_signed_in(&visitor).await);
    world.clock.advance(MOMENT);
    assert!(!is_signed_in(&visitor).await, "a browser that kept its cookie is as anonymous as any");
    let (_, closed) = visitor.clone().request(visits).await;
    assert!(closed.set_cookie.is_none());
}

/// What is set may have to be weighed against what the browser brought, so that the seal is opened before the session is loaded.
#[tokio::test]
async fn what_expires_between_opening_and_loading_is_over() {
    let world = World::new();
    let mut visitor = world.visitor().await;
    visitor.visit(async |session| session.set_notice("x".repeat(2_000)).await.unwrap()).await;
    world.clock.advance(IDLE - MINUTE);
    let seen = visitor.visit(async |session| {
        session.set_notice("y".repeat(2_500)).await.unwrap();
        world.clock.advance(IDLE);
        session.user_id().await.unwrap()
    });
    assert_eq!(seen.await, None);
    assert!(!is_signed_in(&visitor).await, "and nothing brings it back");
}

/// A tenth of the idle time is worth a new seal. Less is not.
#[tokio::test]
async fn activity_seals_it_anew_by_and_by() {
    let world = World::new();
    let mut visitor = world.visitor().await;
    let begun = world.clock.now();
    world.clock.advance(IDLE / 10 - MOMENT);
    let (_, closed) = visitor.request(visits).await;
    assert!(closed.set_cookie.is_none());
    world.clock.advance(MOMENT);
    let before = visitor.clone();
    let (_, closed) = visitor.request(async |_| ()).await;
    assert!(closed.set_cookie.is_none(), "a request that does not load the session is no activity");
    let (end, closed) = visitor.request(async |session| session.expires_at().await.unwrap()).await;
    assert!(closed.set_cookie.is_some());
    assert_eq!(end, Some(begun + IDLE / 10 + IDLE));
    world.clock.advance(IDLE - MOMENT);
    assert!(is_signed_in(&visitor).await);
    assert!(!is_signed_in(&before).await, "the cookie from before has its own end");
}

/// A request that fails has been activity all the same.
#[tokio::test]
async fn a_failed_request_is_activity() {
    let world = World::new();
    let visitor = world.visitor().await;
    world.clock.advance(IDLE / 2);
    let session = world.sessions.open(visitor.cookie().map(str::as_bytes));
    assert_eq!(count(session.clone()).await, 4);
    let closed = world.sessions.close(&session, false).await;
    let cookie = closed.set_cookie.expect("a new seal").split(';').next().unwrap().to_owned();
    world.clock.advance(IDLE - MOMENT);
    let mut visitor = visitor.with_cookie(cookie);
    assert_eq!(visitor.visit(visits).await, 3, "and what it changed is dropped");
}

#[tokio::test]
async fn no_activity_stretches_the_absolute_end() {
    let world = World::new();
    let mut visitor = world.visitor().await;
    let step = IDLE - MOMENT;
    let mut age = Duration::ZERO;
    while age + step < ABSOLUTE {
        world.clock.advance(step);
        age += step;
        visitor.visit(count).await;
        assert!(is_signed_in(&visitor).await, "{age:?}");
    }
    world.clock.advance(ABSOLUTE - age - MOMENT);
    assert!(is_signed_in(&visitor).await);
    world.clock.advance(MOMENT);
    assert!(!is_signed_in(&visitor).await);
}

/// Lifetimes that were shortened since hold for cookies that were sealed before.
#[tokio::test]
async fn a_shorter_absolute_lifetime_holds_at_once() {
    let world = World::by(Policy::of::<Shop>().with_idle(20 * DAY).with_absolute(30 * DAY));
    let visitor = world.visitor().await;
    world.clock.advance(2 * DAY);
    assert!(is_signed_in(&visitor).await);
    assert!(!is_signed_in(&visitor.at(world.sessions.clone().with_absolute(DAY))).await);
}

/// "Remember me": the cookie outlives the browser, and each new seal says how long from now.
#[tokio::test]
async fn lifetimes_of_its_own_travel_along() {
    let world = World::new();
    let mut visitor = world.visitor().await;
    let remember = async |session: Session<Shop>| session.set_expiry(10 * DAY, 30 * DAY).await.unwrap();
    let (_, closed) = visitor.request(remember).await;
    assert!(closed.set_cookie.unwrap().ends_with("; Max-Age=2592000"));
    world.clock.advance(9 * DAY);
    let (_, closed) = visitor.request(visits).await;
    assert!(closed.set_cookie.unwrap().ends_with(&format!("; Max-Age={}", 21 * 24 * 60 * 60)));
    world.clock.advance(10 * DAY - MOMENT);
    assert!(is_signed_in(&visitor).await);
    world.clock.advance(MOMENT);
    assert!(!is_signed_in(&visitor).await);
}

/// "Remember me" on every request is one new identity, however long and however exact the times are.
#[tokio::test]
async fn the_same_times_again_are_no_new_identity() {
    let odd = Duration::from_micros(1_500);
    for (idle, absolute) in [(Duration::MAX, Duration::MAX), (DAY + odd, 30 * DAY + odd), (500 * DAY, 20_000 * DAY)] {
        let mut visitor = World::new().visitor().await;
        let remember = async |session: Session<Shop>| {
            session.set_expiry(idle, absolute).await.unwrap();
            session.id().await.unwrap()
        };
        let before = visitor.visit(remember).await;
        let once = visitor.visit(remember).await;
        let (again, closed) = visitor.request(remember).await;
        assert!(before != once && once == again, "{idle:?} {absolute:?}");
        assert!(closed.set_cookie.is_none(), "nothing has changed: {closed:?}");
    }
}

/// Proving who one is starts the absolute time anew.
#[tokio::test]
async fn signing_in_again_starts_the_absolute_time_anew() {
    let world = World::by(Policy::of::<Shop>().with_idle(12 * 60 * MINUTE));
    let mut visitor = world.visitor().await;
    world.clock.advance(ABSOLUTE - MINUTE);
    visitor.visit(async |session| session.mark_authenticated().await.unwrap()).await;
    world.clock.advance(ABSOLUTE - MINUTE);
    assert!(is_signed_in(&visitor).await);
    world.clock.advance(MINUTE);
    assert!(!is_signed_in(&visitor).await);
}

/// A value's own end is inside as well.
#[tokio::test]
async fn a_field_ends_by_itself() {
    let world = World::new();
    let mut visitor = world.visitor().await;
    visitor.visit(async |session| session.set_oauth_state("state".to_owned()).await.unwrap()).await;
    let state = async |session: Session<Shop>| session.oauth_state().await.unwrap();
    world.clock.advance(10 * MINUTE - MOMENT);
    assert_eq!(visitor.visit(state).await.as_deref(), Some("state"));
    world.clock.advance(MOMENT);
    assert_eq!(visitor.visit(state).await, None);
}

/// An update begins a field's time anew, and leaves alone the time that one value was given.
#[tokio::test]
async fn an_update_keeps_to_times() {
    let world = World::new();
    let mut visitor = world.visitor().await;
    let given = async |session: Session<Shop>| {
        session.set_oauth_state("state".to_owned()).await.unwrap();
        session.set_for(Shop::CART, Vec::new(), 7 * MINUTE).await.unwrap();
    };
    visitor.visit(given).await;
    world.clock.advance(6 * MINUTE);
    let update = async |session: Session<Shop>| {
        session.update_oauth_state(|_| ()).await.unwrap();
        session.update_cart(|cart| cart.push(CartItem::one("glove"))).await.unwrap();
    };
    visitor.visit(update).await;
    world.clock.advance(6 * MINUTE);
    let left =
        async |session: Session<Shop>| (session.has_oauth_state().await.unwrap(), session.has_cart().await.unwrap());
    assert_eq!(visitor.visit(left).await, (true, false));
}

/// No time and no length makes it panic, whatever it comes to.
#[tokio::test]
async fn extremes_do_no_harm() {
    let lengths = [Duration::ZERO, Duration::from_nanos(1), MINUTE, Duration::MAX];
    for now in [UNIX_EPOCH, SystemTime::now(), UNIX_EPOCH + Duration::from_secs(1 << 40)] {
        for (idle, absolute) in lengths.into_iter().flat_map(|idle| lengths.map(|absolute| (idle, absolute))) {
            let policy = Policy::of::<Shop>().with_idle(idle).with_absolute(absolute).with_retirement(absolute);
            let sessions = Sessions::sealed(keys(OLD)).with_deny_list(MemoryStore::new()).with_policy(policy);
            let mut visitor = Visitor::new(sessions.with_clock(ManualClock::at(now)));
            for _ in 0..3 {
                let handler = async |session: Session<Shop>| {
                    count(session.clone()).await;
                    session.set_for(Shop::VISITS, 1, absolute).await.unwrap();
                    session.set_expiry(idle, absolute).await.unwrap();
                    session.mark_authenticated().await.unwrap();
                    (session.expires_at().await.unwrap(), session.created_at().await.unwrap())
                };
                visitor.request(handler).await;
            }
            visitor.request(async |session| session.destroy().await.unwrap()).await;
        }
    }
}
