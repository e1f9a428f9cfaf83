//! A session has one owner: whatever the order of calls, nothing of one user reaches the next, and nothing of a visitor who signs
//! in is lost.

use cloakroom::{ManualClock, MemoryStore, Session, SessionError, Sessions, Token};
use std::time::Duration;
use tests::{CartItem, Shop, UserId};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

struct Visitor {
    sessions: Sessions<Shop>,
    clock: ManualClock,
    token: Option<Token>,
}

impl Visitor {
    fn new() -> Self {
        let clock = ManualClock::default();
        let store = MemoryStore::new().with_clock(clock.clone());
        Self { sessions: Sessions::new(store).with_clock(clock.clone()), clock, token: None }
    }

    /// User 1 has an apple and the right to stay.
    async fn signed_in() -> Self {
        let mut visitor = Self::new();
        visitor
            .visit(true, async |session| {
                session.set_user_id(UserId(1)).await?;
                session.set_cart(vec![CartItem::one("apple")]).await?;
                session.set_expiry(30 * DAY, 90 * DAY).await
            })
            .await;
        visitor
    }

    async fn visit<R>(
        &mut self,
        success: bool,
        handler: impl AsyncFnOnce(&Session<Shop>) -> Result<R, SessionError>,
    ) -> Option<String> {
        let session = self.sessions.open_token(self.token);
        handler(&session).await.unwrap();
        let closed = self.sessions.close(&session, success).await;
        assert!(closed.error.is_none(), "{closed:?}");
        if let Some(text) = &closed.set_cookie {
            self.token = Token::parse(text.split(['=', ';']).nth(1).unwrap().as_bytes());
        }
        closed.set_cookie
    }

    async fn shop(&self) -> Shop {
        self.sessions.open_token(self.token).snapshot().await.unwrap()
    }
}

#[tokio::test]
async fn two_owners_in_one_request_share_nothing() {
    for begin in [Visitor::new(), Visitor::signed_in().await] {
        let mut visitor = begin;
        visitor
            .visit(true, async |session| {
                session.set_user_id(UserId(2)).await?;
                session.set_cart(vec![CartItem::one("of user 2")]).await?;
                session.set_user_id(UserId(1)).await?;
                assert_eq!(session.cart().await?, []);
                Ok(())
            })
            .await;
        let shop = visitor.shop().await;
        assert_eq!((shop.user_id, shop.cart), (Some(UserId(1)), vec![]), "LEAK");
    }
}

#[tokio::test]
async fn an_update_of_the_owner_keeps_what_the_visitor_has_set() {
    let mut visitor = Visitor::new();
    visitor
        .visit(true, async |session| {
            session.set_cart(vec![CartItem::one("pear")]).await?;
            session.update_user_id(|user| *user = Some(UserId(4))).await
        })
        .await;
    assert_eq!(visitor.shop().await.cart, [CartItem::one("pear")], "LOST: a visitor's cart at sign-in");
}

#[tokio::test]
async fn an_update_of_a_pending_owner_brings_nothing_of_the_last_one() {
    let mut visitor = Visitor::signed_in().await;
    visitor
        .visit(true, async |session| {
            session.set_cart(vec![CartItem::one("of user 1")]).await?;
            session.set_user_id(UserId(2)).await?;
            session.update_user_id(|user| *user).await
        })
        .await;
    let shop = visitor.shop().await;
    assert_eq!((shop.user_id, shop.cart), (Some(UserId(2)), vec![]), "LEAK");
}

#[tokio::test]
async fn a_cleared_session_hands_no_lifetimes_on() {
    let mut visitor = Visitor::signed_in().await;
    let cookie = visitor
        .visit(true, async |session| {
            session.clear().await?;
            session.set_user_id(UserId(2)).await
        })
        .await;
    let cookie = cookie.expect("a new owner gets a new token");
    assert!(!cookie.contains("Max-Age"), "user 2 did not ask to be remembered: {cookie}");
}

/// An update performs the pending rotation first; the cookie still runs to the end that `mark_authenticated` moved.
#[tokio::test]
async fn a_proof_behind_an_update_moves_the_end_of_the_cookie() {
    let mut visitor = Visitor::signed_in().await;
    visitor.clock.advance(20 * DAY);
    let cookie = visitor
        .visit(true, async |session| {
            session.mark_authenticated().await?;
            session.update_visits(|visits| *visits += 1).await
        })
        .await;
    let cookie = cookie.expect("a proof brings a new token");
    assert!(cookie.ends_with(&format!("Max-Age={}", 90 * 24 * 60 * 60)), "{cookie}");
}
