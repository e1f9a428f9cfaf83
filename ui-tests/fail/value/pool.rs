#![allow(dead_code, unused)]

use cloakroom::SessionData;

mod database {
    pub struct Pool;
}

#[derive(SessionData)]
struct Shop {
    pool: database::Pool,
}

fn main() {}
