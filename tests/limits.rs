//! The limit on a record's size keeps it from growing, never from shrinking; and no time or length makes the library panic.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cloakroom::{Clock, MemoryStore, Policy, SessionError, Sessions, Token};
use tests::{CartItem, Shop};

fn token_of(set_cookie: &str) -> Option<Token> {
    Token::parse(set_cookie.split(['=', ';']).nth(1).unwrap().as_bytes())
}

/// A limit that was lowered below what is stored.
#[tokio::test]
async fn a_record_over_the_limit_may_shrink() {
    let cart = |items: usize| (0..items).map(|n| CartItem::one(format!("product {n}"))).collect::<Vec<_>>();
    let store = MemoryStore::new();
    let before = Sessions::<Shop>::new(store.clone());
    let session = before.open([]);
    session.set_cart(cart(100)).await.unwrap();
    session.set_visits(1).await.unwrap();
    session.set_notice(String::from("hello")).await.unwrap();
    let token = token_of(&before.close(&session, true).await.set_cookie.unwrap());

    let lowered = before.with_max_record_size(500);
    // Clearing a small field leaves it over the limit, and is allowed.
    let session = lowered.open_token(token);
    session.notice().await.unwrap();
    session.clear_visits().await.unwrap();
    let closed = lowered.close(&session, true).await;
    assert!(closed.error.is_none(), "{closed:?}");
    // So is taking away from the large one, and a value that is no longer than before.
    let session = lowered.open_token(token);
    assert_eq!(session.update_cart(|cart| cart.pop()).await.unwrap(), Some(CartItem::one("product 99")));
    session.cart().await.unwrap();
    session.set_cart(cart(60)).await.unwrap();
    session.regenerate().await.unwrap();
    let closed = lowered.close(&session, true).await;
    assert!(closed.error.is_none(), "{closed:?}");
    let token = token_of(&closed.set_cookie.unwrap());
    // Growing is not.
    let session = lowered.open_token(token);
    let error = session.update_cart(|cart| cart.push(CartItem::one("one more"))).await.unwrap_err();
    assert!(matches!(error, SessionError::TooLarge { .. }), "{error}");
    assert_eq!(session.cart().await.unwrap(), cart(60));
    let error = session.set_notice(String::from("one more")).await.unwrap_err();
    assert!(matches!(error, SessionError::TooLarge { .. }), "{error}");
}

struct At(SystemTime);

impl Clock for At {
    fn now(&self) -> SystemTime {
        self.0
    }
}

#[tokio::test]
async fn no_time_and_no_length_makes_it_panic() {
    let far = UNIX_EPOCH + Duration::from_secs(1 << 55);
    let lengths = [Duration::ZERO, Duration::from_nanos(1), Duration::from_secs(60), Duration::MAX];
    for now in [UNIX_EPOCH - Duration::from_secs(86_400), UNIX_EPOCH, SystemTime::now(), far] {
        for idle in lengths {
            for absolute in lengths {
                let policy = Policy::of::<Shop>().with_idle(idle).with_absolute(absolute).with_retirement(absolute);
                let store = MemoryStore::new();
                let sessions = Sessions::<Shop>::new(store).with_policy(policy).with_clock(At(now));
                let mut token = None;
                for _ in 0..3 {
                    let session = sessions.open_token(token);
                    session.visits().await.unwrap();
                    session.set_for(Shop::VISITS, 1, absolute).await.unwrap();
                    session.set_expiry(idle, absolute).await.unwrap();
                    session.mark_authenticated().await.unwrap();
                    match session.update_visits(|visits| *visits += 1).await {
                        Ok(()) | Err(SessionError::Ended) => {}
                        Err(error) => panic!("{error}"),
                    }
                    let _ = (session.expires_at().await.unwrap(), session.created_at().await.unwrap());
                    let closed = sessions.close(&session, true).await;
                    token = closed.set_cookie.and_then(|text| token_of(&text));
                }
            }
        }
    }
}
