//! The running shop: the example's own binary, on the store that a test names, and who may sign in.

use std::ops::Deref;
use std::path::Path;
use std::process::{Command, ExitStatus, Output};
use std::time::{Duration, SystemTime};

use cloakroom::stores::RedbStore;
use cloakroom::{ManualClock, SessionData, Sessions};

use crate::{Serving, example};

/// The fields of the sign-in form, for an admin.
pub const ADA: [(&str, &str); 2] = [("name", "ada"), ("password", "analytical-engine")];
/// The fields of the sign-in form, for a customer.
pub const GRACE: [(&str, &str); 2] = [("name", "grace"), ("password", "first-actual-bug")];
/// The session's cookie.
pub const COOKIE: &str = "__Host-shop";

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

/// A shop that is open. It closes when this is dropped.
pub struct Server(Serving);

impl Server {
    /// Opens it with more arguments, on a free port.
    pub fn start(args: &[&str]) -> Self {
        Self::start_with(args, None)
    }

    /// The same with a key to seal sessions with.
    pub fn start_with(args: &[&str], key: Option<&str>) -> Self {
        Self(Serving::start(command(&["--listen", "127.0.0.1:0"], key).args(args)))
    }

    /// Its sessions are gone when it closes.
    pub fn in_memory() -> Self {
        Self::start(&["--store", "memory"])
    }

    /// Its sessions are in a file.
    pub fn on(file: &Path) -> Self {
        Self::start(&["--store", &store(file)])
    }

    /// As a service manager ends it.
    pub fn terminate(self) -> ExitStatus {
        self.0.terminate()
    }

    /// As a power cut ends it.
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

/// Makes a session of grace's that she signed in to this long ago, and has not touched since: by the library itself, with a clock
/// that is behind. The shop on this file is not open yet. What comes back is the cookie's value.
pub async fn session_of_grace(file: &Path, age: Duration) -> String {
    #[derive(SessionData)]
    #[session(cookie = "shop", idle = "30m", absolute = "12h")]
    struct Shop {
        #[session(owner)]
        user_id: Option<u32>,
    }
    let store = RedbStore::open(file).expect("the shop is not open yet");
    let clock = ManualClock::at(SystemTime::now() - age);
    let sessions = Sessions::<Shop>::new(store).with_clock(clock).with_owner_index();
    let session = sessions.open_token(None);
    session.set_user_id(2).await.expect("set");
    session.mark_authenticated().await.expect("marked");
    let cookie = sessions.close(&session, true).await.set_cookie.expect("a cookie");
    let token = cookie.strip_prefix(COOKIE).and_then(|rest| rest.strip_prefix('=')?.split(';').next());
    token.expect("a token").to_owned()
}
