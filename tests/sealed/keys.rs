//! Keys change while sessions go on.

use cloakroom::{SealKeys, Sessions};
use tests::{Log, Shop, Visitor};

use crate::{NEW, OLD, World, count, is_signed_in, keys, visits};

fn with_keys(world: &World, keys: SealKeys) -> Sessions<Shop> {
    Sessions::sealed(keys).with_clock(world.clock.clone())
}

#[tokio::test]
async fn what_an_old_key_sealed_is_sealed_anew_by_the_newest() {
    let world = World::new();
    let visitor = world.visitor().await;
    let both = with_keys(&world, keys(&format!("{NEW} {OLD}")));

    let mut visitor = visitor.at::<Shop>(both);
    let (_, closed) = visitor.request(async |_| ()).await;
    assert!(closed.set_cookie.is_none(), "who does not look at the session pays nothing");
    let (seen, closed) = visitor.request(visits).await;
    assert!(seen == 3 && closed.set_cookie.is_some());
    let (_, closed) = visitor.request(visits).await;
    assert!(closed.set_cookie.is_none(), "once is enough");

    assert!(is_signed_in(&visitor.at(with_keys(&world, keys(NEW)))).await, "the old key can go");
    assert!(!is_signed_in(&visitor.at(with_keys(&world, keys(OLD)))).await);
}

/// The record is the same, so are its id and its end.
#[tokio::test]
async fn a_new_key_changes_nothing_else() {
    let world = World::new();
    let facts = async |session: cloakroom::Session<Shop>| {
        (session.id().await.unwrap(), session.expires_at().await.unwrap(), session.snapshot().await.unwrap())
    };
    let mut visitor = world.visitor().await;
    let before = visitor.visit(facts).await;
    let mut visitor = visitor.at::<Shop>(with_keys(&world, keys(&format!("{NEW} {OLD}"))));
    visitor.visit(visits).await;
    assert_eq!(visitor.at::<Shop>(with_keys(&world, keys(NEW))).visit(facts).await, before);
}

/// A failed request reseals as well (what it changed is dropped), and one that changes something seals once.
#[tokio::test]
async fn a_change_and_a_new_key_are_one_cookie() {
    let world = World::new();
    let both = with_keys(&world, keys(&format!("{NEW} {OLD}")));
    let mut visitor = world.visitor().await.at::<Shop>(both.clone());
    assert_eq!(visitor.visit(count).await, 4);
    let mut visitor: Visitor<Shop> = visitor.at(with_keys(&world, keys(NEW)));
    assert_eq!(visitor.visit(visits).await, 4);
}

/// As `SealKeys` says: whatever step a node is at, it opens what a node at the step before or after has sealed.
#[tokio::test]
async fn a_key_changes_in_three_steps() {
    let world = World::new();
    let steps = [OLD.to_owned(), format!("{OLD} {NEW}"), format!("{NEW} {OLD}"), NEW.to_owned()];
    let mut visitor = world.visitor().await;
    let mut counted = 3;
    for pair in steps.windows(2) {
        for step in [&pair[0], &pair[1], &pair[0], &pair[1]] {
            visitor = visitor.at::<Shop>(with_keys(&world, keys(step)));
            counted += 1;
            assert_eq!(visitor.visit(count).await, counted, "{step}");
        }
    }
}

/// Every node has a key of its own, as by a mistake in the deployment: nobody is told a lie, nobody's cookie is removed, and the log says
/// which key is missing.
#[tokio::test]
async fn without_its_key_a_cookie_is_left_alone() {
    let log = Log::start();
    let world = World::new();
    let visitor = world.visitor().await;
    let (_, closed) = visitor.at::<Shop>(with_keys(&world, SealKeys::ephemeral())).request(visits).await;
    assert!(closed.error.is_none() && closed.set_cookie.is_none());
    assert!(is_signed_in(&visitor).await);
    let missing = format!("key={}", keys(OLD).ids().next().expect("a key"));
    assert!(log.text().lines().any(|line| line.contains("INFO") && line.contains(&missing)), "{}", log.text());
}
