#![allow(dead_code, unused)]

use cloakroom::{Session, SessionData, SessionError};

#[derive(SessionData)]
enum Shop {
    Open,
}

async fn handler(session: Session<Shop>) -> Result<Shop, SessionError> {
    session.snapshot().await
}

fn main() {}
