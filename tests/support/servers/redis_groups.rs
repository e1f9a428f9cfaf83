//! Redis servers that stand in for each other: a cluster of three primaries with a replica each, and a primary with a replica
//! under three sentinels.

use std::process::Command;

use tempfile::TempDir;

use super::process::{Process, free_port};
use super::redis::{RedisServer, cli, text, wait_for};
use super::running::Running;

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

    /// Every replica has all that its primary has.
    pub fn wait_for_replication(&self) {
        for primary in &self.nodes[..3] {
            let of_this = |node: &&RedisServer| node.info("master_port") == u64::from(primary.port);
            let replica = self.nodes[3..].iter().find(of_this).expect("each primary has a replica");
            replica.wait_for_all_of(primary);
        }
    }

    /// Waits until a node that is alive is told that `port` is no longer a primary, and that all slots are served.
    pub fn wait_for_failover_of(&self, port: u16) {
        let alive = self.nodes.iter().find(|node| node.is_alive() && node.port != port).expect("a node is alive");
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
    sentinels: Vec<Running>,
    password: Option<String>,
}

impl RedisSentinel {
    /// Starts all of them, and waits until they know each other.
    pub fn start() -> Self {
        Self::with_password(None)
    }

    /// The sentinels ask for a password. The servers do not.
    pub fn guarded(password: &str) -> Self {
        Self::with_password(Some(password.to_owned()))
    }

    fn with_password(password: Option<String>) -> Self {
        let primary = RedisServer::with(&["--save", "", "--repl-diskless-sync-delay", "0"]);
        let replica = RedisServer::replica_of(primary.port);
        let sentinels = (0..3).map(|_| sentinel(primary.port, password.as_deref())).collect();
        let group = Self { primary, replica, sentinels, password };
        for sentinel in &group.sentinels {
            wait_for("the sentinels", || {
                let masters = group.ask(sentinel.port, &["SENTINEL", "MASTERS"]);
                masters.contains("num-slaves\n1") && masters.contains("num-other-sentinels\n2")
            });
        }
        group
    }

    /// What a sentinel says to a command.
    fn ask(&self, sentinel: u16, command: &[&str]) -> String {
        let login = self.password.iter().flat_map(|password| ["--no-auth-warning", "-a", password]);
        text(cli(sentinel, &login.chain(command.iter().copied()).collect::<Vec<_>>()))
    }

    /// For `RedisStore::connect`.
    pub fn url(&self) -> String {
        let addresses: Vec<String> = self.sentinels.iter().map(|it| format!("127.0.0.1:{}", it.port)).collect();
        format!("redis+sentinel://{}/shop", addresses.join(","))
    }

    /// The replica has all that the primary has.
    pub fn wait_for_replication(&self) {
        self.replica.wait_for_all_of(&self.primary);
    }

    /// Waits until every sentinel names the replica as the primary, and it agrees.
    pub fn wait_for_failover(&self) {
        let port = self.replica.port.to_string();
        for sentinel in &self.sentinels {
            wait_for("the failover", || {
                self.ask(sentinel.port, &["SENTINEL", "GET-MASTER-ADDR-BY-NAME", "shop"]).contains(&port)
            });
        }
        wait_for("the new primary", || self.replica.cli(&["ROLE"]).starts_with("master"));
    }
}

fn sentinel(primary: u16, password: Option<&str>) -> Running {
    let guarded = password.map(|password| format!("requirepass {password}\n")).unwrap_or_default();
    Running::new(TempDir::new().expect("a temporary folder"), move |port, folder| {
        let file = folder.join(format!("{port}.conf"));
        let settings = format!(
            "port {port}\nbind 127.0.0.1\ndir {}\nsentinel monitor shop 127.0.0.1 {primary} 2\n\
             sentinel down-after-milliseconds shop 1000\nsentinel failover-timeout shop 4000\n{guarded}",
            folder.display()
        );
        std::fs::write(&file, settings).expect("the file is written");
        let file = [file.display().to_string()];
        Process::start("redis-sentinel", folder, "redis-sentinel", &file, "+monitor master")
    })
}
