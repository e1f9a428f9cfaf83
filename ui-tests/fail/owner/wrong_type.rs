#![allow(dead_code, unused)]

use cloakroom::{Session, SessionData, SessionError};

#[derive(SessionData)]
struct Shop {
    #[session(owner)]
    user_id: Option<u64>,
}

async fn sign_out_everywhere(session: Session<Shop>, email: String) -> Result<usize, SessionError> {
    session.sessions_of(&email).revoke_all().await
}

fn main() {}
