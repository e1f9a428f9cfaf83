//! `any`, `all` and `not` mean what they say: every question that three needs can answer, under all their values.
//!
//! Defect 12 of the peers: a list of conditions joined by `&&` and `||` by hand let in who had one of them.

use cloakroom::{MemoryStore, Session, SessionData, Sessions, session_guard};

/// Three needs of three kinds: a field that is set, a value, and a question of the application's own.
#[derive(SessionData)]
pub struct Three {
    a: Option<u8>,
    b: bool,
    c: u8,
}

async fn c(session: &Session<Three>) -> bool {
    session.c().await.is_ok_and(|c| c == 1)
}

/// A session for each of the eight ways in which three needs hold: bit 2 for `a`, bit 1 for `b`, bit 0 for `c`.
async fn sessions() -> Vec<Session<Three>> {
    let manager = Sessions::<Three>::new(MemoryStore::new());
    let mut sessions = Vec::new();
    for row in 0..8u8 {
        let session = manager.open([]);
        session.set_a((row & 4 != 0).then_some(1)).await.unwrap();
        session.set_b(row & 2 != 0).await.unwrap();
        session.set_c(row & 1).await.unwrap();
        sessions.push(session);
    }
    sessions
}

/// A guard for each of the 256 functions of three needs, as one number: the bit of a row says whether the guard lets it in. The
/// last argument collects `any` of the rows that do; the empty `any` is written as what never holds.
macro_rules! functions {
    (@rows $found:ident, $sessions:ident, $bits:expr, [] [$($rows:tt)*]) => {{
        #[session_guard(Three, any(all(a, not(a)), $($rows)*))]
        struct Function;
        let mut found = 0u16;
        for (row, session) in $sessions.iter().enumerate() {
            found |= u16::from(Function::check(session).await.is_ok()) << row;
        }
        assert_eq!(found, $bits, "any({})", stringify!($($rows)*));
        $found.push(found);
    }};
    (@rows $found:ident, $sessions:ident, $bits:expr, [{ $bit:literal: $($row:tt)* } $($rest:tt)*] [$($rows:tt)*]) => {{
        functions!(@rows $found, $sessions, $bits, [$($rest)*] [$($rows)*]);
        functions!(@rows $found, $sessions, $bits | 1 << $bit, [$($rest)*] [$($rows)* $($row)*,]);
    }};
}

/// The body of a function for each first half, so that none of them is too long to compile well.
macro_rules! quarter {
    ($name:ident: $bits:expr, [$($rows:tt)*]) => {
        async fn $name(sessions: &[Session<Three>]) -> Vec<u16> {
            let mut found = Vec::new();
            functions!(@rows found, sessions, $bits, [
                { 0: all(not(a), not(b = true), not(check = c)) }
                { 1: all(not(a), not(b = true), check = c) }
                { 2: all(not(a), b = true, not(check = c)) }
                { 3: all(not(a), b = true, check = c) }
                { 4: all(a, not(b = true), not(check = c)) }
                { 5: all(a, not(b = true), check = c) }
            ] [$($rows)*]);
            found
        }
    };
}

quarter!(neither: 0, []);
quarter!(six: 1 << 6, [all(a, b = true, not(check = c)),]);
quarter!(seven: 1 << 7, [all(a, b = true, check = c),]);
quarter!(both: 3 << 6, [all(a, b = true), all(a, b = true),]);

#[tokio::test]
async fn all_256_functions_of_three_needs() {
    let sessions = sessions().await;
    let mut found = Vec::new();
    found.extend(neither(&sessions).await);
    found.extend(six(&sessions).await);
    found.extend(seven(&sessions).await);
    found.extend(both(&sessions).await);
    found.sort_unstable();
    assert_eq!(found, (0..256).collect::<Vec<u16>>(), "each function once");
}

/// What is written side by side must all hold, and a group is one need, wherever it stands.
macro_rules! says {
    ($sessions:ident: $($written:literal [$($needs:tt)*] => |$a:ident, $b:ident, $c:ident| $meaning:expr;)*) => {$({
        #[session_guard(Three, $($needs)*)]
        struct Written;
        for (row, session) in $sessions.iter().enumerate() {
            let ($a, $b, $c) = (row & 4 != 0, row & 2 != 0, row & 1 != 0);
            let _ = ($a, $b, $c);
            assert_eq!(Written::check(session).await.is_ok(), $meaning, "{} at {row:03b}", $written);
        }
    })*};
}

#[tokio::test]
async fn groups_bind_as_they_are_written() {
    let sessions = sessions().await;
    says! { sessions:
        "a, any(b, c)" [a, any(b = true, check = c)] => |a, b, c| a && (b || c);
        "any(b, c), a" [any(b = true, check = c), a] => |a, b, c| (b || c) && a;
        "any(all(a, b), c)" [any(all(a, b = true), check = c)] => |a, b, c| a && b || c;
        "any(a, all(b, c))" [any(a, all(b = true, check = c))] => |a, b, c| a || b && c;
        "all(a, any(b, c))" [all(a, any(b = true, check = c))] => |a, b, c| a && (b || c);
        "not(any(a, b)), c" [not(any(a, b = true)), check = c] => |a, b, c| !(a || b) && c;
        "not(all(a, b)), c" [not(all(a, b = true)), check = c] => |a, b, c| !(a && b) && c;
        "any(not(a), b)" [any(not(a), b = true)] => |a, b, _c| !a || b;
        "not(a), any(b, c)" [not(a), any(b = true, check = c)] => |a, b, c| !a && (b || c);
        "not(any(a, all(b, not(c))))" [not(any(a, all(b = true, not(check = c))))] => |a, b, c| !(a || (b && !c));
        "not(not(a))" [not(not(a))] => |a, _b, _c| a;
        "any(any(a, b), c)" [any(any(a, b = true), check = c)] => |a, b, c| a || b || c;
        "all(all(a, b), c)" [all(all(a, b = true), check = c)] => |a, b, c| a && b && c;
        "any(a)" [any(a)] => |a, _b, _c| a;
        "a | b in one pattern" [c = 0 | 1, a] => |a, _b, _c| a;
    }
}
