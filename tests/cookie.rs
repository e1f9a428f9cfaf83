//! Promises 5 and 6: the token is a secret, and the cookie that carries it is safe by default.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use cloakroom::store::{SessionStore, Stored};
use cloakroom::{
    ManualClock, MemoryStore, Policy, SameSite, Session, SessionData, SessionError, SessionLayer, Sessions, StoreError,
    Token,
};
use cookie::Cookie;
use http::{HeaderValue, Method, header};
use proptest::prelude::*;
use tests::secret::{ALPHABET, assert_secret, decode, key};
use tests::web::{Browser, Framework, Routes, get, post};
use tests::{Calls, CountingStore, Deed, Shop, Visitor, on_both};

const COOKIE: &str = "__Host-shop";

fn visitor(policy: Policy) -> Visitor<Shop> {
    let clock = ManualClock::default();
    let store = MemoryStore::new().with_clock(clock.clone());
    Visitor::new(Sessions::new(store).with_clock(clock).with_policy(policy))
}

/// What a policy makes of Set-Cookie: as it begins a session, remembers it, and removes it; the token written as `…`.
async fn texts(policy: Policy) -> [String; 3] {
    let mut visitor = visitor(policy);
    let (_, begun) = visitor.request(async |session| session.set_visits(1).await.unwrap()).await;
    let begun = masked(&begun.set_cookie.expect("a cookie begins the session"), visitor.token().expect("kept"));
    let remember = async |session: Session<Shop>| session.set_expiry(DAY, 30 * DAY).await.unwrap();
    let (_, remembered) = visitor.request(remember).await;
    let remembered =
        masked(&remembered.set_cookie.expect("a cookie that outlives the browser"), visitor.token().expect("kept"));
    let (_, removed) = visitor.request(async |session| session.destroy().await.unwrap()).await;
    [begun, remembered, removed.set_cookie.expect("a removal")]
}

