//! This test program, run again as another node: the test `node::<store>`, which is nothing unless a variable is set.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::place::{ADDRESS, Address};

/// Another process that has the same store. It says `ready`, waits for a line, and says what it has done.
pub struct Peer {
    child: Child,
    output: BufReader<ChildStdout>,
}

impl Peer {
    /// One that is ready, with these variables.
    pub fn start(address: &Address, variables: &[(&str, &str)]) -> Self {
        let mut child = Command::new(std::env::current_exe().expect("this program has a path"))
            .args(["--exact", &format!("node::{}", address.store), "--nocapture", "--test-threads=1"])
            .env(ADDRESS, &address.text)
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program runs");
        let output = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let mut peer = Self { child, output };
        peer.line("ready");
        peer
    }

    /// Lets it go on.
    pub fn go(&mut self) {
        self.child.stdin.take().expect("it waits for one line").write_all(b"go\n").expect("it reads");
    }

    /// The rest of the next line that begins so.
    pub fn line(&mut self, start: &str) -> String {
        let mut line = String::new();
        while self.output.read_line(&mut line).expect("it speaks UTF-8") > 0 {
            if let Some(rest) = line.trim_end().strip_prefix(start) {
                return rest.trim().to_owned();
            }
            line.clear();
        }
        panic!("a node ended before it said `{start}`");
    }

    /// The rest of the line that begins with `done`, after which it ends.
    pub fn end(mut self) -> String {
        let said = self.line("done");
        assert!(self.child.wait().expect("it ends").success());
        said
    }

    /// What the other process does: it is ready, and goes on when it may.
    pub fn wait_to_go() {
        println!("\nready");
        std::io::stdin().read_line(&mut String::new()).expect("a line");
    }
}
