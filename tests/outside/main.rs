//! Sessions outside of a request: opened by a token or begun, saved, kept alive and ended without one.

mod alive;
mod cookies;
mod lifecycle;
mod lost;
mod sealed;

use cloakroom::{Session, Sessions, Token};
use tests::{Role, Shop, UserId};

/// The Cookie header of a session's cookie.
fn cookie(token: &str) -> String {
    format!("__Host-shop={token}")
}

/// A session with an owner, and its token's text.
async fn begin(sessions: &Sessions<Shop>) -> (Session<Shop>, String) {
    let session = sessions.create();
    session.set_user_id(UserId(7)).await.unwrap();
    session.set_role(Role::Admin).await.unwrap();
    session.set_visits(3).await.unwrap();
    let token = session.expose_token().await.unwrap().expect("there is something to keep");
    (session, token)
}

fn parsed(token: &str) -> Token {
    token.parse().expect("what was handed out is a token")
}

fn resume(sessions: &Sessions<Shop>, token: &str) -> Session<Shop> {
    sessions.resume(parsed(token)).expect("these sessions have tokens")
}

/// Who a request with this token is.
async fn who(sessions: &Sessions<Shop>, token: &str) -> Option<UserId> {
    sessions.open([cookie(token).as_bytes()]).user_id().await.unwrap()
}
