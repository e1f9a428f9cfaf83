//! A server on a port and in a folder of its own, which can be killed and started again there.

use std::path::Path;
use std::time::Instant;

use tempfile::TempDir;

use super::process::{Process, free_port};
use crate::faults::PATIENCE;

/// How often a start is tried, each time on another port.
const TRIES: usize = 8;

type Start = dyn Fn(u16, &Path) -> Result<Process, String> + Send + Sync;

/// What every kind of server here has in common.
pub struct Running {
    process: Option<Process>,
    /// Its port on 127.0.0.1.
    pub port: u16,
    folder: TempDir,
    start: Box<Start>,
}

impl Running {
    /// Starts a server on a free port. Somebody may take it before the server does: then on another.
    pub(super) fn new(
        folder: TempDir,
        start: impl Fn(u16, &Path) -> Result<Process, String> + Send + Sync + 'static,
    ) -> Self {
        let mut error = String::new();
        for _ in 0..TRIES {
            let port = free_port();
            match start(port, folder.path()) {
                Ok(process) => return Self { process: Some(process), port, folder, start: Box::new(start) },
                Err(said) => error = said,
            }
        }
        panic!("{error}");
    }

    /// Its process.
    pub fn process(&self) -> &Process {
        self.process.as_ref().expect("it runs")
    }

    /// Has it not been killed?
    pub fn is_alive(&self) -> bool {
        self.process.is_some()
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        self.process = None;
    }

    /// Starts it again on its port and in its folder. What PostgreSQL had started outlives it a little, and is in the way till then.
    pub fn restart(&mut self) {
        self.kill();
        let began = Instant::now();
        self.process = loop {
            match (self.start)(self.port, self.folder.path()) {
                Ok(process) => break Some(process),
                Err(said) => assert!(began.elapsed() < PATIENCE, "it does not start again: {said}"),
            }
        };
    }
}

/// A kind of server is a [`Running`] one, and knows more.
macro_rules! is_running {
    ($server:ty, $field:tt) => {
        impl std::ops::Deref for $server {
            type Target = $crate::servers::Running;

            fn deref(&self) -> &Self::Target {
                &self.$field
            }
        }

        impl std::ops::DerefMut for $server {
            fn deref_mut(&mut self) -> &mut Self::Target {
                &mut self.$field
            }
        }
    };
}

pub(super) use is_running;
