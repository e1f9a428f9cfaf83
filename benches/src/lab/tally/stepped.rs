//! A program that stops where it is to be looked at: it says `lap`, and goes on after a line.

use std::process::Stdio;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

pub(super) struct Stepped {
    child: Child,
    stdin: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Stepped {
    pub(super) fn start(program: &str, words: &[&str], variables: &[(&str, String)]) -> Self {
        let mut command = Command::new(program);
        command.args(words).env("BENCH_STEPS", "1").envs(variables.iter().map(|(name, value)| (name, value)));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program runs");
        let stdin = child.stdin.take().expect("a pipe");
        let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        Self { child, stdin, lines }
    }

    /// Waits until it stops.
    pub(super) async fn step(&mut self) {
        assert_eq!(self.lines.next_line().await.expect("a line").as_deref(), Some("lap"));
    }

    pub(super) async fn go_on(&mut self) {
        self.stdin.write_all(b"\n").await.expect("it reads");
    }

    pub(super) async fn end(mut self) {
        self.go_on().await;
        assert!(self.child.wait().await.expect("it ends").success());
    }
}
