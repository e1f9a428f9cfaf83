//! Redis: one server, a cluster of three primaries with a replica each, and a primary with a replica under three sentinels.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use super::process::{Process, free_port};

const PACKAGE: &str = "redis-server";
const READY: &str = "Ready to accept connections";
/// How often a start is tried, each time on other ports.
const TRIES: usize = 8;

/// One server, empty at first. It persists nothing unless it is [`started with`](RedisServer::with) settings that say so.
pub struct RedisServer {
    process: Option<Process>,
    /// Its port on 127.0.0.1.
    pub port: u16,
    folder: TempDir,
    settings: Vec<String>,
}

impl RedisServer {
    /// A server with default settings, but without persistence.
    pub fn start() -> Self {
        Self::with(&["--save", "", "--appendonly", "no"])
    }

    /// A server that has every answered write on the disk.
    pub fn durable() -> Self {
        Self::with(&["--save", "", "--appendonly", "yes", "--appendfsync", "always"])
    }

    /// A server with these settings, as on the command line.
    pub fn with(settings: &[&str]) -> Self {
        let settings: Vec<String> = settings.iter().map(|&setting| setting.to_owned()).collect();
        let folder = TempDir::new().expect("a temporary folder");
        let mut error = String::new();
        for _ in 0..TRIES {
            let port = free_port();
            match spawn(port, &folder, &settings) {
                Ok(process) => return Self { process: Some(process), port, folder, settings },
                Err(said) => error = said,
            }
        }
        panic!("{error}");
    }

    /// For `RedisStore::connect`.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Its process.
    pub fn process(&self) -> &Process {
        self.process.as_ref().expect("it runs")
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        self.process = None;
    }

    /// Starts it again on its port and in its folder.
    pub fn restart(&mut self) {
        self.process = None;
        self.process = Some(spawn(self.port, &self.folder, &self.settings).expect("it starts again"));
    }

    /// What `redis-cli` says to a command.
    pub fn cli(&self, command: &[&str]) -> String {
        text(cli(self.port, command))
    }

    /// `INFO commandstats` as pairs of a command's name and its calls, without those that looked.
    pub fn calls(&self) -> Vec<(String, u64)> {
        let info = self.cli(&["INFO", "commandstats"]);
        let lines = info.lines().filter_map(|line| line.strip_prefix("cmdstat_")?.split_once(":calls="));
        let calls = lines.map(|(name, rest)| {
            let calls = rest.split(',').next().and_then(|calls| calls.parse().ok());
            (name.to_owned(), calls.expect("a number of calls"))
        });
        let ours = ["get", "set", "getdel", "getrange", "setrange", "pexpireat", "eval", "evalsha"];
        let mut calls: Vec<_> = calls.filter(|(name, _)| ours.contains(&name.as_str())).collect();
        calls.sort();
        calls
    }

    /// Some key, byte by byte.
    pub fn any_key(&self) -> Vec<u8> {
        let mut key = cli(self.port, &["RANDOMKEY"]).stdout;
        assert_eq!(key.pop(), Some(b'\n'));
        key
    }

    /// What `redis-cli` says to a command that ends in bytes of any value.
    pub fn cli_with(&self, command: &[&str], last: &[u8]) -> String {
        let mut asked = Command::new("redis-cli")
            .args(["-p", &self.port.to_string(), "-x"])
            .args(command)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("redis-cli runs");
        asked.stdin.take().expect("stdin is piped").write_all(last).expect("redis-cli reads");
        text(asked.wait_with_output().expect("redis-cli ends"))
    }
}

fn spawn(port: u16, folder: &TempDir, settings: &[String]) -> Result<Process, String> {
    let fixed = ["--port", &port.to_string(), "--bind", "127.0.0.1", "--dir", &folder.path().display().to_string()]
        .map(str::to_owned);
    Process::start(PACKAGE, folder.path(), "redis-server", &[&fixed[..], settings].concat(), READY)
}

fn cli(port: u16, command: &[&str]) -> Output {
    let ran = Command::new("redis-cli").args(["-p", &port.to_string()]).args(command).output();
    ran.unwrap_or_else(|error| panic!("`redis-cli` is missing ({error}): apt-get install redis-tools"))
}

fn text(output: Output) -> String {
    String::from_utf8(output.stdout).expect("redis-cli speaks UTF-8")
}

/// Asks until the answer is right. Each question starts a program, so that nothing spins.
fn wait_for(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..5_000 {
        if is_so() {
            return;
        }
    }
    panic!("waited in vain for {what}");
}

/// Three primaries, and a replica of each.
pub struct RedisCluster {
    /// The first three are the primaries at first.
    pub nodes: Vec<RedisServer>,
}

