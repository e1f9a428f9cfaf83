//! One server's process. It dies with the test's, whatever that dies of.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread;

/// Starts the server, which says its process id before anything else, and kills it when the pipe from the test closes. It leaves
/// its output to the server alone, so that this ends when the server does. The pipe closes also where the test is killed, or keeps the
/// server in a `static`, which is never dropped: then nobody says `keep`, and the folder goes as well.
const WATCH: &str = "\
folder=$1; shift
sh -c 'echo \"pid $$\"; exec \"$@\"' sh \"$@\" & server=$!
exec >&-
read -r word
kill -KILL $server; wait
[ \"$word\" = keep ] || rm -rf -- \"$folder\"";

/// A running server.
pub struct Process {
    watch: Child,
    pid: u32,
    /// Closing it ends the server.
    stdin: Option<ChildStdin>,
}

impl Process {
    /// Starts `program`, which keeps its files in `folder`, and waits until it says `ready`. If it ends before that, the error
    /// is what it said.
    ///
    /// # Panics
    /// The program is not installed: `package` is Debian's that has it.
    pub fn start(package: &str, folder: &Path, program: &str, args: &[String], ready: &str) -> Result<Self, String> {
        let installed =
            Command::new("which").arg(program).stdout(Stdio::null()).status().expect("`which` runs").success();
        assert!(installed, "`{program}` is missing: apt-get install {package}, or let tests/run do it");
        let mut watch = Command::new("sh")
            .args(["-c", WATCH, "sh"])
            .arg(folder)
            .arg(program)
            .args(args)
            // What it leaves behind goes along with the folder.
            .env("TMPDIR", folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell runs");
        let stdin = watch.stdin.take();
        let mut output = BufReader::new(watch.stdout.take().expect("stdout is piped"));
        let mut line = String::new();
        output.read_line(&mut line).expect("the shell speaks UTF-8");
        let pid = line.trim().strip_prefix("pid ").expect("a process id").parse().expect("a process id");
        let process = Self { watch, pid, stdin };
        wait_until_ready(&mut output, pid, ready)?;
        // What it says later is read away, so that it never waits for a reader.
        thread::spawn(move || output.read_to_end(&mut Vec::new()));
        Ok(process)
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// Sends it a signal: `STOP`, `CONT`, `KILL`, `TERM`. After `STOP` it has stopped.
    pub fn signal(&self, name: &str) {
        assert!(kill(name, &self.pid.to_string()), "no process {}", self.pid);
    }

    /// As [`signal`](Self::signal), and then to the processes that it started. One that has just ended is passed over.
    pub fn signal_with_children(&self, name: &str) {
        self.signal(name);
        let children = std::fs::read_to_string(format!("/proc/{0}/task/{0}/children", self.pid)).unwrap_or_default();
        for child in children.split_whitespace() {
            kill(name, child);
        }
    }

    /// `kill -9`, and waits for its end. Its files stay.
    pub fn kill(&mut self) {
        if let Some(mut stdin) = self.stdin.take() {
            let _ = stdin.write_all(b"keep\n");
        }
        self.watch.wait().expect("the shell ends");
    }
}

fn kill(name: &str, pid: &str) -> bool {
    let sent =
        Command::new("kill").args(["-s", name, pid]).stderr(Stdio::null()).status().expect("`kill` runs").success();
    while name == "STOP" && is_running(pid) {
        thread::yield_now();
    }
    sent
}

/// Threads stop one by one after the signal; until then one may still answer.
fn is_running(pid: &str) -> bool {
    let threads = std::fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let stats = threads.filter_map(|thread| std::fs::read_to_string(thread.path().join("stat")).ok());
    // The state follows the name, which may itself hold a bracket.
    stats.filter_map(|stat| stat.rsplit_once(") ")?.1.chars().next()).any(|state| !"TtZXx".contains(state))
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A server that ends says so on standard output, by ending that; one that goes on though it failed says it in words.
fn wait_until_ready(output: &mut BufReader<ChildStdout>, pid: u32, ready: &str) -> Result<(), String> {
    let mut said = String::new();
    loop {
        let from = said.len();
        let read = output.read_line(&mut said).expect("the server speaks UTF-8");
        if said[from..].contains(ready) {
            return Ok(());
        }
        let failed = [
            "Failed listening",
            "Fatal",
            "FATAL CONFIG",
            "FATAL:  could not",
            "[ERROR] Aborting",
            "Address already in use",
        ];
        if read == 0 || failed.iter().any(|word| said[from..].contains(word)) {
            return Err(format!("process {pid} did not become ready; it said:\n{said}"));
        }
    }
}

/// A port of 127.0.0.1 that is free now. Somebody may take it before it is used: start again with another then. It is none of
/// those that the system gives to clients, so that a server that restarts does not find one of them in its place.
pub fn free_port() -> u16 {
    loop {
        let random = RandomState::new().build_hasher().finish();
        let port = 10_000 + (random % 20_000) as u16;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
