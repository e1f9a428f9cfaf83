#![allow(dead_code, unused)]

use cloakroom::{Session, SessionData, SessionError};

#[derive(SessionData)]
struct Shop {
    user_id: Option<u64>,
}

async fn sign_in(session: Session<Shop>) -> Result<(), SessionError> {
    let user_id: u64 = session.user_id().await?;
    session.set_user_id(user_id).await
}

fn main() {}
