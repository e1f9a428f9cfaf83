//! PostgreSQL.

use std::path::PathBuf;

use tempfile::TempDir;

use super::process::{Process, free_port};
use super::user::User;

const PACKAGE: &str = "postgresql";
const READY: &str = "database system is ready to accept connections";
/// How often a start is tried, each time on another port.
const TRIES: usize = 8;

/// One server.
pub struct Postgres {
    process: Option<Process>,
    /// Its port on 127.0.0.1.
    pub port: u16,
    settings: Vec<String>,
    folder: TempDir,
    user: User,
}

impl Postgres {
    /// A server that does not wait for the disk.
    pub fn start() -> Self {
        Self::with(&["fsync=off", "synchronous_commit=off", "full_page_writes=off"])
    }

    /// A server with its default settings: what is answered is on the disk.
    pub fn durable() -> Self {
        Self::with(&[])
    }

    fn with(settings: &[&str]) -> Self {
        let user = User::unless_root("postgres");
        let folder = user.folder();
        let data = folder.path().join("data").display().to_string();
        let init = ["-D", &data, "-U", "shop", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"];
        user.run(&program("initdb"), &init.map(str::to_owned));
        let settings = settings.iter().map(|&setting| setting.to_owned()).collect();
        let mut server = Self { process: None, port: 0, settings, folder, user };
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
        let folder = self.folder.path().display();
        let fixed = [
            "listen_addresses=127.0.0.1".to_owned(),
            format!("port={}", self.port),
            format!("unix_socket_directories={folder}"),
            "max_connections=300".to_owned(),
            "shared_preload_libraries=pg_stat_statements".to_owned(),
        ];
        let settings = fixed.iter().chain(&self.settings).flat_map(|setting| ["-c".to_owned(), setting.clone()]);
        let args: Vec<String> = ["-D".to_owned(), format!("{folder}/data")].into_iter().chain(settings).collect();
        let words = self.user.command(&program("postgres"), &args);
        Process::start(PACKAGE, self.folder.path(), &words[0], &words[1..], READY)
    }

    /// For `PostgresStore::connect`.
    pub fn url(&self) -> String {
        format!("postgres://shop@127.0.0.1:{}/postgres", self.port)
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

/// Debian keeps the programs of each version in a folder of its own, out of the way.
fn program(name: &str) -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = versions.map(|version| version.path().join("bin").join(name)).filter(|path| path.exists()).max();
    debian.unwrap_or_else(|| panic!("`{name}` is missing: apt-get install {PACKAGE}, or let tests/run do it"))
}
