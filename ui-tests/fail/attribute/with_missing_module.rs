#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    #[session(with = "as_text")]
    address: Option<std::net::IpAddr>,
}

fn main() {}
