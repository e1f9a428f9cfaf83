//! Promises 1 and 2 over several processes that share one Redis: each counts, and out is out on all of them.
//!
//! The tests run this program again as a node: a test function that is nothing unless a variable is set.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};

use cloakroom::stores::RedisStore;
use cloakroom::{SessionError, Sessions};
use tests::servers::{RedisCluster, RedisServer};
use tests::{Shop, UserId, Visitor};

const URL: &str = "CLOAKROOM_NODE_URL";
const COOKIE: &str = "CLOAKROOM_NODE_COOKIE";
const NODES: usize = 8;
const UPDATES: usize = 100;

/// Says `ready`, and on a line from its test updates the session. Says how many updates were carried out, and how it ended.
#[tokio::test(flavor = "multi_thread")]
async fn node() {
    let (Ok(url), Ok(cookie)) = (std::env::var(URL), std::env::var(COOKIE)) else { return };
    let sessions = Sessions::<Shop>::new(RedisStore::connect(&url).unwrap());
    let session = sessions.open([cookie.as_bytes()]);
    assert_eq!(session.user_id().await.unwrap(), Some(UserId(7)));
    println!("\nready");
    std::io::stdin().read_line(&mut String::new()).unwrap();
    let mut done = 0;
    let mut end = "all";
    for _ in 0..UPDATES {
        match session.update_visits(|visits| *visits += 1).await {
            Ok(()) => done += 1,
            Err(SessionError::Ended) => {
                end = "ended";
                break;
            }
            Err(error) => panic!("{error}"),
        }
    }
    sessions.close(&session, true).await;
    println!("\ndone {done} {end}");
}

struct Node {
    child: Child,
    output: BufReader<std::process::ChildStdout>,
}

impl Node {
    fn start(url: &str, cookie: &str) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "node", "--nocapture", "--test-threads=1"])
            .env(URL, url)
            .env(COOKIE, cookie)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let mut node = Self { child, output };
        node.line("ready");
        node
    }

    fn go(&mut self) {
        self.child.stdin.take().unwrap().write_all(b"go\n").unwrap();
    }

    /// The rest of the line that begins so.
    fn line(&mut self, start: &str) -> String {
        let mut line = String::new();
        while self.output.read_line(&mut line).unwrap() > 0 {
            if let Some(rest) = line.trim_end().strip_prefix(start) {
                return rest.trim().to_owned();
            }
            line.clear();
        }
        panic!("a node ended before it said `{start}`");
    }

    /// How many updates it carried out, and whether the session had ended.
    fn end(mut self) -> (usize, bool) {
        let said = self.line("done");
        assert!(self.child.wait().unwrap().success());
        let (done, end) = said.split_once(' ').unwrap();
        (done.parse().unwrap(), end == "ended")
    }
}

async fn visitor(url: &str) -> Visitor<Shop> {
    let mut visitor = Visitor::new(Sessions::<Shop>::new(RedisStore::connect(url).unwrap()));
    visitor.visit(async |session| session.set_user_id(UserId(7)).await.unwrap()).await;
    visitor
}

async fn each_update_counts(url: &str) {
    let mut visitor = visitor(url).await;
    let mut nodes: Vec<Node> = (0..NODES).map(|_| Node::start(url, visitor.cookie().unwrap())).collect();
    nodes.iter_mut().for_each(Node::go);
    for node in nodes {
        assert_eq!(node.end(), (UPDATES, false));
    }
    let visits = visitor.visit(async |session| session.visits().await.unwrap()).await;
    println!("{NODES} nodes, {UPDATES} updates each: {visits} of {}", NODES * UPDATES);
    assert_eq!(visits, (NODES * UPDATES) as u64);
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_processes_count_on_redis() {
    each_update_counts(&RedisServer::start().url()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_processes_count_on_a_redis_cluster() {
    each_update_counts(&RedisCluster::start().url()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logout_ends_the_session_on_every_node() {
    let server = RedisServer::start();
    let mut visitor = visitor(&server.url()).await;
    let mut stolen = visitor.clone();
    let mut nodes: Vec<Node> = (0..NODES).map(|_| Node::start(&server.url(), visitor.cookie().unwrap())).collect();
    nodes.iter_mut().for_each(Node::go);
    // All of them are writing by now.
    while stolen.visit(async |session| session.visits().await.unwrap()).await < 50 {}
    let ((), closed) = visitor.request(async |session| session.destroy().await.unwrap()).await;
    assert!(closed.error.is_none(), "{closed:?}");
    for node in nodes {
        let (done, ended) = node.end();
        assert!(ended && done < UPDATES, "a node went on after the logout: {done}");
    }
    assert_eq!(stolen.visit(async |session| session.user_id().await.unwrap()).await, None);
    assert_eq!(server.cli(&["DBSIZE"]).trim(), "0", "nothing is left");
}
