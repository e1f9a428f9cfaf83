//! `with_servers COMMAND…` runs a command while a Redis and a PostgreSQL are up, and tells it where: `BENCH_REDIS`, `BENCH_POSTGRES`.
//!
//! They are the tests' own, and do not wait for a disk: what is measured is the programs that ask them.

use std::process::{Command, ExitCode};

use tests::servers::{Postgres, RedisServer};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [program, words @ ..] = words.as_slice() else { panic!("usage: with_servers COMMAND…") };
    let (redis, postgres) = (RedisServer::start(), Postgres::start());
    let mut command = Command::new(program);
    let status = command.args(words).env("BENCH_REDIS", redis.url()).env("BENCH_POSTGRES", postgres.url()).status();
    if status.expect("the command runs").success() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
