//! The owner index over several processes: eight sign one person in and out, and give them new tokens, while another revokes all of
//! their sessions again and again. What was there when a revocation began is over once it is answered; what lives is listed.
//!
//! As in `nodes.rs`, the nodes are tasks where a store belongs to one process.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cloakroom::store::{OwnerIndex as _, SessionStore};
use cloakroom::{Clock, Session, SessionError, Sessions, SystemClock};
use tests::entries::{index_of, owner_key};
use tests::{Peer, Place, Shop, UserId, Visitor, on_every_store};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

const NODES: usize = 8;
const SIGN_INS: usize = 40;
/// How often it is tried whether any two overlap: on a busy machine, tasks may do all of it before another is looked at.
const ROUNDS: usize = 20;
const USER: UserId = UserId(7);
const WORKS: &str = "CLOAKROOM_NODE_SIGNS_IN";

on_every_store!(node, nothing_survives_a_revocation_that_saw_it);

/// A cookie that was given, and when.
type Given = (u64, String);

fn millis() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as u64
}

/// One step of a visitor, which a revocation may come before.
async fn step(visitor: &mut Visitor<Shop>, what: impl AsyncFnOnce(Session<Shop>)) -> bool {
    match visitor.request(what).await.1.error {
        None => true,
        Some(SessionError::Ended) => false,
        Some(error) => panic!("{error}"),
    }
}

/// Signs in again and again. Of four sessions one is signed out and one regenerated. What is left, as far as this node was told.
async fn work(sessions: Sessions<Shop>) -> Vec<Given> {
    let mut given = Vec::new();
    for number in 0..SIGN_INS {
        let mut visitor = Visitor::new(sessions.clone());
        let mut lives = step(&mut visitor, async |session| drop(session.set_user_id(USER).await)).await;
        if lives && number % 4 == 1 {
            lives = step(&mut visitor, async |session| drop(session.regenerate().await)).await;
        }
        if lives && number % 4 == 3 {
            step(&mut visitor, async |session| drop(session.destroy().await)).await;
            lives = false;
        }
        if let (true, Some(cookie)) = (lives, visitor.cookie()) {
            given.push((millis(), cookie.to_owned()));
        }
    }
    given
}

/// What another process does.
async fn node(place: Place<impl SessionStore>) {
    let (Ok(_), Some(sessions)) = (std::env::var(WORKS), place.sessions_by_owner().await) else { return };
    Peer::wait_to_go();
    let given = work(sessions).await;
    let given: Vec<_> = given.iter().map(|(at, cookie)| format!("{at} {cookie}")).collect();
    println!("\ndone {}", given.join(","));
}

enum Node {
    Process(Peer),
    Task(oneshot::Sender<()>, JoinHandle<Vec<Given>>),
}

impl Node {
    async fn start(place: &Place<impl SessionStore>) -> Option<Self> {
        let sessions = place.sessions_by_owner().await?;
        if let Some(address) = &place.address {
            return Some(Self::Process(Peer::start(address, &[(WORKS, "1")])));
        }
        let (go, gone) = oneshot::channel();
        let work = async move {
            gone.await.unwrap();
            work(sessions).await
        };
        Some(Self::Task(go, tokio::spawn(work)))
    }

    /// Lets it go, and waits for its end.
    fn go(self) -> JoinHandle<Vec<Given>> {
        match self {
            Self::Task(go, task) => {
                go.send(()).unwrap();
                task
            }
            Self::Process(mut peer) => {
                peer.go();
                tokio::task::spawn_blocking(move || {
                    let said = peer.end();
                    let given = said.split(',').filter_map(|given| given.split_once(' '));
                    given.map(|(at, cookie)| (at.parse().unwrap(), cookie.to_owned())).collect()
                })
            }
        }
    }
}

/// A clock that is fast.
struct Later(Duration);

impl Clock for Later {
    fn now(&self) -> SystemTime {
        SystemClock.now() + self.0
    }
}

async fn nothing_survives_a_revocation_that_saw_it(place: Place<impl SessionStore + Clone>) {
    let Some(sessions) = place.sessions_by_owner::<Shop>().await else { return };
    for _ in 0..ROUNDS {
        let overlapped = revoked_while_they_sign_in(&place, &sessions).await;
        nothing_is_kept_for_longer_than_a_minute(&place).await;
        if overlapped {
            return;
        }
    }
    panic!("nothing was revoked while the nodes were at it: the test has become weak");
}

/// Was anything revoked while the nodes were at it?
async fn revoked_while_they_sign_in(place: &Place<impl SessionStore + Clone>, sessions: &Sessions<Shop>) -> bool {
    let mut nodes = Vec::new();
    for _ in 0..NODES {
        nodes.push(Node::start(place).await.unwrap());
    }
    let nodes: Vec<_> = nodes.into_iter().map(Node::go).collect();
    let (mut began, mut rounds, mut given) = (0, 0, Vec::new());
    // The others go on without revocations once one is done, so that some sessions live at the end.
    while nodes.iter().all(|node| !node.is_finished()) {
        let begins = millis();
        match sessions.of(&USER).revoke_all().await {
            // They come faster than they can be revoked; but those that were there first are over.
            Ok(_) | Err(SessionError::Contended) => began = begins,
            Err(error) => panic!("{error}"),
        }
        rounds += 1;
    }
    for node in nodes {
        given.extend(node.await.unwrap());
    }
    let mut living = 0;
    for (at, cookie) in &given {
        let lives = is_signed_in(sessions, cookie).await;
        assert!(!lives || *at >= began, "a session of {at} survived a revocation that began at {began}");
        living += usize::from(lives);
    }
    let listed = sessions.of(&USER).list(None).await.unwrap().len();
    assert_eq!(listed, living, "what is listed lives, and nothing else does");
    println!("{rounds} revocations, {} cookies, {living} sessions", given.len());

    sessions.of(&USER).revoke_all().await.unwrap();
    for (_, cookie) in &given {
        assert!(!is_signed_in(sessions, cookie).await);
    }
    living < given.len()
}

async fn is_signed_in(sessions: &Sessions<Shop>, cookie: &str) -> bool {
    let mut visitor = Visitor::new(sessions.clone()).with_cookie(cookie);
    visitor.visit(async |session| session.user_id().await.unwrap()).await == Some(USER)
}

/// Whoever lists clears away what sign-ins that came to nothing have left.
async fn nothing_is_kept_for_longer_than_a_minute(place: &Place<impl SessionStore + Clone>) {
    let store = place.store().await;
    let later = Later(Duration::from_secs(61));
    let sessions = Sessions::<Shop>::new(store.clone()).with_owner_index().with_clock(later);
    assert_eq!(sessions.of(&USER).list(None).await.unwrap().len(), 0);
    let left = index_of(&store).entries(&owner_key("shop", &[USER.0 as u8])).await;
    assert_eq!(left.unwrap(), []);
}
