#![allow(dead_code, unused)]

use cloakroom::{SessionData, SessionError, Sessions};

#[derive(SessionData)]
struct Shop {
    user_id: Option<u64>,
}

async fn close_account(sessions: Sessions<Shop>, user_id: u64) -> Result<usize, SessionError> {
    sessions.of(&user_id).revoke_all().await
}

fn main() {}