fn masked(text: &str, token: &str) -> String {
    assert!(decode(token.as_bytes()).is_some(), "{token} is no token");
    text.replace(token, "…")
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Every byte of Set-Cookie, for every policy. A removal carries the attributes of what it removes (defects 13 and 21).
#[tokio::test]
async fn every_policy_writes_exactly_this() {
    let of = Policy::of::<Shop>;
    let cases: [(Policy, &str, &str); 12] = [
        (of(), "__Host-shop=", "; HttpOnly; SameSite=Lax; Secure; Path=/"),
        (of().with_same_site(SameSite::Strict), "__Host-shop=", "; HttpOnly; SameSite=Strict; Secure; Path=/"),
        (of().with_same_site(SameSite::None), "__Host-shop=", "; HttpOnly; SameSite=None; Secure; Path=/"),
        (of().with_partitioned(), "__Host-shop=", "; HttpOnly; SameSite=Lax; Partitioned; Secure; Path=/"),
        (of().with_path("/"), "__Host-shop=", "; HttpOnly; SameSite=Lax; Secure; Path=/"),
        (of().with_path("/admin"), "__Secure-shop=", "; HttpOnly; SameSite=Lax; Secure; Path=/admin"),
        (
            of().with_domain("shop.example"),
            "__Secure-shop=",
            "; HttpOnly; SameSite=Lax; Secure; Path=/; Domain=shop.example",
        ),
        (
            of().with_domain("shop.example").with_path("/a/b").with_partitioned().with_same_site(SameSite::None),
            "__Secure-shop=",
            "; HttpOnly; SameSite=None; Partitioned; Secure; Path=/a/b; Domain=shop.example",
        ),
        (of().with_insecure_development_cookie(), "shop=", "; HttpOnly; SameSite=Lax; Path=/"),
        // A browser takes neither `Partitioned` nor `SameSite=None` without `Secure`: they stay out where `Secure` does.
        (of().with_insecure_development_cookie().with_partitioned(), "shop=", "; HttpOnly; SameSite=Lax; Path=/"),
        (
            of().with_same_site(SameSite::None).with_insecure_development_cookie(),
            "shop=",
            "; HttpOnly; SameSite=Lax; Path=/",
        ),
        (
            of().with_domain("shop.example").with_path("/a").with_insecure_development_cookie(),
            "shop=",
            "; HttpOnly; SameSite=Lax; Path=/a; Domain=shop.example",
        ),
    ];
    for (policy, name, attributes) in cases {
        let [begun, remembered, removed] = texts(policy.clone()).await;
        assert_eq!(begun, format!("{name}…{attributes}"), "{policy:?}");
        assert_eq!(remembered, format!("{name}…{attributes}; Max-Age=2592000"), "{policy:?}");
        assert_eq!(removed, format!("{name}{attributes}; Max-Age=0"), "{policy:?}");
        assert_eq!(format!("{}=", policy.cookie_name()), name);
    }
}

mod declared {
    use cloakroom::SessionData;

    #[derive(SessionData)]
    #[session(cookie = "back", same_site = "strict", path = "/back", domain = "shop.example", partitioned)]
    pub struct Back {
        pub pages: u32,
    }
}

/// What the struct's attribute says is what the browser gets.
#[tokio::test]
async fn the_structs_attribute_is_the_policy() {
    let mut visitor = Visitor::new(Sessions::<declared::Back>::new(MemoryStore::new()));
    let (_, closed) = visitor.request(async |session| session.set_pages(1).await.unwrap()).await;
    let text = masked(&closed.set_cookie.unwrap(), visitor.token().unwrap());
    let expected = "__Secure-back=…; HttpOnly; SameSite=Strict; Partitioned; Secure; Path=/back; Domain=shop.example";
    assert_eq!(text, expected);
}

/// A parser that is not ours reads what we meant.
#[tokio::test]
async fn another_parser_reads_what_we_wrote() {
    let policy = Policy::of::<Shop>().with_domain("shop.example").with_path("/a").with_partitioned();
    let mut visitor = visitor(policy);
    let write = async |session: Session<Shop>| {
        session.set_expiry(DAY, 30 * DAY).await.unwrap();
        session.set_visits(1).await.unwrap();
    };
    let (_, set) = visitor.request(write).await;
    let token = visitor.token().unwrap().to_owned();
    let (_, removed) = visitor.request(async |session| session.destroy().await.unwrap()).await;
    for (text, value, max_age) in
        [(set.set_cookie.unwrap(), token.as_str(), 30 * 24 * 60 * 60), (removed.set_cookie.unwrap(), "", 0)]
    {
        let cookie = Cookie::parse(text).expect("a cookie");
        assert_eq!((cookie.name(), cookie.value()), ("__Secure-shop", value));
        assert_eq!((cookie.http_only(), cookie.secure(), cookie.partitioned()), (Some(true), Some(true), Some(true)));
        assert_eq!((cookie.path(), cookie.domain()), (Some("/a"), Some("shop.example")));
        assert_eq!(cookie.same_site(), Some(SameSite::Lax));
        assert_eq!(cookie.max_age().map(|age| age.whole_seconds()), Some(max_age));
    }
}

/// "Remember me" lasts until the absolute end, and no longer than browsers keep a cookie: 400 days.
#[tokio::test]
async fn a_remembered_cookie_lasts_400_days_at_most() {
    for (absolute, max_age) in [
        (Duration::from_secs(90), 90),
        (30 * DAY, 30 * 86_400),
        (400 * DAY, 400 * 86_400),
        (4_000 * DAY, 400 * 86_400),
        (Duration::MAX, 400 * 86_400),
    ] {
        let clock = ManualClock::default();
        let sessions = Sessions::<Shop>::new(MemoryStore::new().with_clock(clock.clone())).with_clock(clock);
        let remember = async |session: Session<Shop>| {
            session.set_expiry(absolute, absolute).await.unwrap();
            session.set_visits(1).await.unwrap();
        };
        let (_, closed) = Visitor::new(sessions).request(remember).await;
        let text = closed.set_cookie.unwrap();
        assert!(text.ends_with(&format!("; Max-Age={max_age}")), "{absolute:?}: {text}");
    }
}

/// Sliding needs no new cookie, and neither does any write of a live session.
#[tokio::test]
async fn a_live_session_gets_no_new_cookie() {
    let mut visitor = visitor(Policy::of::<Shop>());
    visitor.visit(async |session| session.set_visits(1).await.unwrap()).await;
    for _ in 0..3 {
        let (_, closed) =
            visitor.request(async |session| session.update_visits(|visits| *visits += 1).await.unwrap()).await;
        assert_eq!(closed.set_cookie, None);
        let (_, closed) = visitor.request(async |session| session.clear().await.unwrap()).await;
        assert_eq!(closed.set_cookie, None);
    }
}

/// Defect 13: the prefix that is written is the prefix that is read, under every policy, and no other name opens the session.
#[tokio::test]
async fn the_name_that_is_written_is_the_name_that_is_read() {
    let of = Policy::of::<Shop>;
    for policy in
        [of(), of().with_domain("shop.example"), of().with_path("/a"), of().with_insecure_development_cookie()]
    {
        let own = policy.cookie_name().to_owned();
        let mut visitor = visitor(policy);
        visitor.visit(async |session| session.set_visits(5).await.unwrap()).await;
        let visits = async |session: Session<Shop>| session.visits().await.unwrap();
        assert_eq!(visitor.visit(visits).await, 5, "{own}");
        for name in
            ["__Host-shop", "__Secure-shop", "shop", "__host-shop", "__Host-Shop", "__Host-shop2", "x__Host-shop"]
        {
            let cookie = format!("{name}={}", visitor.token().unwrap());
            let opened = visitor.clone().with_cookie(cookie).visit(visits).await;
            assert_eq!(opened == 5, name == own, "`{name}` under a policy that writes `{own}`");
        }
    }
}

/// What a shop with one session makes of Cookie header fields: the visits that it finds (0: anonymous), and the calls to the store.
struct Reader {
    sessions: Sessions<Shop>,
    calls: Calls,
    token: String,
}

impl Reader {
    async fn new() -> Self {
        let (store, calls) = CountingStore::new(MemoryStore::new());
        let sessions = Sessions::new(store);
        let mut visitor = Visitor::new(sessions.clone());
        visitor.visit(async |session: Session<Shop>| session.set_visits(5).await.unwrap()).await;
        calls.take();
        Self { token: visitor.token().unwrap().to_owned(), sessions, calls }
    }

    async fn read(&self, fields: &[&[u8]]) -> (u64, usize) {
        let session = self.sessions.open(fields.iter().copied());
        let visits = session.visits().await.expect("no Cookie header makes a request fail");
        let closed = self.sessions.close(&session, true).await;
        assert!(closed.error.is_none() && closed.set_cookie.is_none(), "{closed:?}");
        (visits, self.calls.take().len())
    }

    async fn opens(&self, field: impl AsRef<[u8]>) -> bool {
        let (visits, calls) = self.read(&[field.as_ref()]).await;
        assert_eq!(calls, usize::from(visits == 5), "a lookup without a token in {}", field.as_ref().escape_ascii());
        visits == 5
    }
}

/// Neighbours may hold anything: one byte that is no ASCII in somebody else's cookie must log nobody out.
#[tokio::test]
async fn strange_neighbours_hide_no_session() {
    let shop = Reader::new().await;
    let cookie = format!("{COOKIE}={}", shop.token);
    let with = |before: &[u8], after: &[u8]| [before, cookie.as_bytes(), after].concat();
    let neighbours: [(&[u8], &[u8]); 16] = [
        (b"", b""),
        (b"theme=dark; ", b"; lang=en"),
        (b"theme=dark;", b";lang=en"),
        (b"name=M\xfcller; ", b"; \xff\xfe=\xff"),
        ("name=日本; ".as_bytes(), "; 名=値".as_bytes()),
        (b"broken; ", b"; =; ; ;;"),
        (b"; ; ", b";"),
        (b"quoted=\"a b\"; ", b"; json={\"a\":1}"),
        (b"\t ", b" \t"),
        (b"a=b;\t", b"\t;\tc=d"),
        (b"__Host-shop2=x; x__Host-shop=y; ", b"; __Host-sho=z"),
        (b"__Host-shop=; ", b"; __Host-shop"),
        (b"__Host-shop=too-short; ", b"; __Host-shop=\xff"),
        (b"shop=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA; ", b""),
        (b"\0\x01\x7f; ", b"; \0"),
        (b"$Version=1; ", b"; $Path=/"),
    ];
    for (before, after) in neighbours {
        let field = with(before, after);
        assert!(shop.opens(&field).await, "{}", field.escape_ascii());
    }
}

/// One text stands for a token. Nothing that resembles it is looked up.
#[tokio::test]
async fn what_is_no_token_is_not_looked_up() {
    let shop = Reader::new().await;
    let token = &shop.token;
    assert!(shop.opens(format!("{COOKIE}={token}")).await);
    // The text's last character carries two bits that belong to no byte: three more texts would decode to the same bytes.
    let (head, last) = token.split_at(42);
    let digit = ALPHABET.iter().position(|letter| [*letter] == *last.as_bytes()).unwrap();
    for trailing in 1..4 {
        let twin = format!("{head}{}", ALPHABET[digit | trailing] as char);
        assert!(!shop.opens(format!("{COOKIE}={twin}")).await, "trailing bits {trailing}");
    }
    let alike = [
        String::new(),
        format!("\"{token}\""),
        format!("{token}="),
        format!("{token}A"),
        format!("{token}, {token}"),
        format!(" {token}"),
        format!("={token}"),
        format!("%41{}", &token[1..]),
        token[1..].to_owned(),
        format!("+{}", &token[1..]),
        format!("/{}", &token[1..]),
        format!("é{}", &token[2..]),
        format!("{}\0", &token[1..]),
        "A".repeat(44),
        "A".repeat(1 << 20),
    ];
    for value in alike {
        assert!(!shop.opens(format!("{COOKIE}={value}")).await, "`{}`", &value[..value.len().min(60)]);
    }
    for name in ["__Host-shop ", "__Host-shop\t", "\u{a0}__Host-shop", "__Host-shop[]"] {
        assert!(!shop.opens(format!("{name}={token}")).await, "`{name}`");
    }
    for nothing in ["", ";", "=", " ", COOKIE, "__Host-shop=", "__Host-shop;"] {
        assert!(!shop.opens(nothing).await, "`{nothing}`");
    }
}

/// A header of a mebibyte is read to its end.
#[tokio::test]
async fn a_mebibyte_of_cookies_is_read() {
    let shop = Reader::new().await;
    let many = "a=b; ".repeat((1 << 20) / 5);
    assert!(shop.opens(format!("{many}{COOKIE}={}", shop.token)).await);
    assert!(!shop.opens(&many).await);
    assert!(!shop.opens(vec![0xff; 1 << 20]).await);
    assert!(!shop.opens("__Host-shop=".repeat((1 << 20) / 12)).await);
    assert!(!shop.opens(vec![b';'; 1 << 20]).await);
}

/// Two different tokens under one name: one of them was planted, and nobody can say which. Copies of one are one.
#[tokio::test]
async fn two_different_tokens_are_none() {
    let shop = Reader::new().await;
    let own = format!("{COOKIE}={}", shop.token);
    let planted = format!("{COOKIE}={}", "A".repeat(43));
    let broken = format!("{COOKIE}=broken");
    assert!(shop.opens([own.as_str(); 10].join("; ")).await, "ten copies");
    assert!(shop.opens(format!("{}; {own}", [broken.as_str(); 9].join("; "))).await, "nine of ten are malformed");
    for cookies in [[&own, &planted], [&planted, &own]] {
        let (first, second) = (cookies[0], cookies[1]);
        assert!(!shop.opens(format!("{first}; {second}")).await);
        assert!(!shop.opens(format!("{first}; {}; {second}", [own.as_str(); 8].join("; "))).await);
        assert_eq!(shop.read(&[first.as_bytes(), second.as_bytes()]).await, (0, 0), "in two header fields");
    }
    // HTTP/2 may send one field per cookie.
    assert_eq!(shop.read(&[b"theme=dark", own.as_bytes(), b"\xff", own.as_bytes()]).await, (5, 1));
    assert_eq!(shop.read(&[]).await, (0, 0));
    assert_eq!(
        shop.read(&[&own.as_bytes()[..20], &own.as_bytes()[20..]]).await,
        (0, 0),
        "fields are not glued together"
    );
}

/// The same through a framework: several fields, and bytes that are no text.
async fn cookie_fields_reach_the_session_as_bytes() {
    let app = Routes::new()
        .route("/", post(async |session: Session<Shop>| session.set_visits(5).await))
        .route("/", get(async |session: Session<Shop>| session.visits().await.map(|visits| visits.to_string())))
        .layer(SessionLayer::<Shop>::new(MemoryStore::new()));
    let mut browser = Browser::new(app);
    browser.post("/").await;
    let mut request = browser.request(Method::GET, "/");
    request.headers_mut().insert(header::COOKIE, HeaderValue::from_bytes(b"name=M\xfcller").unwrap());
    request.headers_mut().append(header::COOKIE, browser.cookie_header().parse().unwrap());
    assert_eq!(browser.fetch(request).await.body, "5");
}

/// Does this header carry exactly one token, however often? Written from RFC 6265, section 5.4, and the base64url alphabet.
fn tokens_in(field: &[u8]) -> usize {
    let pairs = field.split(|byte| *byte == b';').map(|pair| pair.trim_ascii());
    let values = pairs.filter_map(|pair| pair.strip_prefix(COOKIE.as_bytes())?.strip_prefix(b"="));
    values.filter_map(decode).collect::<std::collections::BTreeSet<_>>().len()
}

fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => Just(b"__Host-shop=".to_vec()),
        3 => "[A-Za-z0-9_-]{43}".prop_map(String::into_bytes),
        3 => "[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]".prop_map(String::into_bytes),
        2 => Just(b"__Host-shop=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_vec()),
        3 => Just(b"; ".to_vec()),
        1 => Just(b";".to_vec()),
        1 => Just(b"=".to_vec()),
        1 => Just(b" \t".to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..60),
    ];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    /// Whatever arrives: no panic, and the store is asked if and only if there is one well-formed token.
    #[test]
    fn any_bytes_are_one_token_or_no_lookup(field in prop_oneof![proptest::collection::vec(any::<u8>(), 0..300), pieces()]) {
        let (store, calls) = CountingStore::new(MemoryStore::new());
        let sessions = Sessions::<Shop>::new(store);
        let session = sessions.open([field.as_slice()]);
        let visits = futures_util::FutureExt::now_or_never(session.visits());
        prop_assert!(matches!(visits, Some(Ok(0))));
        let loads = if tokens_in(&field) == 1 { 1 } else { 0 };
        prop_assert_eq!(calls.take(), vec![Deed::Load; loads]);
    }

    /// `Token::parse` takes exactly the canonical texts, and gives them back.
    #[test]
    fn a_token_has_one_text(text in prop_oneof![
        "[A-Za-z0-9_-]{43}".prop_map(String::into_bytes),
        "[A-Za-z0-9_-]{40,46}".prop_map(String::into_bytes),
        proptest::collection::vec(any::<u8>(), 43),
    ]) {
        let parsed = Token::parse(&text);
        prop_assert_eq!(parsed.is_some(), decode(&text).is_some());
        if let Some(token) = parsed {
            prop_assert_eq!(token.expose().into_bytes(), text);
        }
    }
}

