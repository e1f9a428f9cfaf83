#![allow(dead_code, unused)]

use cloakroom::{Session, SessionData, SessionError};

#[derive(SessionData)]
struct Shop {
    user_id: Option<u64>,
}

async fn sign_out_elsewhere(session: Session<Shop>) -> Result<usize, SessionError> {
    session.sessions_of(&7).revoke_others(&session).await
}

fn main() {}
