//! So many requests to one endpoint, with a mark before and after, so that a counter can be put on them.

use std::io::BufRead as _;
use std::time::Instant;

use crate::client::{Client, Jar};

/// As many requests to warm up, a lap, as many that are measured, and a lap.
///
/// ENDPOINT may end in `-cookieless`. Each `login` and `logout` has a session of its own, made beforehand. With `BENCH_TIMES`, prints how
/// many nanoseconds one of those that are measured took.
pub async fn count(client: &mut impl Client, endpoint: &str, requests: usize) {
    let (path, cookieless) = match endpoint.strip_suffix("-cookieless") {
        Some(path) => (format!("/{path}"), true),
        None => (format!("/{endpoint}"), false),
    };
    let each_its_own = matches!(endpoint, "login" | "logout");
    let cookies = cookies(client, if each_its_own { 2 * requests } else { 1 }).await;
    let mut since = Instant::now();
    for number in 0..2 * requests {
        if number == requests {
            lap();
            since = Instant::now();
        }
        let cookie = (!cookieless).then_some(&*cookies[if each_its_own { number } else { 0 }]);
        assert!(client.pass(&path, cookie).await, "{endpoint} failed");
    }
    if std::env::var_os("BENCH_TIMES").is_some() {
        println!("{}", since.elapsed().as_nanos() / requests as u128);
    }
    lap();
}

/// Cookie headers of as many sessions with the whole record in them.
pub async fn cookies(client: &mut impl Client, count: usize) -> Vec<String> {
    let mut cookies = Vec::with_capacity(count);
    for _ in 0..count {
        let mut jar = Jar::default();
        let reply = client.ask("/begin", &mut jar).await;
        assert!(reply.success, "no session begins: {}", reply.body);
        cookies.push(header(&jar));
    }
    cookies
}

/// For `Cookie`. Bare applications, which set none, get a header of the usual length.
pub fn header(jar: &Jar) -> String {
    jar.header().unwrap_or_else(|| format!("__Host-shop={}", "A".repeat(43)))
}

/// `benches/run` has callgrind write its counts whenever this is called. With `BENCH_STEPS`, it says so and waits for a line, so that
/// whoever started the program can look at what it asked of servers.
#[inline(never)]
fn lap() {
    if std::env::var_os("BENCH_STEPS").is_some() {
        println!("lap");
        std::io::stdin().lock().read_line(&mut String::new()).expect("somebody answers");
    }
}
