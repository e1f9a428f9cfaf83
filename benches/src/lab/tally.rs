//! `tally PROGRAM APP N ENDPOINT…`: what an application asks of Redis or PostgreSQL for a request, and how many bytes go there and back.
//!
//! The application is a program of its own (`count.rs`), which stops before and after the N requests that are counted. It finds both
//! servers behind a proxy that counts bytes. Run it by way of `with_servers`.
//!
//! Prints lines of app, endpoint, `asked`, `to` or `back`, and the figure for one request.

#[path = "tally/monitor.rs"]
mod monitor;
#[path = "tally/statements.rs"]
mod statements;
#[path = "tally/stepped.rs"]
mod stepped;

use monitor::Monitor;
use statements::Statements;
use stepped::Stepped;
use tests::Proxy;

#[tokio::main]
async fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [program, app, requests, endpoints @ ..] = words.as_slice() else {
        panic!("usage: tally PROGRAM APP N ENDPOINT…")
    };
    let [redis, postgres] =
        ["BENCH_REDIS", "BENCH_POSTGRES"].map(|name| std::env::var(name).expect("see `with_servers`"));
    let proxies = [Proxy::before(port(&redis)).await, Proxy::before(port(&postgres)).await];
    let behind = [
        ("BENCH_REDIS", redis.replace(&port(&redis).to_string(), &proxies[0].port.to_string())),
        ("BENCH_POSTGRES", postgres.replace(&port(&postgres).to_string(), &proxies[1].port.to_string())),
    ];
    let mut asked = Asked { redis: Monitor::of(port(&redis)).await, postgres: Statements::of(&postgres).await };
    let each = requests.parse::<f64>().expect("a number of requests");
    for endpoint in endpoints {
        let mut running = Stepped::start(program, &["count", app, endpoint, requests], &behind);
        running.step().await;
        let (before, said) = (asked.so_far().await, bytes(&proxies));
        running.go_on().await;
        running.step().await;
        let (after, bytes) = (asked.so_far().await, bytes(&proxies));
        running.end().await;
        let [to, back] = [0, 1].map(|side| (bytes[side] - said[side]) as f64 / each);
        println!("{app}\t{endpoint}\tasked\t{:.2}", (after - before) as f64 / each);
        println!("{app}\t{endpoint}\tto\t{to:.0}\n{app}\t{endpoint}\tback\t{back:.0}");
    }
}

struct Asked {
    redis: Monitor,
    postgres: Statements,
}

impl Asked {
    async fn so_far(&mut self) -> u64 {
        self.redis.so_far().await + self.postgres.so_far().await
    }
}

/// In both directions, of both servers.
fn bytes(proxies: &[Proxy; 2]) -> [u64; 2] {
    let [redis, postgres] = [proxies[0].said(), proxies[1].said()];
    [redis[0] + postgres[0], redis[1] + postgres[1]]
}

fn port(url: &str) -> u16 {
    let after = url.rsplit(':').next().expect("an address has a port");
    after.split('/').next().unwrap_or(after).parse().expect("a port")
}
