#![allow(dead_code, unused)]

use cloakroom::{SessionData, require_session};
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

struct Admin;

impl Admin {
    #[require_session(Shop, user_id)]
    async fn show(&self) {}
}

fn main() {}
