//! Sessions that travel sealed in their cookies: which promises hold, and which cannot, as `Sessions::sealed` says.

mod cookie;
mod deny;
mod destroy;
mod expiry;
mod handlers;
mod keys;
mod limits;
mod overlap;
mod size;

use std::time::Duration;

use cloakroom::store::SessionStore;
use cloakroom::{ManualClock, MemoryStore, Policy, SealKeys, Session, Sessions};
use tests::{CartItem, Role, Shop, UserId, Visitor};

const COOKIE: &str = "__Host-shop";

const MOMENT: Duration = Duration::from_millis(1);
const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Keys that nobody could guess.
const OLD: &str = "tH5vYq0Jx1nLrWc8ZkPbE3uMdXoG7iSa";
const NEW: &str = "9fK2mVb6RzQyT4eNwUj0hLsCxA8gDpOi";

fn keys(text: &str) -> SealKeys {
    SealKeys::from_text(text).expect("keys that nobody could guess")
}

/// A shop with sealed sessions, and the time.
struct World {
    clock: ManualClock,
    sessions: Sessions<Shop>,
}

impl World {
    fn new() -> Self {
        Self::by(Policy::of::<Shop>())
    }

    fn by(policy: Policy) -> Self {
        let clock = ManualClock::default();
        let sessions = Sessions::sealed(keys(OLD)).with_clock(clock.clone()).with_policy(policy);
        Self { clock, sessions }
    }

    /// With a deny list on what `store` makes of a memory that has the same clock.
    fn denying<S: SessionStore>(store: impl FnOnce(MemoryStore) -> S) -> Self {
        let Self { clock, sessions } = Self::new();
        let store = store(MemoryStore::new().with_clock(clock.clone()));
        Self { clock, sessions: sessions.with_deny_list(store) }
    }

    /// A visitor without a cookie.
    fn stranger(&self) -> Visitor<Shop> {
        Visitor::new(self.sessions.clone())
    }

    /// A visitor who has signed in.
    async fn visitor(&self) -> Visitor<Shop> {
        let mut visitor = self.stranger();
        visitor.visit(begin).await;
        visitor
    }
}

async fn begin(session: Session<Shop>) {
    session.set_user_id(UserId(7)).await.unwrap();
    session.set_role(Role::Admin).await.unwrap();
    session.set_cart(vec![CartItem::one("hat")]).await.unwrap();
    session.set_visits(3).await.unwrap();
}

async fn visits(session: Session<Shop>) -> u64 {
    session.visits().await.unwrap()
}

async fn count(session: Session<Shop>) -> u64 {
    session
        .update_visits(|visits| {
            *visits += 1;
            *visits
        })
        .await
        .unwrap()
}

/// Does this visitor's cookie open the session that [`begin`] made?
async fn is_signed_in(visitor: &Visitor<Shop>) -> bool {
    let (user, closed) = visitor.clone().request(async |session| session.user_id().await.unwrap()).await;
    assert!(closed.error.is_none(), "{closed:?}");
    user == Some(UserId(7))
}
