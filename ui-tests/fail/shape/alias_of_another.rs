#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    #[session(alias = "account")]
    user_id: Option<u64>,
    #[session(alias = "account")]
    tenant: Option<u64>,
}

fn main() {}
