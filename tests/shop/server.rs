//! The running shop: the example's own binary, on the store that a test names.

use std::ops::Deref;
use std::path::Path;
use std::process::{Command, ExitStatus, Output};

use tests::{Serving, example};

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
    let mut command = example("shop");
    command.args(args).env_remove("SECRET_KEY_BASE").envs(key.map(|key| ("SECRET_KEY_BASE", key)));
    command
}

pub struct Server(Serving);

impl Server {
    pub fn start(args: &[&str]) -> Self {
        Self::start_with(args, None)
    }

    /// The same with a key to seal sessions with.
    pub fn start_with(args: &[&str], key: Option<&str>) -> Self {
        Self(Serving::start(command(&["--listen", "127.0.0.1:0"], key).args(args)))
    }

    pub fn in_memory() -> Self {
        Self::start(&["--store", "memory"])
    }

    pub fn on(file: &Path) -> Self {
        Self::start(&["--store", &store(file)])
    }

    pub fn terminate(self) -> ExitStatus {
        self.0.terminate()
    }

    pub fn kill(self) {
        self.0.kill();
    }
}

impl Deref for Server {
    type Target = Serving;

    fn deref(&self) -> &Serving {
        &self.0
    }
}

/// What `--store` takes.
pub fn store(file: &Path) -> String {
    format!("redb:{}", file.display())
}
