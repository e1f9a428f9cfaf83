//! The cookie: what it looks like, who can open it, and what becomes of one that nobody should have sent.

use cloakroom::{Closed, Policy, RecordError, RequestHead, SameSite, Session, SessionData, SessionError, Sessions};
use http::StatusCode;
use tests::secret::ALPHABET;
use tests::{Log, Shop, Visitor};

use crate::{COOKIE, DAY, NEW, OLD, World, begin, count, is_signed_in, keys, visits};

/// The bytes that base64url (RFC 4648, section 5) stands for.
fn decoded(text: &str) -> Vec<u8> {
    let digit = |byte| ALPHABET.iter().position(|letter| *letter == byte).expect("base64url") as u8;
    let bits: Vec<u8> =
        text.bytes().map(digit).flat_map(|digit| (0..6).rev().map(move |bit| digit >> bit & 1)).collect();
    bits.chunks_exact(8).map(|bits| bits.iter().fold(0, |byte, bit| byte << 1 | bit)).collect()
}

/// What a visitor with this cookie finds: never an error, and never an answer to the cookie.
async fn assert_anonymous(sessions: &Sessions<Shop>, cookie: &str) {
    let read = async |session: Session<Shop>| (session.visits().await.unwrap(), session.id().await.unwrap());
    let (seen, closed) = Visitor::new(sessions.clone()).with_cookie(cookie).request(read).await;
    assert_eq!(seen, (0, None), "{cookie}");
    assert!(closed.error.is_none() && closed.set_cookie.is_none() && closed.uncacheable, "{closed:?}");
}

/// As it begins, is remembered, and is removed: the attributes of a token's cookie, around a longer value.
#[tokio::test]
async fn its_attributes_are_those_of_a_token() {
    let of = Policy::of::<Shop>;
    let cases = [
        (of(), "__Host-shop=", "; HttpOnly; SameSite=Lax; Secure; Path=/"),
        (
            of().with_domain("shop.example").with_path("/a").with_partitioned().with_same_site(SameSite::None),
            "__Secure-shop=",
            "; HttpOnly; SameSite=None; Partitioned; Secure; Path=/a; Domain=shop.example",
        ),
        (of().with_insecure_development_cookie(), "shop=", "; HttpOnly; SameSite=Lax; Path=/"),
    ];
    for (policy, name, attributes) in cases {
        let mut visitor = World::by(policy).stranger();
        let text = |closed: Closed, visitor: &Visitor<Shop>| {
            let value = visitor.token().expect("a cookie");
            assert!(value.bytes().all(|byte| ALPHABET.contains(&byte)), "{value}");
            closed.set_cookie.expect("a change of the cookie").replace(value, "…")
        };
        let (_, begun) = visitor.request(begin).await;
        assert_eq!(text(begun, &visitor), format!("{name}…{attributes}"));
        let remember = async |session: Session<Shop>| session.set_expiry(DAY, 30 * DAY).await.unwrap();
        let (_, remembered) = visitor.request(remember).await;
        assert_eq!(text(remembered, &visitor), format!("{name}…{attributes}; Max-Age=2592000"));
        let (_, removed) = visitor.request(async |session| session.destroy().await.unwrap()).await;
        assert_eq!(removed.set_cookie.unwrap(), format!("{name}{attributes}; Max-Age=0"));
    }
}

#[tokio::test]
async fn it_shows_nothing_of_the_session() {
    let mut visitor = World::new().stranger();
    let notice = "a sentence that would be easy to find";
    visitor.visit(async |session| session.set_notice(notice.to_owned()).await.unwrap()).await;
    let bytes = decoded(visitor.token().unwrap());
    for word in [notice, "notice", "sentence"] {
        assert!(!bytes.windows(word.len()).any(|part| part == word.as_bytes()), "{word}");
    }
}

/// Every character exchanged for another, and every piece left out at an end.
#[tokio::test]
async fn whatever_was_changed_opens_nothing() {
    let world = World::new();
    let visitor = world.visitor().await;
    let value = visitor.token().unwrap().to_owned();
    for at in 0..value.len() {
        let mut changed = value.clone().into_bytes();
        // The neighbour in the alphabet: one bit differs, also among those of the last character that stand for nothing.
        let digit = ALPHABET.iter().position(|letter| *letter == changed[at]).unwrap();
        changed[at] = ALPHABET[digit ^ 1];
        assert_anonymous(&world.sessions, &format!("{COOKIE}={}", String::from_utf8(changed).unwrap())).await;
        assert_anonymous(&world.sessions, &format!("{COOKIE}={}", &value[..at])).await;
        assert_anonymous(&world.sessions, &format!("{COOKIE}={}", &value[at + 1..])).await;
    }
    for strange in [format!("{value}A"), format!("{value}="), format!("\"{value}\""), value.replace(['-', '_'], "+")] {
        if strange != value {
            assert_anonymous(&world.sessions, &format!("{COOKIE}={strange}")).await;
        }
    }
    assert!(is_signed_in(&visitor).await);
}