/// 256 bits from the operating system: no two alike, and each bit is 0 as often as 1.
#[tokio::test]
async fn a_token_is_256_random_bits() {
    const DRAWN: usize = 2_000;
    let sessions = Sessions::<Shop>::new(MemoryStore::new());
    let mut ones = [0_usize; 256];
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..DRAWN {
        let mut visitor = Visitor::new(sessions.clone());
        visitor.visit(async |session| session.set_visits(1).await.unwrap()).await;
        let token = decode(visitor.token().unwrap().as_bytes()).expect("43 characters of base64url, no trailing bits");
        (0..256).for_each(|bit| ones[bit] += usize::from(token[bit / 8] >> (bit % 8) & 1));
        assert!(seen.insert(token), "a token was drawn twice");
    }
    // Six standard deviations around one half: wrong once in a million runs of this test.
    let (low, high) = (DRAWN / 2 - 135, DRAWN / 2 + 135);
    for (bit, ones) in ones.into_iter().enumerate() {
        assert!((low..high).contains(&ones), "bit {bit} was 1 in {ones} of {DRAWN} tokens");
    }
}

/// Whoever reads the store cannot make a cookie of it: the key is a hash over the session's name and the token.
#[tokio::test]
async fn the_store_knows_a_hash_of_the_token() {
    let store = MemoryStore::new();
    let mut visitor = Visitor::new(Sessions::<Shop>::new(store.clone()));
    visitor.visit(async |session| session.set_visits(1).await.unwrap()).await;
    let token = &visitor.token().unwrap().to_owned();
    let Stored { bytes, .. } = store.load(&key("shop", token)).await.unwrap().expect("SHA-256(name ‖ 0 ‖ token)");
    let secret = decode(token.as_bytes()).unwrap();
    assert!(!contains(&bytes, token.as_bytes()) && !contains(&bytes, &secret), "the record holds its own token");
    let id = visitor.visit(async |session| session.id().await.unwrap()).await.unwrap();
    assert_eq!(id, key("shop", token).id());
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

#[derive(SessionData)]
#[session(cookie = "desk")]
struct Desk {
    visits: u64,
}

/// Two types on one store: a valid token of one opens nothing under the other's name.
#[tokio::test]
async fn a_token_of_another_type_opens_nothing() {
    let store = MemoryStore::new();
    let mut shop = Visitor::new(Sessions::<Shop>::new(store.clone()));
    shop.visit(async |session| session.set_visits(5).await.unwrap()).await;
    let stolen = format!("__Host-desk={}", shop.token().unwrap());
    let mut desk = Visitor::new(Sessions::<Desk>::new(store.clone())).with_cookie(stolen.clone());
    assert_eq!(
        desk.visit(async |session| (session.visits().await.unwrap(), session.id().await.unwrap())).await,
        (0, None)
    );
    desk.visit(async |session| session.destroy().await.unwrap()).await;
    assert_eq!(shop.visit(async |session| session.visits().await.unwrap()).await, 5, "the other type ended it");
    let mut desk = desk.with_cookie(stolen.clone());
    desk.visit(async |session| session.set_visits(1).await.unwrap()).await;
    assert_ne!(desk.cookie(), Some(stolen.as_str()), "a token of another type was adopted");
    assert_eq!(shop.visit(async |session| session.visits().await.unwrap()).await, 5);
}

/// Neither `Debug` nor `Display` of anything that holds one shows a token or a storage key.
#[tokio::test]
async fn debug_never_shows_the_token() {
    let sessions = Sessions::<Shop>::new(MemoryStore::new());
    let layer = SessionLayer::from(sessions.clone());
    let mut visitor = Visitor::new(sessions.clone());
    visitor.visit(async |session| session.set_visits(1).await.unwrap()).await;
    let token = visitor.token().unwrap().to_owned();
    let mut shown = Vec::new();
    let keep = async |session: Session<Shop>| {
        let mut shown = vec![format!("{session:?}")];
        session.visits().await.unwrap();
        shown.push(format!("{session:?} {session:#?} {:?}", session.id().await.unwrap()));
        session.regenerate().await.unwrap();
        shown.push(format!("{session:?}"));
        session.save().await.unwrap();
        shown.push(format!("{session:?} {:?}", session.destroy()));
        shown
    };
    shown.extend(visitor.visit(keep).await);
    let parsed = Token::parse(token.as_bytes()).unwrap();
    shown.push(format!("{parsed:?} {parsed:#?} {:?}", Some(parsed)));
    let key = key("shop", &token);
    shown.push(format!("{key:?} {key:#?} {:?} {}", key.id(), key.id()));
    shown.push(format!("{sessions:?} {sessions:#?} {layer:?}"));
    let error = StoreError::message("connection refused");
    shown.push(format!("{error:?} {error} {:?}", SessionError::Store(StoreError::message("down"))));
    assert!(shown.concat().contains("Session"), "something was shown");
    shown.iter().for_each(|text| assert_secret(text, std::slice::from_ref(&token)));
}

/// What a panic says.
fn panic_of(attempt: impl FnOnce()) -> String {
    let panic: Box<dyn Any + Send> = catch_unwind(AssertUnwindSafe(attempt)).expect_err("this must not start");
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).expect("a message")
}

