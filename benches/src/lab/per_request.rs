//! What a request asks of each server: commands or statements, and bytes in both directions, for every row of the table "Store
//! commands for one request" in `PEERS.md`. The record is the shop's (`benches::filled`). It starts the servers itself.
//!
//! `cargo run -p benches --features lab --bin per_request`

use std::error::Error;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use benches::people::{Person, sign_in, with_people};
use benches::{prepare, with_sessions};
use cloakroom::{AtLimit, Sessions};
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
/// Sessions of a person who has several.
const SEVERAL: usize = 5;
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

/// Without what scripts call inside: a `SET`, where one replaces. What else they call comes from no client.
fn commands(server: &RedisServer) -> u64 {
    let calls = server.calls();
    let called = |name: &str| calls.iter().find(|(called, _)| called == name).map_or(0, |(_, calls)| *calls);
    let replaced = called("getrange") - called("setrange");
    ["get", "set", "getdel", "hdel", "eval", "evalsha"].map(called).iter().sum::<u64>() - replaced
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

async fn measure<S: Server>(name: &str, asked: impl AsyncFnMut(&S) -> Outcome<u64>) -> Outcome<()> {
    let server = S::begin().await;
    let proxy = Proxy::before(server.port).await;
    let store = server.store_at(proxy.port, tests::faults::PATIENCE);
    let mut tally = Tally { name, server, proxy, asked, looks: 0 };
    let sessions = Sessions::new(store.clone());
    let (router, cookies) = (with_sessions(sessions.clone()), prepare(&sessions, REQUESTS).await);
    // Whatever is prepared once is prepared now.
    for endpoint in ["/read", "/write", "/add", "/login", "/logout"] {
        send(&router, endpoint, Some(&prepare(&sessions, 1).await[0])).await?;
    }
    // The first look connects as well.
    tally.asked().await?;
    let looks = tally.asked().await?;
    tally.looks = tally.asked().await? - looks;
    let logout = ("destroy", "/logout", Cookie::Own);
    for (kind, endpoint, cookie) in KINDS.into_iter().chain([logout]) {
        let cookies = if endpoint == "/logout" { prepare(&sessions, REQUESTS).await } else { cookies.clone() };
        let requests = cookies.iter().map(|own| {
            let forged = format!("{}!", &own[..own.len() - 1]);
            let cookie = [None, Some(own.clone()), Some(forged)][cookie as usize].clone();
            (endpoint.to_owned(), cookie)
        });
        tally.row(kind, &router, requests.collect()).await?;
    }
    measure_owners(&mut tally, store).await
}

/// What the owner index adds. Each request is another person's, who has as many sessions as the row says.
async fn measure_owners<S: Server>(
    tally: &mut Tally<'_, S, impl AsyncFnMut(&S) -> Outcome<u64>>,
    store: S::Store,
) -> Outcome<()> {
    let plain = Sessions::<Person>::new(store);
    let indexed = plain.clone().with_owner_index();
    let limited = plain.clone().with_session_limit(SEVERAL, AtLimit::EvictOldest);
    let mut people = People { next: 0 };
    for (sessions, endpoint, kind) in [
        (&plain, "in", "sign in, no index"),
        (&indexed, "in", "sign in"),
        (&plain, "again", "regenerate, no index"),
        (&indexed, "again", "regenerate"),
        (&plain, "out", "sign out, no index"),
        (&indexed, "out", "sign out"),
        (&indexed, "list", "list 5"),
        (&indexed, "everywhere", "revoke_all of 5"),
        (&limited, "in", "sign in with a limit of 5, at it"),
    ] {
        let router = with_people(sessions.clone());
        let each = if ["in", "again", "out"].contains(&endpoint) && !kind.ends_with("at it") { 1 } else { SEVERAL };
        let requests = people.requests(sessions, endpoint, each, REQUESTS).await;
        // Whatever is prepared once is prepared now.
        for (path, cookie) in people.requests(sessions, endpoint, each, 5).await {
            send(&router, &path, cookie.as_deref()).await?;
        }
        tally.row(kind, &router, requests).await?;
    }
    Ok(())
}

/// New ones for each row.
struct People {
    next: u64,
}

impl People {
    /// One request of each of so many people, who have so many sessions each.
    async fn requests(
        &mut self,
        sessions: &Sessions<Person>,
        endpoint: &str,
        each: usize,
        count: usize,
    ) -> Vec<(String, Option<String>)> {
        let mut requests = Vec::with_capacity(count);
        for _ in 0..count {
            self.next += 1;
            let cookies = sign_in(sessions, self.next, each).await;
            let cookie = if endpoint == "in" { None } else { cookies.into_iter().next() };
            requests.push((format!("/{endpoint}/{}", self.next), cookie));
        }
        requests
    }
}

/// Counts what a server is asked, and how many bytes go over the network for it.
struct Tally<'n, S, F> {
    name: &'n str,
    server: S,
    proxy: Proxy,
    asked: F,
    /// What counting asks.
    looks: u64,
}

impl<S, F: AsyncFnMut(&S) -> Outcome<u64>> Tally<'_, S, F> {
    async fn asked(&mut self) -> Outcome<u64> {
        (self.asked)(&self.server).await
    }

    /// Sends these requests, and prints what each of them costs.
    async fn row(&mut self, kind: &str, router: &Router, requests: Vec<(String, Option<String>)>) -> Outcome<()> {
        let (before, said) = (self.asked().await?, self.proxy.said());
        for (path, cookie) in &requests {
            send(router, path, cookie.as_deref()).await?;
        }
        let bytes = self.proxy.said();
        let each = |all: u64| all as f64 / requests.len() as f64;
        let asked = each((self.asked().await? - before).saturating_sub(self.looks));
        let [to, back] = [0, 1].map(|side| each(bytes[side] - said[side]));
        println!("| {} | {kind} | {asked:.2} | {to:.0} | {back:.0} |", self.name);
        Ok(())
    }
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