/// Longer than any browser sends: 8 KB, and the longest that is looked at.
#[tokio::test]
async fn what_is_too_long_is_not_looked_at() {
    let log = Log::start();
    let world = World::new();
    let visitor = world.visitor().await;
    for len in [100_000, 8 * 1024, 4085, 4084] {
        let junk = visitor.token().unwrap().chars().cycle().take(len).collect::<String>();
        assert_anonymous(&world.sessions, &format!("{COOKIE}={junk}")).await;
        assert_eq!(log.text().contains("not opened"), len == 4084, "{len}");
    }
}

/// One key for two applications' worth of sessions: each cookie opens under its own name alone.
#[tokio::test]
async fn no_other_session_opens_it() {
    #[derive(SessionData)]
    #[session(cookie = "office")]
    struct Office {
        visits: u64,
    }
    let world = World::new();
    let visitor = world.visitor().await;
    let value = visitor.token().unwrap();
    let office = Sessions::<Office>::sealed(keys(OLD)).with_clock(world.clock.clone());
    let mut foreign = Visitor::new(office.clone()).with_cookie(format!("__Host-office={value}"));
    assert_eq!(foreign.visit(async |session| session.visits().await.unwrap()).await, 0);
    // The same type under another name of its cookie: what was planted over plain HTTP is worth nothing over TLS.
    let development = world.sessions.clone().with_insecure_development_cookie();
    assert_anonymous(&development, &format!("shop={value}")).await;
    assert_anonymous(&world.sessions.clone().with_insecure_development_cookie(), visitor.cookie().unwrap()).await;
    // Another application's key.
    let elsewhere = Sessions::sealed(keys(NEW)).with_clock(world.clock.clone());
    assert_anonymous(&elsewhere, visitor.cookie().unwrap()).await;
    // A token, as stores have them.
    assert_anonymous(&world.sessions, &format!("{COOKIE}=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")).await;
}

/// Somebody planted one of them, and nobody can say which.
#[tokio::test]
async fn of_two_different_ones_neither_is_used() {
    let world = World::new();
    let (one, two) = (world.visitor().await, world.visitor().await);
    assert_anonymous(&world.sessions, &format!("{}; {}", one.cookie().unwrap(), two.cookie().unwrap())).await;
    let twice = format!("theme=dark; {0}; {0}", one.cookie().unwrap());
    assert!(is_signed_in(&world.stranger().with_cookie(twice)).await);
}

/// You pay for what you use: nothing is opened, and nothing answered, before something is asked or changed.
#[tokio::test]
async fn who_only_looks_gets_no_cookie() {
    let log = Log::start();
    let world = World::new();
    let (_, closed) = world.stranger().request(visits).await;
    assert!(closed.set_cookie.is_none() && closed.uncacheable);
    let mut forged = world.stranger().with_cookie(format!("{COOKIE}={}", "A".repeat(200)));
    let (_, closed) = forged.request(async |_| ()).await;
    assert!(closed.set_cookie.is_none() && !closed.uncacheable);
    assert!(!log.text().contains("not opened"), "an untouched session is not even looked at: {}", log.text());
    forged.request(visits).await;
    assert!(log.text().contains("not opened"), "{}", log.text());

    let mut visitor = world.visitor().await;
    let (_, closed) = visitor.request(async |session| session.snapshot().await.map(drop).unwrap()).await;
    assert!(closed.set_cookie.is_none(), "{closed:?}");
    let (_, closed) = visitor.request(async |session| session.set_visits(3).await.unwrap()).await;
    assert!(closed.set_cookie.is_none(), "what is set already is no change");
    let (_, closed) = visitor.request(count).await;
    assert!(closed.set_cookie.is_some());
}