/// A policy that a browser would refuse, or read as another one, fails when the program starts, and the message shows what is wrong.
#[test]
fn a_policy_that_a_browser_would_refuse_fails_at_start() {
    for name in ["", "two words", "a=b", "a;b", "a,b", "a\"b", "größe", "a\tb", "a\0b", "a/b", "(a)", "a@b", "a\\b"] {
        let message = panic_of(|| drop(Policy::new(name)));
        assert!(message.contains(&format!("`{name}`")) && message.contains("letters"), "{message}");
    }
    for name in ["__Host-shop", "__Secure-shop", "__host-shop", "__SECURE-x", "__Http-shop", "__Host-Http-shop"] {
        let message = panic_of(|| drop(Policy::new(name)));
        assert!(message.contains(name) && message.contains("prefix"), "{message}");
    }
    let message = panic_of(|| drop(Policy::new("twenty-three-characters")));
    assert!(message.contains("22"), "{message}");
    assert_eq!(Policy::new("twenty-two-characters.").cookie_name(), "__Host-twenty-two-characters.");

    for path in ["", "shop", "/a;b", "/a b", "/ä", "/a\n", "/a\0", "https://shop.example/"] {
        let message = panic_of(|| drop(Policy::new("shop").with_path(path)));
        assert!(message.contains(&format!("`{path}`")) && message.contains("path"), "{message}");
    }
    for domain in [
        "",
        ".shop.example",
        "shop.example.",
        "a..b",
        "https://shop.example",
        "shop.example:443",
        "a b",
        "a;b",
        "münchen.example",
        "*.shop.example",
        "/",
    ] {
        let message = panic_of(|| drop(Policy::new("shop").with_domain(domain)));
        assert!(message.contains(&format!("`{domain}`")) && message.contains("host name"), "{message}");
    }
    let message = panic_of(|| drop(Sessions::<Shop>::new(MemoryStore::new()).with_policy(Policy::new("other"))));
    assert!(message.contains("`other`") && message.contains("`shop`"), "{message}");
}

