#![allow(dead_code, unused)]

use cloakroom::SessionData;

trait Database {}
struct Sqlite;
impl Database for Sqlite {}
struct Pool<D: Database>(std::marker::PhantomData<D>);

#[derive(SessionData)]
struct Shop {
    pool: Pool<Sqlite>,
}

fn main() {}
