//! How what a request costs grows: `growth [PART…]`, with the parts `stored`, `size`, `fields` and `sweep`; all if none is named.
//!
//! Each is a curve with the law that it is expected to follow, and whether it does. `MOST` is the largest number of stored sessions,
//! a million if not told. What rivals on one session cost is `rivals`, what sessions weigh `bytes_per_session`. It starts the servers
//! itself; they do not wait for a disk.
//!
//! `cargo run --release -p benches --features lab --bin growth`

#[path = "growth/curve.rs"]
mod curve;
#[path = "filler.rs"]
mod filler;
#[path = "growth/shape.rs"]
mod shape;
#[path = "growth/stored.rs"]
mod stored;
#[path = "growth/sweep.rs"]
mod sweep;
#[path = "growth/timed.rs"]
mod timed;

#[tokio::main]
async fn main() {
    let parts: Vec<String> = std::env::args().skip(1).collect();
    let wanted = |part: &str| parts.is_empty() || parts.iter().any(|named| named == part);
    let most = std::env::var("MOST").map_or(1_000_000, |most| most.parse().expect("a number of sessions"));
    println!("| what | of | at | expected | µs | holds |\n|---|---|---|---|---|---|");
    if wanted("stored") {
        stored::measure(most).await;
    }
    if wanted("size") {
        shape::sizes().await;
    }
    if wanted("fields") {
        shape::fields().await;
    }
    if wanted("sweep") {
        sweep::measure(most).await;
    }
}
