//! Promises 2 and 3 where a new token races another, or a logout, on every store: one session comes of it or none, and what is left
//! of the others is gone within a minute.

use std::sync::Arc;
use std::time::Duration;

use cloakroom::store::SessionStore;
use cloakroom::{Closed, ManualClock, Session, SessionError, Sessions};
use tests::{Place, Shop, UserId, WatchedStore, Wrapped, on_every_store};
use tokio::sync::Barrier;

on_every_store!(of_several_rotations_one_wins, a_login_beside_a_logout_leaves_nobody_signed_in);

/// Often enough for each of the orders in which two requests can reach a store.
const ROUNDS: usize = 10;
const RETIREMENT: Duration = Duration::from_secs(60);

/// Two nodes on one store, which remembers what was created.
struct World<S> {
    clock: ManualClock,
    place: Place<S>,
    store: WatchedStore<S>,
    nodes: [Sessions<Shop>; 2],
}

impl<S: SessionStore + Clone> World<S> {
    async fn new(place: Place<S>) -> Self {
        let clock = ManualClock::default();
        let place = place.with_clock(clock.clone());
        let store = WatchedStore::new(place.store().await);
        let other = Wrapped { inner: place.store().await, around: store.around.clone() };
        let nodes = [place.sessions_in(store.clone()), place.sessions_in(other)];
        Self { clock, place, store, nodes }
    }

    /// The cookie of a session that has begun.
    async fn cookie(&self) -> String {
        let session = self.nodes[0].open([]);
        session.set_visits(1).await.unwrap();
        cookie(&self.nodes[0].close(&session, true).await).expect("a session begins")
    }

    /// Requests with one cookie, on both nodes, that have all read the session before the first of them goes on.
    async fn at_once(&self, cookie: &str, requests: &[fn(&Session<Shop>)]) -> Vec<Closed> {
        let barrier = Arc::new(Barrier::new(requests.len()));
        let racing = requests.iter().zip(self.nodes.iter().cycle()).map(|(&change, node)| {
            let (node, barrier) = (node.clone(), Arc::clone(&barrier));
            let session = node.open([cookie.as_bytes()]);
            tokio::spawn(async move {
                assert_eq!(session.visits().await.unwrap(), 1);
                change(&session);
                barrier.wait().await;
                node.close(&session, true).await
            })
        });
        let mut closed = Vec::new();
        for request in racing.collect::<Vec<_>>() {
            closed.push(request.await.unwrap());
        }
        closed
    }

    async fn visits(&self, cookie: &str) -> u64 {
        self.nodes[1].open([cookie.as_bytes()]).visits().await.unwrap()
    }
}

fn cookie(closed: &Closed) -> Option<String> {
    let pair = closed.set_cookie.as_ref()?.split(';').next()?;
    Some(pair.to_owned())
}

fn regenerate(session: &Session<Shop>) {
    drop(session.regenerate());
}

fn sign_in(session: &Session<Shop>) {
    drop(session.set_user_id(UserId(7)));
}

fn sign_out(session: &Session<Shop>) {
    drop(session.destroy());
}

async fn of_several_rotations_one_wins(place: Place<impl SessionStore + Clone>) {
    let world = World::new(place).await;
    for rivals in [2, 8] {
        for _ in 0..ROUNDS {
            let old = world.cookie().await;
            let closed = world.at_once(&old, &vec![regenerate as fn(&Session<Shop>); rivals]).await;
            let (won, lost): (Vec<_>, Vec<_>) = closed.iter().partition(|closed| closed.error.is_none());
            assert_eq!((won.len(), lost.len()), (1, rivals - 1), "{closed:?}");
            for closed in lost {
                assert!(matches!(closed.error, Some(SessionError::Ended)), "{closed:?}");
                assert_eq!(closed.set_cookie, None, "a token that opens nothing is handed out");
            }
            let new = cookie(won[0]).expect("the winner has a new token");
            assert_eq!((world.visits(&new).await, world.visits(&old).await), (1, 0));

            let mut left = world.store.left().await;
            left.sort_by_key(|record| record.expires_at);
            let [tombstone, _winner] = left.as_slice() else { panic!("an orphan is left: {left:?}") };
            assert!(tombstone.expires_at <= world.place.now() + RETIREMENT, "{tombstone:?}");
            if world.place.takes_a_clock {
                world.clock.advance(RETIREMENT);
                assert_eq!(world.store.left().await.len(), 1, "the tombstone is gone");
            }
            world.store.forget();
        }
    }
}

/// Whoever signs in or out last: both had the same token, and who holds it wanted out.
async fn a_login_beside_a_logout_leaves_nobody_signed_in(place: Place<impl SessionStore + Clone>) {
    let world = World::new(place).await;
    for round in 0..2 * ROUNDS {
        let old = world.cookie().await;
        let both: [fn(&Session<Shop>); 2] = if round % 2 == 0 { [sign_in, sign_out] } else { [sign_out, sign_in] };
        let closed = world.at_once(&old, &both).await;
        let (signed_in, signed_out) = (&closed[round % 2], &closed[1 - round % 2]);
        assert!(signed_out.error.is_none(), "{signed_out:?}");
        assert!(matches!(signed_in.error, None | Some(SessionError::Ended)), "{signed_in:?}");
        for cookie in [Some(old), cookie(signed_in)].into_iter().flatten() {
            assert_eq!(world.visits(&cookie).await, 0, "LOGOUT NOT FINAL");
        }
        assert_eq!(world.store.left().await, []);
    }
}
