#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
struct Shop {
    job: Option<tokio::task::JoinHandle<()>>,
}

fn main() {}
