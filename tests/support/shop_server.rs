//! The running shop: the example's own binary, started, asked for its address and ended by its process id; and who may sign in.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime};

use cloakroom::stores::RedbStore;
use cloakroom::{ManualClock, SessionData, Sessions};

/// The fields of the sign-in form, for an admin.
pub const ADA: [(&str, &str); 2] = [("name", "ada"), ("password", "analytical-engine")];
/// The fields of the sign-in form, for a customer.
pub const GRACE: [(&str, &str); 2] = [("name", "grace"), ("password", "first-actual-bug")];
/// The session's cookie.
pub const COOKIE: &str = "__Host-shop";

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

/// A shop that is open. It closes when this is dropped.
pub struct Server {
    child: Child,
    /// As the shop says it: `http://127.0.0.1:PORT`.
    pub address: String,
    // The shop's stdout stays open as long as the shop.
    _stdout: BufReader<ChildStdout>,
}

impl Server {
    /// Opens it with more arguments, on a free port.
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

    /// Its sessions are gone when it closes.
    pub fn in_memory() -> Self {
        Self::start(&["--store", "memory"])
    }

    /// Its sessions are in a file.
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

/// Makes a session of grace's that she signed in to this long ago, and has not touched since: by the library itself, with a clock
/// that is behind. The shop on this file is not open yet. What comes back is the cookie's value.
pub async fn session_of_grace(file: &Path, age: Duration) -> String {
    #[derive(SessionData)]
    #[session(cookie = "shop", idle = "30m", absolute = "12h")]
    struct Shop {
        #[session(owner)]
        user_id: Option<u32>,
    }
    let store = RedbStore::open(file).expect("the shop is not open yet");
    let sessions = Sessions::<Shop>::new(store).with_clock(ManualClock::at(SystemTime::now() - age));
    let session = sessions.open_token(None);
    session.set_user_id(2).await.expect("set");
    session.mark_authenticated().await.expect("marked");
    let cookie = sessions.close(&session, true).await.set_cookie.expect("a cookie");
    let token = cookie.strip_prefix(COOKIE).and_then(|rest| rest.strip_prefix('=')?.split(';').next());
    token.expect("a token").to_owned()
}
