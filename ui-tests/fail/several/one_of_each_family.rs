//~ errors: 4
#![allow(dead_code, unused)]

use cloakroom::SessionData;

struct Connection;

#[derive(SessionData)]
#[session(domain = ".example.com")]
struct Shop {
    #[session(owner)]
    user_id: Option<u64>,
    #[session(owner)]
    tenant: Option<u64>,
    #[session(flash, ttl = "10m")]
    notice: Option<String>,
    connection: Option<Connection>,
}

fn main() {}