mod twins {
    use cloakroom::SessionData;

    #[derive(SessionData)]
    #[session(cookie = "twin")]
    pub struct One {
        pub first: u32,
    }

    #[derive(SessionData)]
    #[session(cookie = "twin")]
    pub struct Two {
        pub second: u32,
    }
}

/// Two types under one name would take each other's cookie away.
#[test]
fn two_types_under_one_name_fail_at_start() {
    let one = SessionLayer::<twins::One>::new(MemoryStore::new());
    let message = panic_of(|| drop(SessionLayer::<twins::Two>::new(MemoryStore::new())));
    assert!(message.contains("`twin`") && message.contains("cookie = "), "{message}");
    let again = SessionLayer::<twins::One>::new(MemoryStore::new());
    drop((one, again));
    drop(SessionLayer::<twins::Two>::new(MemoryStore::new()));
}

/// Two types side by side, each with its cookie, in one request.
async fn two_types_of_session_live_side_by_side() {
    let store = MemoryStore::new();
    let both = async |shop: Session<Shop>, desk: Session<Desk>| {
        shop.set_visits(shop.visits().await? + 1).await?;
        desk.set_visits(desk.visits().await? + 10).await
    };
    let show = async |shop: Session<Shop>, desk: Session<Desk>| {
        Ok::<_, SessionError>(format!("{} {}", shop.visits().await?, desk.visits().await?))
    };
    let app = Routes::new()
        .route("/", get(show).post(both))
        .route("/leave", post(async |desk: Session<Desk>| desk.destroy().await))
        .layer(SessionLayer::<Shop>::new(store.clone()))
        .layer(SessionLayer::<Desk>::new(store.clone()));
    let mut browser = Browser::new(app);
    let reply = browser.post("/").await;
    assert_eq!(reply.set_cookies().len(), 2, "{reply:?}");
    assert_eq!(reply.headers.get_all(header::VARY).iter().count(), 1);
    assert!(browser.post("/").await.set_cookies().is_empty());
    assert_eq!(browser.get("/").await.body, "2 20");
    assert_ne!(browser.cookie(COOKIE), browser.cookie("__Host-desk"));
    browser.post("/leave").await;
    assert_eq!(browser.get("/").await.body, "2 0");
    assert_eq!(store.len(), 1);
}

