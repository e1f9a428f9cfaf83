//! A running example: the built program, started on a free port and ended by its process id.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A command that runs an example of the package `examples`.
pub fn example(name: &'static str) -> Command {
    Command::new(built(name, &["--package", "examples", "--example", name]))
}

/// A command that runs an example which is a package of its own.
pub fn example_package(package: &'static str) -> Command {
    Command::new(built(package, &["--package", package]))
}

/// Builds a program once, and says where cargo put it.
fn built(name: &'static str, which: &[&str]) -> PathBuf {
    static BUILT: LazyLock<Mutex<HashMap<&str, PathBuf>>> = LazyLock::new(Mutex::default);
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    built.entry(name).or_insert_with(|| build(name, which)).clone()
}

fn build(name: &str, which: &[&str]) -> PathBuf {
    let built = Command::new(env!("CARGO"))
        .args(["build", "--message-format", "json"])
        .args(which)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stderr(Stdio::inherit())
        .output()
        .expect("cargo runs");
    assert!(built.status.success(), "the example `{name}` does not build");
    let messages = String::from_utf8(built.stdout).expect("cargo speaks UTF-8");
    let executable = |line: &str| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        message["executable"].as_str().filter(|_| message["target"]["name"] == name).map(PathBuf::from)
    };
    messages.lines().find_map(executable).expect("cargo names the executable")
}

/// A program that serves, and says `listening on http://…` first.
pub struct Serving {
    child: Child,
    /// Where it listens.
    pub address: String,
    // The program's stdout stays open as long as the program.
    _stdout: BufReader<ChildStdout>,
}

impl Serving {
    /// Starts it, and waits until it listens.
    ///
    /// # Panics
    /// If it ends before that.
    pub fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the example starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let mut seen = String::new();
        let address = loop {
            let start = seen.len();
            let read = stdout.read_line(&mut seen).expect("the example speaks UTF-8");
            assert!(read > 0, "the example ended before it listened; it said:\n{seen}");
            if let Some(address) = seen[start..].trim().strip_prefix("listening on ") {
                break address.to_owned();
            }
        };
        Self { child, address, _stdout: stdout }
    }

    /// As a service manager ends it. Nothing is going on, so it need not wait for its closing time (10 seconds).
    pub fn terminate(mut self) -> ExitStatus {
        let told = Instant::now();
        let sent = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill runs");
        assert!(sent.success());
        let status = self.child.wait().expect("the example ends");
        assert!(told.elapsed() < Duration::from_secs(8), "the example missed the signal");
        status
    }

    /// As a power cut ends it.
    pub fn kill(mut self) {
        self.child.kill().expect("the example is still there");
        self.child.wait().expect("the example ends");
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
