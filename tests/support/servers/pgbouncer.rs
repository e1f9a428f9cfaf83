//! PgBouncer in transaction mode: a PostgreSQL server behind a pool of two connections.

use std::path::Path;

use super::postgres::Postgres;
use super::process::Process;
use super::running::Running;
use super::user::User;

/// A pooler, and the server behind it.
pub struct PgBouncer {
    pooler: Running,
    _server: Postgres,
}

impl PgBouncer {
    /// Starts both, with PgBouncer's own settings but for the mode.
    pub fn start() -> Self {
        let (server, user) = (Postgres::start(), User::unless_root("postgres"));
        let (folder, behind) = (user.folder(), server.port);
        let pooler = Running::new(folder, move |port, folder| spawn(&user, folder, port, behind));
        Self { pooler, _server: server }
    }

    /// For `PostgresStore::builder`.
    pub fn url(&self) -> String {
        format!("postgres://shop@127.0.0.1:{}/postgres", self.pooler.port)
    }
}

fn spawn(user: &User, folder: &Path, port: u16, server: u16) -> Result<Process, String> {
    let file = folder.join(format!("{port}.ini"));
    let settings = format!(
        "[databases]\npostgres = host=127.0.0.1 port={server} user=shop\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
         listen_port = {port}\nauth_type = any\npool_mode = transaction\ndefault_pool_size = 2\nunix_socket_dir =\n"
    );
    std::fs::write(&file, settings).expect("the folder can be written");
    let words = user.command(Path::new("/usr/sbin/pgbouncer"), &[file.display().to_string()]);
    Process::start("pgbouncer", folder, &words[0], &words[1..], "process up")
}