/// Who demands an origin where a session cookie comes along knows a sealed one when it sees it.
#[test]
fn strict_origins_know_it() {
    let sessions = World::new().sessions.with_strict_origins();
    let post = RequestHead { method: "POST", path: "/", ..Default::default() };
    let admits = |cookie: &str| sessions.admit(&post, [cookie.as_bytes()]).is_ok();
    assert!(!admits(&format!("{COOKIE}={OF_2026}")));
    assert!(admits("theme=dark") && admits(&format!("{COOKIE}=no, no sealed session")));
}

/// Sealed by another implementation (Python's `hmac` and `cryptography` 48) from `record/packed.rs` and `seal.rs` alone, with
/// identity 00…0f, in 2026. Cookies outlive the program that sealed them, so this never changes.
const OF_2026: &str = "S1EAAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcUmkPUnZBVCO-fpjix_wNrhruhhMFO7fmIh9zzNiBgzv-XPF8817ed3IL4lpTqcKR-IAZ6OL8tA7\
     c_ScEha8in6W-d-lac-PnbLogTc1MGSagNCPtFk25LSY-b-DX8CR2oXLpQAr9_dUACEql_AO-Pv1gE4uIGCeoXsbk5kAxxVtaI7dqZO3l3nqNV\
     3TTsfonO15cZ79ZL4h2-WhMR56o_UL9tq4WQloBCTrOXc1uG4yGr9pYkn9dykePLdd8lyQGDeK707WcANLvja-hz133h85GnX-7b9nZpDaMAh7\
     IkMTN48TVmmHAOWUJmECDZDqCUfw8pDTfACjaLorgfYQhvJGMxrzSUBiNLlNJU79yLv6wfVIX75QYk4QSbea9WgyG6liO2RMkdZRZUuhIB6HJM\
     ltTO5j_IB9kasiD-bvguVIJUU0A";

/// The same, but that its first byte says format 2.
pub const NEWER: &str = "S1EAAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcXmkPUnZBVCO-fpjix_wNrhruhhMFO7fmIh9zzNiBgzv-XPF8817ed3IL4lpTqcKR-IAZ6OL8tA7\
     c_ScEha8in6W-d-lac-PnbLogTc1MGSagNCPtFk25LSY-b-DX8CR2oXLpQAr9_dUACEql_AO-Pv1gE4uIGCeoXsbk5kAxxVtaI7dqZO3l3nqNV\
     3TTsfonO15cZ79ZL4h2-WhMR56o_UL9tq4WQloBCTrOXc1uG4yGr9pYkn9dykePLdd8lyQGDeK707WcANLvja-hz133h85GnX-7b9nZpDaMAh7\
     IkMTN48TVmmHAOWUJmECDZDqCUfw8pDTfACjaLorgfYQhvJGMxrzSUBiNLlNJU79yLv6wfVIX75QYk4QSbea9WgyG6liO2RMkdZRZUuhIB6HJM\
     ltTO5msf9rmqmiFJ7D81WBij2FI";

#[tokio::test]
async fn what_was_sealed_in_2026_opens() {
    let world = World::new();
    let mut visitor = world.stranger().with_cookie(format!("{COOKIE}={OF_2026}"));
    let shop = visitor.visit(async |session| session.snapshot().await.unwrap()).await;
    assert_eq!((shop.visits, shop.oauth_state.as_deref()), (5, Some("state")));
    let own = visitor.visit(async |session| (session.keys().await.unwrap(), session.created_at().await.unwrap())).await;
    assert_eq!(own.0, ["visits", "oauth_state", "of a newer program"]);
    assert!(own.1.is_some());
}

/// A newer program's cookie is an error, not an empty session that would overwrite it; but who wants out gets out.
#[tokio::test]
async fn what_a_newer_program_sealed_is_left_alone() {
    let world = World::new();
    let mut visitor = world.stranger().with_cookie(format!("{COOKIE}={NEWER}"));
    let (error, closed) = visitor.request(async |session: Session<Shop>| session.visits().await.unwrap_err()).await;
    assert!(matches!(error, SessionError::Record(RecordError::Newer { found: 2, .. })), "{error}");
    assert_eq!(error.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(closed.set_cookie.is_none());
    let (_, closed) = visitor.request(async |session: Session<Shop>| session.set_visits(1).await.unwrap()).await;
    assert!(closed.error.is_some() && closed.set_cookie.is_none(), "{closed:?}");
    let (_, closed) = visitor.request(async |session: Session<Shop>| session.destroy().await.unwrap()).await;
    assert!(closed.set_cookie.unwrap().ends_with("; Max-Age=0"));
}
