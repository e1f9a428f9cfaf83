//! Lifetimes by assurance level (NIST SP 800-63B-4): what each allows, and that nothing makes a session outlive it.

use std::time::Duration;

use cloakroom::{
    AAL1_ABSOLUTE, AAL2_ABSOLUTE, AAL2_IDLE, AAL3_ABSOLUTE, AAL3_IDLE, Assurance, DEFAULT_IDLE, ManualClock,
    MemoryStore, SessionData, SessionLayer, Sessions,
};
use tests::Visitor;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(SessionData)]
#[session(cookie = "bank", assurance = "aal2")]
struct Bank {
    #[session(owner)]
    customer: Option<u64>,
}

#[derive(SessionData)]
#[session(cookie = "forum", idle = "10m", absolute = "90d")]
struct Forum {
    #[session(owner)]
    member: Option<u64>,
}

fn sessions<D: SessionData>(clock: &ManualClock) -> Sessions<D> {
    Sessions::new(MemoryStore::new().with_clock(clock.clone())).with_clock(clock.clone())
}

/// Signs in, and then comes back after each pause. Which visit is the first that finds nobody signed in?
async fn ends_after(sessions: Sessions<Bank>, clock: &ManualClock, pause: Duration) -> Duration {
    let mut customer = Visitor::new(sessions);
    customer.visit(async |session| session.set_customer(7).await).await.unwrap();
    for visits in 1..4_000 {
        clock.advance(pause);
        if customer.visit(async |session| session.customer().await).await.unwrap().is_none() {
            return pause * visits;
        }
    }
    panic!("the session never ended");
}

/// The figures of the standard, in words of their own.
#[test]
fn the_levels_are_those_of_the_standard() {
    assert_eq!((Assurance::Aal1.idle(), Assurance::Aal1.absolute()), (None, 30 * DAY));
    assert_eq!((Assurance::Aal2.idle(), Assurance::Aal2.absolute()), (Some(HOUR), 24 * HOUR));
    assert_eq!((Assurance::Aal3.idle(), Assurance::Aal3.absolute()), (Some(15 * MINUTE), 12 * HOUR));
    assert_eq!((AAL1_ABSOLUTE, AAL2_ABSOLUTE, AAL3_ABSOLUTE), (30 * DAY, 24 * HOUR, 12 * HOUR));
    assert_eq!((AAL2_IDLE, AAL3_IDLE), (HOUR, 15 * MINUTE));
}

#[tokio::test]
async fn a_level_ends_sessions_by_pause_and_by_age() {
    for (level, idle, absolute) in [
        (Assurance::Aal1, DEFAULT_IDLE, AAL1_ABSOLUTE),
        (Assurance::Aal2, AAL2_IDLE, AAL2_ABSOLUTE),
        (Assurance::Aal3, AAL3_IDLE, AAL3_ABSOLUTE),
    ] {
        let clock = ManualClock::default();
        let at_level = || sessions::<Bank>(&clock).with_policy(cloakroom::Policy::new("bank")).with_assurance(level);
        assert_eq!(ends_after(at_level(), &clock, idle).await, idle, "{level:?}");
        let busy = ends_after(at_level(), &clock, idle / 4).await;
        assert_eq!(busy, absolute, "{level:?}: no activity makes it older");
    }
}

#[tokio::test]
async fn a_struct_may_name_its_level() {
    let clock = ManualClock::default();
    assert_eq!(ends_after(sessions(&clock), &clock, HOUR).await, HOUR);
    assert_eq!(ends_after(sessions(&clock), &clock, 10 * MINUTE).await, 24 * HOUR);
}

/// "Remember me" asks for as much as it likes.
#[tokio::test]
async fn set_expiry_stays_within_the_level() {
    let clock = ManualClock::default();
    let mut customer = Visitor::new(sessions::<Bank>(&clock));
    customer
        .visit(async |session| {
            session.set_customer(7).await?;
            session.set_expiry(30 * DAY, 90 * DAY).await
        })
        .await
        .unwrap();
    clock.advance(HOUR - MINUTE);
    assert_eq!(customer.visit(async |session| session.customer().await).await.unwrap(), Some(7));
    clock.advance(HOUR);
    assert_eq!(customer.visit(async |session| session.customer().await).await.unwrap(), None);

    let (_, closed) = Visitor::new(sessions::<Bank>(&clock))
        .request(async |session| {
            session.set_customer(7).await?;
            session.set_expiry(30 * DAY, 90 * DAY).await
        })
        .await;
    let cookie = closed.set_cookie.expect("a session begins");
    assert!(cookie.contains("; Max-Age=86400"), "{cookie}");
}

/// What the struct or the layer has shorter stays shorter, and what they have longer is cut.
#[tokio::test]
async fn the_shorter_lifetime_holds() {
    let clock = ManualClock::default();
    let ends_at = async |layer: SessionLayer<Forum>| {
        let mut member = Visitor::new(layer.sessions().clone());
        let ends = member.visit(async |session| {
            session.set_member(7).await?;
            session.save().await?;
            session.expires_at().await
        });
        let ends = ends.await.unwrap().expect("a record");
        ends.duration_since(cloakroom::Clock::now(&clock)).unwrap()
    };
    let layer = || SessionLayer::from(sessions::<Forum>(&clock)).with_assurance(Assurance::Aal3);
    assert_eq!(ends_at(layer()).await, 10 * MINUTE);
    assert_eq!(ends_at(layer().with_idle(DAY)).await, AAL3_IDLE);
    assert_eq!(ends_at(layer().with_idle(DAY).with_absolute(5 * MINUTE)).await, 5 * MINUTE);
}

/// Who proves anew who they are begins another twelve hours.
#[tokio::test]
async fn proving_it_anew_restarts_the_longest_life() {
    let clock = ManualClock::default();
    let mut member = Visitor::new(sessions::<Forum>(&clock).with_assurance(Assurance::Aal3));
    member.visit(async |session| session.set_member(7).await).await.unwrap();
    for visit in 1..=200 {
        clock.advance(9 * MINUTE);
        let found = member.visit(async |session| session.member().await).await.unwrap();
        assert_eq!(found, Some(7), "visit {visit}");
        if visit % 79 == 0 {
            member.visit(async |session| session.mark_authenticated().await).await.unwrap();
        }
    }
}
