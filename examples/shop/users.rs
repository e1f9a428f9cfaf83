//! Who may sign in, and how that is checked. In a real shop this is a database.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{Error, PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use crate::session::{Role, UserId};

/// The people of the demo. The ids are fixed, since sessions on disk refer to them.
pub const DEMO: [(UserId, &str, Role, &str); 2] =
    [(UserId(1), "ada", Role::Admin, "analytical-engine"), (UserId(2), "grace", Role::Customer, "first-actual-bug")];

/// Each check takes 19 MiB for its time; a crowd at the door waits in line.
const CHECKS_AT_ONCE: usize = 4;

#[derive(Clone)]
pub struct User {
    pub id: UserId,
    pub name: &'static str,
    pub role: Role,
    pub email: String,
    hash: String,
}

pub struct Users {
    all: Mutex<Vec<User>>,
    /// Checked in place of an unknown user's hash, so that the time it takes does not tell who exists.
    nobody: String,
    checks: Arc<Semaphore>,
}

impl Users {
    pub fn demo() -> Result<Self, Error> {
        let user = |(id, name, role, password): (_, &'static str, _, &str)| {
            Ok(User { id, name, role, email: format!("{name}@example.org"), hash: hash(password)? })
        };
        let all = DEMO.into_iter().map(user).collect::<Result<_, Error>>()?;
        Ok(Self { all: Mutex::new(all), nobody: hash("nobody")?, checks: Arc::new(Semaphore::new(CHECKS_AT_ONCE)) })
    }

    pub fn get(&self, id: UserId) -> Option<User> {
        self.lock().iter().find(|user| user.id == id).cloned()
    }

    pub fn list(&self) -> Vec<User> {
        self.lock().clone()
    }

    pub fn set_email(&self, id: UserId, email: &str) {
        if let Some(user) = self.lock().iter_mut().find(|user| user.id == id) {
            email.clone_into(&mut user.email);
        }
    }

    /// Whether it could be hashed and is theirs from now on.
    pub async fn set_password(&self, id: UserId, password: String) -> bool {
        let Ok(permit) = Arc::clone(&self.checks).acquire_owned().await else { return false };
        let hashing = tokio::task::spawn_blocking(move || (hash(&password), permit).0);
        let Ok(Ok(hash)) = hashing.await else { return false };
        let mut all = self.lock();
        let user = all.iter_mut().find(|user| user.id == id);
        user.map(|user| user.hash = hash).is_some()
    }

    /// The user, if the password is theirs. A real shop would also count the failures and slow down.
    pub async fn check(&self, name: &str, password: String) -> Option<User> {
        let user = self.lock().iter().find(|user| user.name == name).cloned();
        let hash = user.as_ref().map_or_else(|| self.nobody.clone(), |user| user.hash.clone());
        let permit = Arc::clone(&self.checks).acquire_owned().await.ok()?;
        // Hashing would hold up every other request of this thread. The permit goes along: a closed tab stops no hash.
        let check = tokio::task::spawn_blocking(move || (verify(&password, &hash), permit).0);
        let right = check.await.unwrap_or(false);
        user.filter(|_| right)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<User>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Argon2id with the parameters that OWASP recommends, and a random salt.
fn hash(password: &str) -> Result<String, Error> {
    Ok(Argon2::default().hash_password(password.as_bytes())?.to_string())
}

fn verify(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}