impl RedisCluster {
    /// Starts six servers and makes a cluster of them.
    pub fn start() -> Self {
        let nodes: Vec<RedisServer> = (0..6).map(|_| cluster_node()).collect();
        let addresses: Vec<String> = nodes.iter().map(|node| format!("127.0.0.1:{}", node.port)).collect();
        let made = Command::new("redis-cli")
            .args(["--cluster", "create"])
            .args(&addresses)
            .args(["--cluster-replicas", "1", "--cluster-yes"])
            .output()
            .expect("redis-cli runs");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stdout));
        let cluster = Self { nodes };
        cluster.wait_until_whole();
        cluster
    }

    /// For `RedisStore::connect`.
    pub fn url(&self) -> String {
        let addresses: Vec<String> = self.nodes.iter().map(|node| format!("127.0.0.1:{}", node.port)).collect();
        format!("redis+cluster://{}", addresses.join(","))
    }

    /// Every slot is served, and every replica is in step.
    pub fn wait_until_whole(&self) {
        for node in &self.nodes {
            wait_for("the cluster", || node.cli(&["CLUSTER", "INFO"]).contains("cluster_state:ok"));
            wait_for("the replica", || {
                let info = node.cli(&["INFO", "replication"]);
                info.contains("master_link_status:up") || info.contains("state=online")
            });
        }
    }

    /// Waits until a node that is alive is told that `port` is no longer a primary, and that all slots are served.
    pub fn wait_for_failover_of(&self, port: u16) {
        let alive =
            self.nodes.iter().find(|node| node.process.is_some() && node.port != port).expect("a node is alive");
        wait_for("the failover", || {
            let nodes = alive.cli(&["CLUSTER", "NODES"]);
            let gone = nodes.lines().filter(|line| line.contains(&format!(":{port}@"))).all(|line| {
                line.contains("slave")
                    || line.contains("fail") && !line.split(' ').skip(8).any(|slots| slots.contains('-'))
            });
            gone && alive.cli(&["CLUSTER", "INFO"]).contains("cluster_state:ok")
        });
    }
}

fn cluster_node() -> RedisServer {
    let bus = free_port().to_string();
    RedisServer::with(&[
        "--save",
        "",
        "--cluster-enabled",
        "yes",
        "--cluster-port",
        &bus,
        "--cluster-node-timeout",
        "1000",
        "--cluster-replica-validity-factor",
        "0",
        "--repl-diskless-sync-delay",
        "0",
    ])
}

/// A primary, a replica, and three sentinels that watch over them.
pub struct RedisSentinel {
    /// The primary at first.
    pub primary: RedisServer,
    /// Its replica at first.
    pub replica: RedisServer,
    sentinels: Vec<(Process, u16)>,
    _folder: TempDir,
}

impl RedisSentinel {
    /// Starts all of them, and waits until they know each other.
    pub fn start() -> Self {
        let primary = RedisServer::with(&["--save", "", "--repl-diskless-sync-delay", "0"]);
        let port = primary.port.to_string();
        let replica = RedisServer::with(&["--save", "", "--replicaof", "127.0.0.1", &port]);
        wait_for("the replica", || replica.cli(&["INFO", "replication"]).contains("master_link_status:up"));
        let folder = TempDir::new().expect("a temporary folder");
        let sentinels: Vec<_> = (0..3).map(|_| sentinel(&folder, primary.port)).collect();
        for (_, port) in &sentinels {
            wait_for("the sentinels", || {
                let masters = text(cli(*port, &["SENTINEL", "MASTERS"]));
                masters.contains("num-slaves\n1") && masters.contains("num-other-sentinels\n2")
            });
        }
        Self { primary, replica, sentinels, _folder: folder }
    }

    /// For `RedisStore::connect`.
    pub fn url(&self) -> String {
        let addresses: Vec<String> = self.sentinels.iter().map(|(_, port)| format!("127.0.0.1:{port}")).collect();
        format!("redis+sentinel://{}/shop", addresses.join(","))
    }

    /// Waits until every sentinel names the replica as the primary, and it agrees.
    pub fn wait_for_failover(&self) {
        let port = self.replica.port.to_string();
        for (_, sentinel) in &self.sentinels {
            wait_for("the failover", || {
                text(cli(*sentinel, &["SENTINEL", "GET-MASTER-ADDR-BY-NAME", "shop"])).contains(&port)
            });
        }
        wait_for("the new primary", || self.replica.cli(&["ROLE"]).starts_with("master"));
    }
}

fn sentinel(folder: &TempDir, primary: u16) -> (Process, u16) {
    let mut error = String::new();
    for _ in 0..TRIES {
        let port = free_port();
        let file = folder.path().join(format!("{port}.conf"));
        let settings = format!(
            "port {port}\nbind 127.0.0.1\ndir {}\nsentinel monitor shop 127.0.0.1 {primary} 2\n\
             sentinel down-after-milliseconds shop 1000\nsentinel failover-timeout shop 4000\n",
            folder.path().display()
        );
        std::fs::write(&file, settings).expect("the file is written");
        match Process::start(
            "redis-sentinel",
            folder.path(),
            "redis-sentinel",
            &[file.display().to_string()],
            "+monitor master",
        ) {
            Ok(process) => return (process, port),
            Err(said) => error = said,
        }
    }
    panic!("{error}");
}
