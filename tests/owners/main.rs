//! The owner index: a person's sessions are listed, revoked and limited in number, on every store that has one, and nothing that
//! happens at the same moment or crashes halfway leaves a session out.

mod failures;
mod halfway;
mod limits;
mod lists;
mod orders;
mod setup;
mod world;

use cloakroom::store::{OwnerEntry, OwnerIndex as _, OwnerKey, SessionStore};
use cloakroom::{Session, SessionData, SessionError, Sessions};
use tests::Visitor;
use tests::entries::{index_of, owner_key};

/// An account with a name for each of its devices.
#[derive(Debug, PartialEq, SessionData)]
#[session(cookie = "account", idle = "30m", absolute = "12h")]
struct Account {
    #[session(owner)]
    user: Option<String>,
    device: String,
    visits: u64,
}

async fn sign_in(session: &Session<Account>, user: &str, device: &str) -> Result<(), SessionError> {
    session.mark_authenticated().await?;
    session.set_user(user.to_owned()).await?;
    session.set_device(device.to_owned()).await
}

/// A visitor who is signed in.
async fn signed_in(sessions: &Sessions<Account>, user: &str, device: &str) -> Visitor<Account> {
    let mut visitor = Visitor::new(sessions.clone());
    visitor.visit(async |session| sign_in(&session, user, device).await.unwrap()).await;
    visitor
}

/// The devices of this user, as they are listed for nobody in particular, by name.
async fn devices(sessions: &Sessions<Account>, user: &str) -> Vec<String> {
    let listed = sessions.of(&user.to_owned()).list(None).await.unwrap();
    let mut names: Vec<_> = listed.iter().map(|one| one.data().unwrap().device).collect();
    names.sort();
    names
}

async fn user_of(visitor: &mut Visitor<Account>) -> Option<String> {
    visitor.visit(async |session| session.user().await.unwrap()).await
}

/// As the index knows a user: by their name, as MessagePack writes a short text.
fn key_of(user: &str) -> OwnerKey {
    owner_key("account", &[&[0xa0 | user.len() as u8], user.as_bytes()].concat())
}

/// What the index holds of this user, be it a session or not.
async fn entries_of(store: &impl SessionStore, user: &str) -> Vec<OwnerEntry> {
    index_of(store).entries(&key_of(user)).await.unwrap()
}
