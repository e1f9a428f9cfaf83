//! The commands that clients send to Redis, by its `MONITOR`. What scripts call inside is not counted.

use std::process::Stdio;

use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

pub(super) struct Monitor {
    port: u16,
    lines: Lines<BufReader<ChildStdout>>,
    marks: u64,
    commands: u64,
    _watch: Child,
}

impl Monitor {
    pub(super) async fn of(port: u16) -> Self {
        let mut watch = Command::new("redis-cli");
        watch.args(["-p", &port.to_string(), "monitor"]).stdout(Stdio::piped()).kill_on_drop(true);
        let mut watch = watch.spawn().expect("redis-cli runs");
        let mut lines = BufReader::new(watch.stdout.take().expect("a pipe")).lines();
        assert_eq!(lines.next_line().await.expect("a line").as_deref(), Some("OK"));
        Self { port, lines, marks: 0, commands: 0, _watch: watch }
    }

    /// Everything that was sent before this is counted: a mark is sent after it, and the lines are read up to that.
    pub(super) async fn so_far(&mut self) -> u64 {
        self.marks += 1;
        let mark = format!("mark-{}-{}", std::process::id(), self.marks);
        let marked = Command::new("redis-cli").args(["-p", &self.port.to_string(), "echo", &mark]).output().await;
        assert!(marked.expect("redis-cli runs").status.success());
        loop {
            let line = self.lines.next_line().await.expect("a line").expect("it goes on");
            if line.contains(&mark) {
                return self.commands;
            }
            self.commands += u64::from(!line.contains(" lua] "));
        }
    }
}