/// Forgotten wiring is told to whoever wires, by the name of what is missing.
async fn a_missing_layer_is_a_500_that_names_it() {
    let app = Routes::new()
        .route("/", get(async |session: Session<Desk>| session.visits().await.map(|visits| visits.to_string())))
        .route("/option", get(async |session: Option<Session<Desk>>| format!("{}", session.is_some())));
    let mut without = Browser::new(app.clone());
    let reply = without.get("/").await;
    assert_eq!(reply.status, 500);
    assert!(
        reply.body.contains(Framework::current().layer())
            && reply.body.contains("Desk")
            && reply.body.contains("add it"),
        "{}",
        reply.body
    );
    assert_eq!(without.get("/option").await.body, "false");

    // Another type's layer does not stand in for it.
    let mut other = Browser::new(app.clone().layer(SessionLayer::<Shop>::new(MemoryStore::new())));
    assert_eq!(other.get("/").await.status, 500);
    assert_eq!(other.get("/option").await.body, "false");
    let mut with = Browser::new(app.layer(SessionLayer::<Desk>::new(MemoryStore::new())));
    assert_eq!(with.get("/").await.body, "0");
    assert_eq!(with.get("/option").await.body, "true");
}

on_both!(
    cookie_fields_reach_the_session_as_bytes,
    two_types_of_session_live_side_by_side,
    a_missing_layer_is_a_500_that_names_it,
);
