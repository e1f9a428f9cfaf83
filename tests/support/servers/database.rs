//! What PostgreSQL and MariaDB have in common here: a folder, a user, and a process that can be killed and started again.

use tempfile::TempDir;

use super::process::{Process, free_port};
use super::user::User;

/// How often a start is tried, each time on another port.
const TRIES: usize = 8;

/// How one kind of server is started.
pub(super) struct Kind {
    /// Debian's package that has it.
    pub(super) package: &'static str,
    /// What it says once it can be asked.
    pub(super) ready: &'static str,
    /// The words that start it in this folder on this port, with these settings.
    pub(super) words: fn(&User, &TempDir, u16, &[String]) -> Vec<String>,
}

/// One database server on a folder of its own.
pub struct Database {
    process: Option<Process>,
    /// Its port on 127.0.0.1.
    pub port: u16,
    settings: Vec<String>,
    folder: TempDir,
    user: User,
    kind: Kind,
}

impl Database {
    /// Starts a server on a folder that has been prepared for it.
    pub(super) fn start(kind: Kind, user: User, folder: TempDir, settings: &[&str]) -> Self {
        let settings = settings.iter().map(|&setting| setting.to_owned()).collect();
        let mut server = Self { process: None, port: 0, settings, folder, user, kind };
        let mut error = String::new();
        for _ in 0..TRIES {
            server.port = free_port();
            match server.spawn() {
                Ok(process) => {
                    server.process = Some(process);
                    return server;
                }
                Err(said) => error = said,
            }
        }
        panic!("{error}");
    }

    fn spawn(&self) -> Result<Process, String> {
        let Kind { package, ready, words } = &self.kind;
        let words = words(&self.user, &self.folder, self.port, &self.settings);
        Process::start(package, self.folder.path(), &words[0], &words[1..], ready)
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
        self.kill();
        self.process = Some(self.spawn().expect("it starts again"));
    }
}
