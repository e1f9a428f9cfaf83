//! PgBouncer in transaction mode: a PostgreSQL server behind a pool of two connections.

use std::path::Path;

use tempfile::TempDir;

use super::postgres::Postgres;
use super::process::{Process, free_port};
use super::user::User;

/// How often a start is tried, each time on another port.
const TRIES: usize = 8;

/// A pooler, and the server behind it.
pub struct PgBouncer {
    _process: Process,
    port: u16,
    _folder: TempDir,
    _server: Postgres,
}

impl PgBouncer {
    /// Starts both, with PgBouncer's own settings but for the mode.
    pub fn start() -> Self {
        let (server, user) = (Postgres::start(), User::unless_root("postgres"));
        let folder = user.folder();
        let mut error = String::new();
        for _ in 0..TRIES {
            let port = free_port();
            match spawn(&user, &folder, port, server.port) {
                Ok(process) => return Self { _process: process, port, _folder: folder, _server: server },
                Err(said) => error = said,
            }
        }
        panic!("{error}");
    }

    /// For `PostgresStore::builder`.
    pub fn url(&self) -> String {
        format!("postgres://shop@127.0.0.1:{}/postgres", self.port)
    }
}

fn spawn(user: &User, folder: &TempDir, port: u16, server: u16) -> Result<Process, String> {
    let file = folder.path().join(format!("{port}.ini"));
    let settings = format!(
        "[databases]\npostgres = host=127.0.0.1 port={server} user=shop\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
         listen_port = {port}\nauth_type = any\npool_mode = transaction\ndefault_pool_size = 2\nunix_socket_dir =\n"
    );
    std::fs::write(&file, settings).expect("the folder can be written");
    let words = user.command(Path::new("/usr/sbin/pgbouncer"), &[file.display().to_string()]);
    Process::start("pgbouncer", folder.path(), &words[0], &words[1..], "process up")
}
