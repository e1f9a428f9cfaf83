//! MariaDB, which stands for MySQL as well.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::process::{Process, free_port};
use super::user::User;

const PACKAGE: &str = "mariadb-server";
const READY: &str = "ready for connections";
/// How often a start is tried, each time on another port.
const TRIES: usize = 8;
/// A database and a user for the tests; one statement on each line.
const INIT: &str = "\
CREATE DATABASE IF NOT EXISTS shop;
CREATE USER IF NOT EXISTS shop@localhost IDENTIFIED BY 'secret';
GRANT ALL ON *.* TO shop@localhost;
";

/// One server.
pub struct MariaDb {
    process: Option<Process>,
    /// Its port on 127.0.0.1.
    pub port: u16,
    settings: Vec<String>,
    folder: TempDir,
    user: User,
}

impl MariaDb {
    /// A server that does not wait for the disk.
    pub fn start() -> Self {
        Self::with(&["--innodb-flush-log-at-trx-commit=0", "--innodb-flush-method=nosync"])
    }

    /// A server with its default settings: what is answered is on the disk.
    pub fn durable() -> Self {
        Self::with(&[])
    }

    fn with(settings: &[&str]) -> Self {
        let user = User::unless_root("mysql");
        let folder = user.folder();
        let data = format!("--datadir={}", folder.path().join("data").display());
        let init = ["--no-defaults", &data, "--skip-test-db", "--auth-root-authentication-method=normal"];
        user.run(&program("mariadb-install-db"), &init.map(str::to_owned));
        std::fs::write(folder.path().join("init.sql"), INIT).expect("the folder can be written");
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
            "--no-defaults".to_owned(),
            format!("--datadir={folder}/data"),
            format!("--socket={folder}/socket"),
            format!("--pid-file={folder}/pid"),
            format!("--init-file={folder}/init.sql"),
            format!("--port={}", self.port),
            "--bind-address=127.0.0.1".to_owned(),
            "--max-connections=300".to_owned(),
        ];
        let args = [&fixed[..], &self.settings].concat();
        let words = self.user.command(&program("mariadbd"), &args);
        Process::start(PACKAGE, self.folder.path(), &words[0], &words[1..], READY)
    }

    /// For `MySqlStore::connect`.
    pub fn url(&self) -> String {
        format!("mysql://shop:secret@127.0.0.1:{}/shop", self.port)
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

/// Servers are not on every user's path.
fn program(name: &str) -> PathBuf {
    let places = ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"];
    let there = places.iter().map(|place| Path::new(place).join(name)).find(|path| path.exists());
    there.unwrap_or_else(|| panic!("`{name}` is missing: apt-get install {PACKAGE}, or let tests/run do it"))
}
