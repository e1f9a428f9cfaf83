//! Promises 1 and 2 over several processes that share a store: each update counts, and out is out on all of them.
//!
//! The tests run this program again as a node: a test function that is nothing unless a variable is set. A file of redb's cannot
//! be shared, and memory even less: there, the nodes are tasks of one process, each with `Sessions` of its own.

use std::time::Instant;

use cloakroom::store::SessionStore;
use cloakroom::{Session, SessionError, Sessions};
use tests::{Peer, Place, Shop, UserId, Visitor, WatchedStore, on_every_store};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

const COOKIE: &str = "CLOAKROOM_NODE_COOKIE";
const UPDATES: &str = "CLOAKROOM_NODE_UPDATES";
const NODES: usize = 8;
/// More updates than a node comes to before the logout.
const UNTIL_LOGOUT: usize = 20_000;

on_every_store!(node, each_update_counts, a_logout_ends_the_session_on_every_node);

/// How many updates were carried out, and whether the session had ended then.
type End = (usize, bool);

async fn opened(place: &Place<impl SessionStore>, cookie: &str) -> Session<Shop> {
    let sessions: Sessions<Shop> = place.sessions().await;
    let session = sessions.open([cookie.as_bytes()]);
    assert_eq!(session.user_id().await.unwrap(), Some(UserId(7)));
    session
}

async fn update(session: Session<Shop>, updates: usize) -> End {
    let mut done = 0;
    while done < updates {
        let start = Instant::now();
        match session.update_visits(|visits| *visits += 1).await {
            Ok(()) => done += 1,
            // Not done: on a slow machine, eight that never pause can keep one of them from a slow store for ten seconds.
            Err(SessionError::Contended) => {}
            Err(SessionError::Ended) => return (done, true),
            Err(error) => panic!("{error}"),
        }
        // A service that compares ETags, and answers one request after another, never lets a logout pass by those who do not rest:
        // it has to read first, and they write without.
        if updates == UNTIL_LOGOUT {
            tokio::time::sleep(start.elapsed()).await;
        }
    }
    (updates, false)
}

/// What another process does: says `ready`, and on a line from its test updates the session.
async fn node(place: Place<impl SessionStore>) {
    let (Ok(cookie), Ok(updates)) = (std::env::var(COOKIE), std::env::var(UPDATES)) else { return };
    let session = opened(&place, &cookie).await;
    Peer::wait_to_go();
    let (done, ended) = update(session, updates.parse().unwrap()).await;
    println!("\ndone {done} {ended}");
}

enum Node {
    Process(Peer),
    Task(Option<oneshot::Sender<()>>, JoinHandle<End>),
}

impl Node {
    /// A node that has read the session.
    async fn start(place: &Place<impl SessionStore>, cookie: &str, updates: usize) -> Self {
        if let Some(address) = &place.address {
            return Self::Process(Peer::start(address, &[(COOKIE, cookie), (UPDATES, &updates.to_string())]));
        }
        let session = opened(place, cookie).await;
        let (go, gone) = oneshot::channel();
        let work = async move {
            gone.await.unwrap();
            update(session, updates).await
        };
        Self::Task(Some(go), tokio::spawn(work))
    }

    fn go(&mut self) {
        match self {
            Self::Process(peer) => peer.go(),
            Self::Task(go, _) => go.take().unwrap().send(()).unwrap(),
        }
    }

    async fn end(self) -> End {
        match self {
            Self::Task(_, task) => task.await.unwrap(),
            Self::Process(peer) => {
                let said = peer.end();
                let (done, ended) = said.split_once(' ').unwrap();
                (done.parse().unwrap(), ended.parse().unwrap())
            }
        }
    }
}

/// A visitor who is signed in, the store that they came in by, and nodes that all write to their session.
async fn writing<S: SessionStore + Clone>(
    place: &Place<S>,
    updates: usize,
) -> (Visitor<Shop>, WatchedStore<S>, Vec<Node>) {
    let store = WatchedStore::new(place.store().await);
    let mut visitor = Visitor::new(Sessions::<Shop>::new(store.clone()));
    visitor.visit(async |session| session.set_user_id(UserId(7)).await.unwrap()).await;
    let mut nodes = Vec::new();
    for _ in 0..NODES {
        nodes.push(Node::start(place, visitor.cookie().unwrap(), updates).await);
    }
    nodes.iter_mut().for_each(Node::go);
    (visitor, store, nodes)
}

async fn each_update_counts(place: Place<impl SessionStore + Clone>) {
    const EACH: usize = 100;
    let (mut visitor, _, nodes) = writing(&place, EACH).await;
    for node in nodes {
        assert_eq!(node.end().await, (EACH, false));
    }
    let visits = visitor.visit(async |session| session.visits().await.unwrap()).await;
    assert_eq!(visits, (NODES * EACH) as u64);
}

async fn a_logout_ends_the_session_on_every_node(place: Place<impl SessionStore + Clone>) {
    let (mut visitor, store, nodes) = writing(&place, UNTIL_LOGOUT).await;
    let mut stolen = visitor.at(place.sessions::<Shop>().await);
    // All of them are writing by now.
    while stolen.visit(async |session| session.visits().await.unwrap()).await < 50 {}
    let ((), closed) = visitor.request(async |session| session.destroy().await.unwrap()).await;
    assert!(closed.error.is_none(), "{closed:?}");
    for node in nodes {
        let (done, ended) = node.end().await;
        assert!(ended, "a node went on after the logout: {done}");
    }
    assert_eq!(stolen.visit(async |session| session.user_id().await.unwrap()).await, None);
    assert_eq!(store.left().await, []);
}
