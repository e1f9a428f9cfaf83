//! MariaDB, which stands for MySQL as well.

use std::path::{Path, PathBuf};

use super::process::Process;
use super::running::{Running, is_running};
use super::user::User;

const PACKAGE: &str = "mariadb-server";
const READY: &str = "ready for connections";
/// A database and a user for the tests; one statement on each line.
const INIT: &str = "\
CREATE DATABASE IF NOT EXISTS shop;
CREATE USER IF NOT EXISTS shop@localhost IDENTIFIED BY 'secret';
GRANT ALL ON *.* TO shop@localhost;
";

/// One server.
pub struct MariaDb(Running);

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
        let init = ["--skip-test-db", "--auth-root-authentication-method=normal"].map(str::to_owned);
        user.run(&program("mariadb-install-db"), &[&places(folder.path())[..], &init].concat());
        std::fs::write(folder.path().join("init.sql"), INIT).expect("the folder can be written");
        let settings: Vec<String> = settings.iter().map(|&setting| setting.to_owned()).collect();
        Self(Running::new(folder, move |port, folder| {
            let words = words(&user, folder, port, &settings);
            Process::start(PACKAGE, folder, &words[0], &words[1..], READY)
        }))
    }

    /// For `MySqlStore::connect`.
    pub fn url(&self) -> String {
        format!("mysql://shop:secret@127.0.0.1:{}/shop", self.port)
    }
}

/// Where a server keeps its files. A server that starts removes every server's temporary tables from `/tmp`, those of its
/// neighbours too: hence a folder of its own also for these.
fn places(folder: &Path) -> [String; 3] {
    let folder = folder.display();
    ["--no-defaults".to_owned(), format!("--datadir={folder}/data"), format!("--tmpdir={folder}")]
}

fn words(user: &User, folder: &Path, port: u16, settings: &[String]) -> Vec<String> {
    let path = folder.display();
    let fixed = [
        format!("--socket={path}/socket"),
        format!("--pid-file={path}/pid"),
        format!("--init-file={path}/init.sql"),
        format!("--port={port}"),
        "--bind-address=127.0.0.1".to_owned(),
        "--max-connections=300".to_owned(),
    ];
    user.command(&program("mariadbd"), &[&places(folder)[..], &fixed, settings].concat())
}

is_running!(MariaDb, 0);

/// Servers are not on every user's path.
fn program(name: &str) -> PathBuf {
    let places = ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"];
    let there = places.iter().map(|place| Path::new(place).join(name)).find(|path| path.exists());
    there.unwrap_or_else(|| panic!("`{name}` is missing: apt-get install {PACKAGE}, or let tests/run do it"))
}
