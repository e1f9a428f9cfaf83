//! The running shop: the example's own binary, started, asked for its address and ended by its process id.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// Builds the example once, and says where cargo put it.
fn binary() -> &'static Path {
    static BINARY: OnceLock<Option<PathBuf>> = OnceLock::new();
    let built = BINARY.get_or_init(|| {
        let built = Command::new(env!("CARGO"))
            .args(["build", "--package", "examples", "--example", "shop", "--message-format", "json"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stderr(Stdio::inherit())
            .output()
            .expect("cargo runs");
        if !built.status.success() {
            return None;
        }
        let messages = String::from_utf8(built.stdout).expect("cargo speaks UTF-8");
        let executable = |line: &str| {
            let message: serde_json::Value = serde_json::from_str(line).ok()?;
            let is_shop = message["target"]["name"] == "shop" && message["target"]["kind"][0] == "example";
            message["executable"].as_str().filter(|_| is_shop).map(PathBuf::from)
        };
        messages.lines().find_map(executable)
    });
    built.as_deref().expect("the example builds, and cargo names the executable")
}

/// Runs the shop to its end, where it is not meant to serve.
pub fn run(args: &[&str]) -> Output {
    command(args, None).output().expect("the shop runs")
}

/// The same with a key to seal sessions with.
pub fn run_with(args: &[&str], key: &str) -> Output {
    command(args, Some(key)).output().expect("the shop runs")
}

/// The shop, with this key alone, whatever whoever runs the tests has.
fn command(args: &[&str], key: Option<&str>) -> Command {
    let mut command = Command::new(binary());
    command.args(args).env_remove("SECRET_KEY_BASE").envs(key.map(|key| ("SECRET_KEY_BASE", key)));
    command
}

pub struct Server {
    child: Child,
    pub address: String,
    // The shop's stdout stays open as long as the shop.
    _stdout: BufReader<ChildStdout>,
}

impl Server {
    pub fn start(args: &[&str]) -> Self {
        Self::start_with(args, None)
    }

    /// The same with a key to seal sessions with.
    pub fn start_with(args: &[&str], key: Option<&str>) -> Self {
        let mut child = command(&["--listen", "127.0.0.1:0"], key)
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the shop starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let mut seen = String::new();
        let address = loop {
            let start = seen.len();
            let read = stdout.read_line(&mut seen).expect("the shop speaks UTF-8");
            assert!(read > 0, "the shop ended before it listened; it said:\n{seen}");
            if let Some(address) = seen[start..].trim().strip_prefix("listening on ") {
                break address.to_owned();
            }
        };
        Self { child, address, _stdout: stdout }
    }

    pub fn in_memory() -> Self {
        Self::start(&["--store", "memory"])
    }

    pub fn on(file: &Path) -> Self {
        Self::start(&["--store", &store(file)])
    }

    /// As a service manager ends it. Nothing is going on, so it need not wait for its closing time (10 seconds).
    pub fn terminate(mut self) -> ExitStatus {
        let told = Instant::now();
        let sent = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill runs");
        assert!(sent.success());
        let status = self.child.wait().expect("the shop ends");
        assert!(told.elapsed() < Duration::from_secs(8), "the shop missed the signal");
        status
    }

    /// As a power cut ends it.
    pub fn kill(mut self) {
        self.child.kill().expect("the shop is still there");
        self.child.wait().expect("the shop ends");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// What `--store` takes.
pub fn store(file: &Path) -> String {
    format!("redb:{}", file.display())
}
