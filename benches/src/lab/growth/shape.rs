//! With what is in a session.

use cloakroom::{MemoryStore, Session, SessionData, Sessions};

use super::curve::{Curve, Law};
use super::timed::median;

/// Requests of each kind, all to one session.
const REQUESTS: usize = 2_000;

/// A counter, and what fills the record.
#[derive(SessionData)]
#[session(cookie = "shop")]
struct Sized {
    count: u64,
    filler: String,
}

async fn began<D: SessionData>(fill: impl AsyncFn(&Session<D>)) -> (Sessions<D>, Vec<String>) {
    let sessions = Sessions::<D>::new(MemoryStore::new());
    let session = sessions.open([]);
    fill(&session).await;
    let cookie = sessions.close(&session, true).await.set_cookie.expect("a session begins");
    let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
    (sessions, vec![cookie; REQUESTS])
}

/// Reading a field borrows the record; writing one copies it.
pub(super) async fn sizes() {
    let [mut reads, mut writes] = [Vec::new(), Vec::new()];
    for size in [100, 1_000, 8_000, 64_000] {
        let (sessions, cookies) = began::<Sized>(async |session| {
            session.set_filler("x".repeat(size)).await.expect("it fits");
        })
        .await;
        let read = median(&sessions, &cookies, async |session| {
            std::hint::black_box(session.count().await.expect("a number"));
        });
        reads.push((size, read.await));
        let write = median(&sessions, &cookies, async |session| {
            let count = session.count().await.expect("a number");
            session.set_count(count + 1).await.expect("it fits");
        });
        writes.push((size, write.await));
    }
    Curve { what: "read", of: "bytes in another field, memory", law: Law::Flat, points: reads }.print();
    Curve { what: "write", of: "bytes in another field, memory", law: Law::Linear, points: writes }.print();
}

/// So many fields, of which the last is asked for.
macro_rules! with_fields {
    ($reads:ident $writes:ident, $name:ident $count:literal: $last:ident $set:ident $($field:ident)*) => {{
        #[derive(SessionData)]
        #[session(cookie = "shop")]
        struct $name {
            $($field: u64,)*
            $last: u64,
        }
        let (sessions, cookies) = began::<$name>(async |session| {
            session.set_all($name { $($field: 1,)* $last: 1 }).await.expect("it fits");
        })
        .await;
        let read = median(&sessions, &cookies, async |session| {
            std::hint::black_box(session.$last().await.expect("a number"));
        });
        $reads.push(($count, read.await));
        let write = median(&sessions, &cookies, async |session| {
            let last = session.$last().await.expect("a number");
            session.$set(last + 1).await.expect("it fits");
        });
        $writes.push(($count, write.await));
    }};
}

/// The index of a record's fields is searched from its beginning.
pub(super) async fn fields() {
    let [mut reads, mut writes] = [Vec::new(), Vec::new()];
    with_fields!(reads writes, One 1: last set_last);
    with_fields!(reads writes, Ten 10: last set_last a0 a1 a2 a3 a4 a5 a6 a7 a8);
    with_fields!(reads writes, Hundred 100: last set_last
        a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 b0 b1 b2 b3 b4 b5 b6 b7 b8 b9 c0 c1 c2 c3 c4 c5 c6 c7 c8 c9 d0 d1 d2 d3 d4 d5 d6 d7 d8 d9
        e0 e1 e2 e3 e4 e5 e6 e7 e8 e9 f0 f1 f2 f3 f4 f5 f6 f7 f8 f9 g0 g1 g2 g3 g4 g5 g6 g7 g8 g9 h0 h1 h2 h3 h4 h5 h6 h7 h8 h9
        i0 i1 i2 i3 i4 i5 i6 i7 i8 i9 j0 j1 j2 j3 j4 j5 j6 j7 j8);
    Curve { what: "read", of: "fields, memory", law: Law::Linear, points: reads }.print();
    Curve { what: "write", of: "fields, memory", law: Law::Linear, points: writes }.print();
}
