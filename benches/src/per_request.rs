//! What a request asks of each server: commands or statements, and bytes in both directions, for every row of the table "Store
//! commands for one request" in `PEERS.md`. The record is the shop's (`benches::filled`). It starts the servers itself.
//!
//! `cargo run -p benches --bin per_request`

use std::error::Error;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use benches::{prepare, with_sessions};
use cloakroom::Sessions;
use http::header;
use http_body_util::BodyExt as _;
use sqlx::mysql::MySqlPool;
use sqlx::postgres::PgPool;
use tests::Proxy;
use tests::servers::{MariaDb, Postgres, RedisServer, Server};
use tower::ServiceExt as _;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Requests of each kind; the figures are averages.
const REQUESTS: usize = 200;
/// A kind of request: its name, its endpoint, and which cookie comes along.
const KINDS: [(&str, &str, Cookie); 8] = [
    ("no cookie, read", "/read", Cookie::None),
    ("cookie, untouched", "/none", Cookie::Own),
    ("read", "/read", Cookie::Own),
    ("read 8 fields", "/read8", Cookie::Own),
    ("write after read", "/write", Cookie::Own),
    ("update", "/add", Cookie::Own),
    ("regenerate + write", "/login", Cookie::Own),
    ("forged cookie, read", "/read", Cookie::Forged),
];

#[derive(Clone, Copy, PartialEq)]
enum Cookie {
    None,
    Own,
    Forged,
}

#[tokio::main]
async fn main() -> Outcome<()> {
    println!("| server | request | asked | bytes to the server | bytes back |\n|---|---|---|---|---|");
    measure::<RedisServer>("Redis", async |server| Ok(commands(server))).await?;
    let (mut postgres, mut mysql) = (None, None);
    measure::<Postgres>("PostgreSQL", async |server| {
        let pool = match &postgres {
            Some(pool) => pool,
            None => postgres.insert(PgPool::connect(&server.url()).await?),
        };
        Ok(statements_of_postgres(pool).await?)
    })
    .await?;
    measure::<MariaDb>("MariaDB", async |server| {
        let pool = match &mysql {
            Some(pool) => pool,
            None => mysql.insert(MySqlPool::connect(&server.url()).await?),
        };
        Ok(statements_of_mysql(pool).await?)
    })
    .await?;
    Ok(())
}

/// Without what scripts call inside: one `GETRANGE`, and a `SET` where the version is right.
fn commands(server: &RedisServer) -> u64 {
    let calls = server.calls();
    let called = |name: &str| calls.iter().find(|(called, _)| called == name).map_or(0, |(_, calls)| *calls);
    calls.iter().map(|(_, calls)| calls).sum::<u64>() - 2 * called("getrange")
}

async fn statements_of_postgres(pool: &PgPool) -> Result<u64, sqlx::Error> {
    sqlx::raw_sql("CREATE EXTENSION IF NOT EXISTS pg_stat_statements").execute(pool).await?;
    let calls = "SELECT coalesce(sum(calls), 0)::bigint FROM pg_stat_statements WHERE query ILIKE '%sessions%'";
    let (calls,): (i64,) = sqlx::query_as(calls).fetch_one(pool).await?;
    Ok(calls.unsigned_abs())
}

/// What every client has sent, but for making ready and signs of life.
async fn statements_of_mysql(pool: &MySqlPool) -> Result<u64, sqlx::Error> {
    let all = "SELECT CAST(variable_value AS UNSIGNED) FROM information_schema.global_status WHERE variable_name = 'QUESTIONS'";
    let (all,): (u64,) = sqlx::query_as(all).fetch_one(pool).await?;
    Ok(all)
}

async fn measure<S: Server>(name: &str, mut asked: impl AsyncFnMut(&S) -> Outcome<u64>) -> Outcome<()> {
    let server = S::begin().await;
    let proxy = Proxy::before(server.port).await;
    let sessions = Sessions::new(server.store_at(proxy.port, tests::faults::PATIENCE));
    let (router, cookies) = (with_sessions(sessions.clone()), prepare(&sessions, REQUESTS).await);
    // Whatever is prepared once is prepared now.
    for endpoint in ["/read", "/write", "/add", "/login", "/logout"] {
        send(&router, endpoint, Some(&prepare(&sessions, 1).await[0])).await?;
    }
    let looks = asked(&server).await?;
    let looks = asked(&server).await? - looks;
    let logout = ("destroy", "/logout", Cookie::Own);
    for (kind, endpoint, cookie) in KINDS.into_iter().chain([logout]) {
        let cookies = if endpoint == "/logout" { prepare(&sessions, REQUESTS).await } else { cookies.clone() };
        let (before, said) = (asked(&server).await?, proxy.said());
        for own in &cookies {
            let forged = format!("{}!", &own[..own.len() - 1]);
            let cookie = [None, Some(own), Some(&forged)][cookie as usize];
            send(&router, endpoint, cookie.map(String::as_str)).await?;
        }
        let bytes = proxy.said();
        let asked = (asked(&server).await? - before - looks) as f64 / REQUESTS as f64;
        let [to, back] = [0, 1].map(|side| (bytes[side] - said[side]) as f64 / REQUESTS as f64);
        println!("| {name} | {kind} | {asked:.2} | {to:.0} | {back:.0} |");
    }
    Ok(())
}

async fn send(router: &Router, endpoint: &str, cookie: Option<&str>) -> Outcome<()> {
    let mut request = Request::builder().uri(endpoint).header(header::HOST, "shop.test");
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, cookie);
    }
    let response = router.clone().oneshot(request.body(Body::empty())?).await?;
    let status = response.status();
    let body = response.into_body().collect().await?.to_bytes();
    if status.is_success() { Ok(()) } else { Err(format!("{endpoint}: {status} {body:?}").into()) }
}
