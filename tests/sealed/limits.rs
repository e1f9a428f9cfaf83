//! What no sealed cookie can promise without a store, as the first lines of `Sessions::sealed` say. If one of these fails, the docs
//! have become too modest.

use cloakroom::Session;
use tests::{CartItem, Shop};

use crate::{World, count, is_signed_in, visits};

/// Promise 2, logout is final: a copy of the cookie stays good until it expires.
#[tokio::test]
async fn without_a_deny_list_a_copied_cookie_outlives_the_logout() {
    let world = World::new();
    let mut visitor = world.visitor().await;
    let copied = visitor.clone();
    visitor.visit(async |session| session.destroy().await.unwrap()).await;
    assert_eq!(visitor.cookie(), None);
    assert!(is_signed_in(&copied).await);
}

/// Promise 3: so does a token from before it was exchanged.
#[tokio::test]
async fn without_a_deny_list_an_old_token_outlives_the_new_one() {
    let world = World::new();
    let mut visitor = world.visitor().await;
    let copied = visitor.clone();
    visitor.visit(async |session| session.regenerate().await.unwrap()).await;
    assert!(is_signed_in(&copied).await && is_signed_in(&visitor).await);
}

/// Promise 1, nothing is lost, holds within a request. Of two that overlap, the browser keeps the cookie of the later answer.
#[tokio::test]
async fn of_two_requests_that_overlap_the_later_answer_wins() {
    let world = World::new();
    let visitor = world.visitor().await;
    let open = || world.sessions.open(visitor.cookie().map(str::as_bytes));
    let (one, two): (Session<Shop>, _) = (open(), open());
    count(one.clone()).await;
    two.update_cart(|cart| cart.push(CartItem::one("glove"))).await.unwrap();
    drop(world.sessions.close(&one, true).await);
    let last = world.sessions.close(&two, true).await.set_cookie.unwrap();
    let mut visitor = visitor.with_cookie(last.split(';').next().unwrap());
    assert_eq!(visitor.visit(visits).await, 3, "the count of the first is lost");
    assert_eq!(visitor.visit(async |session| session.cart().await.unwrap().len()).await, 2);
}
