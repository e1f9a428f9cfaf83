//! One Redis server.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use super::process::Process;
use super::running::{Running, is_running};

const PACKAGE: &str = "redis-server";
const READY: &str = "Ready to accept connections";

/// One server, empty at first. It persists nothing unless it is [`started with`](RedisServer::with) settings that say so.
pub struct RedisServer(Running);

is_running!(RedisServer, 0);

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
        Self(Running::new(folder, move |port, folder| spawn(port, folder, &settings)))
    }

    /// A replica of the server at this port, in step with it.
    pub fn replica_of(port: u16) -> Self {
        let replica = Self::with(&["--save", "", "--replicaof", "127.0.0.1", &port.to_string()]);
        wait_for("the replica", || replica.cli(&["INFO", "replication"]).contains("master_link_status:up"));
        replica
    }

    /// Waits until this replica has all that its primary has. (`WAIT` is no help here: it waits for what its own connection
    /// wrote.)
    pub fn wait_for_all_of(&self, primary: &Self) {
        let offset = primary.info("master_repl_offset");
        wait_for("replication", || self.info("slave_repl_offset") >= offset);
    }

    /// For `RedisStore::connect`.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// What `redis-cli` says to a command.
    pub fn cli(&self, command: &[&str]) -> String {
        text(cli(self.port, command))
    }

    /// A number of `INFO`; 0 if there is none of this name.
    pub fn info(&self, name: &str) -> u64 {
        let info = self.cli(&["INFO", "all"]);
        let value = info.lines().find_map(|line| line.trim_end().strip_prefix(name)?.strip_prefix(':'));
        value.map_or(0, |value| value.parse().expect("a number"))
    }

    /// `INFO commandstats` as pairs of a command's name and its calls, without those that looked.
    pub fn calls(&self) -> Vec<(String, u64)> {
        let info = self.cli(&["INFO", "commandstats"]);
        let lines = info.lines().filter_map(|line| line.strip_prefix("cmdstat_")?.split_once(":calls="));
        let calls = lines.map(|(name, rest)| {
            let calls = rest.split(',').next().and_then(|calls| calls.parse().ok());
            (name.to_owned(), calls.expect("a number of calls"))
        });
        let records = ["get", "set", "getdel", "getrange", "setrange", "pexpireat", "eval", "evalsha"];
        let owners = ["hdel", "hget", "hgetall", "hrandfield", "hset", "pttl", "time"];
        let ours = [&records[..], &owners].concat();
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

fn spawn(port: u16, folder: &Path, settings: &[String]) -> Result<Process, String> {
    let fixed =
        ["--port", &port.to_string(), "--bind", "127.0.0.1", "--dir", &folder.display().to_string()].map(str::to_owned);
    Process::start(PACKAGE, folder, "redis-server", &[&fixed[..], settings].concat(), READY)
}

pub(super) fn cli(port: u16, command: &[&str]) -> Output {
    let ran = Command::new("redis-cli").args(["-p", &port.to_string()]).args(command).output();
    ran.unwrap_or_else(|error| panic!("`redis-cli` is missing ({error}): apt-get install redis-tools"))
}

pub(super) fn text(output: Output) -> String {
    String::from_utf8(output.stdout).expect("redis-cli speaks UTF-8")
}

/// Asks until the answer is right. Each question starts a program, so that nothing spins.
pub(super) fn wait_for(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..5_000 {
        if is_so() {
            return;
        }
    }
    panic!("waited in vain for {what}");
}
