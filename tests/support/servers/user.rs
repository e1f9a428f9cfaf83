//! The user that a server is started as, and a folder of its own.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// Whom a server runs as. Database servers refuse to run as root; then they run as the user that their package made.
pub(super) struct User {
    name: &'static str,
    is_another: bool,
}

impl User {
    pub(super) fn unless_root(name: &'static str) -> Self {
        let id = Command::new("id").arg("-u").output().expect("`id` runs");
        Self { name, is_another: id.stdout == b"0\n" }
    }

    /// A folder that belongs to this user.
    pub(super) fn folder(&self) -> TempDir {
        let folder = TempDir::new().expect("a temporary folder");
        if self.is_another {
            let owned = Command::new("chown").arg(self.name).arg(folder.path()).status().expect("`chown` runs");
            assert!(owned.success(), "the folder could not be given to `{}`", self.name);
        }
        folder
    }

    /// The words of a command that runs `program` as this user, with all that it says on stdout.
    pub(super) fn command(&self, program: &Path, args: &[String]) -> Vec<String> {
        let change = ["setpriv", "--reuid", self.name, "--regid", self.name, "--init-groups"];
        let merge = ["sh", "-c", "exec \"$0\" \"$@\" 2>&1"];
        let words = change.iter().filter(|_| self.is_another).chain(&merge).map(|&word| word.to_owned());
        words.chain([program.display().to_string()]).chain(args.iter().cloned()).collect()
    }

    /// Runs a program to its end.
    pub(super) fn run(&self, program: &Path, args: &[String]) {
        let words = self.command(program, args);
        let ran = Command::new(&words[0]).args(&words[1..]).current_dir("/").output().expect("a shell runs");
        assert!(ran.status.success(), "{words:?}: {}", String::from_utf8_lossy(&ran.stdout));
    }
}
