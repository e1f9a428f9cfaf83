#![allow(dead_code, unused)]

use cloakroom::{Session, SessionData, require_session, session_guard};
use serde::{Deserialize, Serialize};

#[derive(Default, Deserialize, Serialize)]
enum Role {
    #[default]
    Customer,
    Admin,
}

#[derive(SessionData)]
struct Shop {
    user_id: Option<u64>,
    role: Role,
}

#[session_guard(Shop, user_id)]
enum Admin {}

fn main() {}
