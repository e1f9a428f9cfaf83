//! PostgreSQL.

use std::path::{Path, PathBuf};

use super::process::Process;
use super::running::{Running, is_running};
use super::user::User;

const PACKAGE: &str = "postgresql";
const READY: &str = "database system is ready to accept connections";

/// One server.
pub struct Postgres(Running);

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
        let settings: Vec<String> = settings.iter().map(|&setting| setting.to_owned()).collect();
        Self(Running::new(folder, move |port, folder| {
            let words = words(&user, folder, port, &settings);
            Process::start(PACKAGE, folder, &words[0], &words[1..], READY)
        }))
    }

    /// For `PostgresStore::connect`.
    pub fn url(&self) -> String {
        format!("postgres://shop@127.0.0.1:{}/postgres", self.port)
    }
}

fn words(user: &User, folder: &Path, port: u16, settings: &[String]) -> Vec<String> {
    let folder = folder.display();
    let fixed = [
        "listen_addresses=127.0.0.1".to_owned(),
        format!("port={port}"),
        format!("unix_socket_directories={folder}"),
        "max_connections=300".to_owned(),
        "shared_preload_libraries=pg_stat_statements".to_owned(),
    ];
    let settings = fixed.iter().chain(settings).flat_map(|setting| ["-c".to_owned(), setting.clone()]);
    let args: Vec<String> = ["-D".to_owned(), format!("{folder}/data")].into_iter().chain(settings).collect();
    user.command(&program("postgres"), &args)
}

is_running!(Postgres, 0);

/// Debian keeps the programs of each version in a folder of its own, out of the way.
fn program(name: &str) -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = versions.map(|version| version.path().join("bin").join(name)).filter(|path| path.exists()).max();
    debian.unwrap_or_else(|| panic!("`{name}` is missing: apt-get install {PACKAGE}, or let tests/run do it"))
}
