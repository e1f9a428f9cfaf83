//! Signed and sealed cookies: only this application writes them, under one name, until their end; and its keys can be changed.

use cloakroom::{CookieError, CookieSettings, Cookies, Policy, SealKeys, Session, Sessions};
use tests::{Log, Shop, Visitor};

use super::{MINUTE, PLAIN, keyed, next};

/// Keys that nobody could guess.
pub const OLD: &str = "tH5vYq0Jx1nLrWc8ZkPbE3uMdXoG7iSa";
const NEW: &str = "9fK2mVb6RzQyT4eNwUj0hLsCxA8gDpOi";

fn signed(cookies: &Cookies, name: &str) -> Option<String> {
    let value = cookies.signed().expect("keys").get(name)?;
    Some(value.text().expect("text").to_owned())
}

fn sealed(cookies: &Cookies, name: &str) -> Option<String> {
    let value = cookies.sealed().expect("keys").get(name)?;
    Some(value.text().expect("text").to_owned())
}

/// `a`, signed and sealed under the name that is asked for, as the browser keeps them.
fn written(settings: &CookieSettings) -> [String; 2] {
    let cookies = settings.open([]);
    cookies.signed().unwrap().set("signed", "a.b; ü", PLAIN).unwrap();
    cookies.sealed().unwrap().set("sealed", "a.b; ü", PLAIN).unwrap();
    let headers = cookies.close().set_cookie;
    [0, 1].map(|which: usize| headers[which].split(';').next().expect("a pair").to_owned())
}

fn open(settings: &CookieSettings, pair: &str) -> Cookies {
    settings.open([pair.as_bytes()])
}

#[test]
fn what_was_written_is_read() {
    let (settings, _) = keyed(OLD);
    let [signed_pair, sealed_pair] = written(&settings);
    assert!(signed_pair.starts_with("signed=a.b%3B%20ü.".replace('ü', "%C3%BC").as_str()), "readable: {signed_pair}");
    assert_eq!(signed(&open(&settings, &signed_pair), "signed").as_deref(), Some("a.b; ü"));
    assert_eq!(sealed(&open(&settings, &sealed_pair), "sealed").as_deref(), Some("a.b; ü"));
}

/// In the same request too, and a value that is unprotected there is as good as forged.
#[test]
fn reading_sees_what_was_set() {
    let (settings, _) = keyed(OLD);
    let cookies = settings.open([]);
    cookies.sealed().unwrap().set_json("list", &[1, 2], PLAIN).unwrap();
    assert_eq!(cookies.sealed().unwrap().get("list").unwrap().json::<Vec<u8>>().unwrap(), [1, 2]);
    cookies.set("list", "[3]", PLAIN).unwrap();
    assert!(!cookies.sealed().unwrap().has("list") && cookies.has("list"));
    cookies.delete("list", PLAIN).unwrap();
    assert!(!cookies.sealed().unwrap().has("list"));
}

/// Every byte counts: each one changed or cut off reads as absent, and nothing panics.
#[test]
fn a_forged_value_reads_as_absent() {
    let (settings, _) = keyed(OLD);
    let [signed_pair, sealed_pair] = written(&settings);
    for (pair, read) in [(signed_pair, signed as fn(&Cookies, &str) -> _), (sealed_pair, sealed)] {
        let (name, value) = pair.split_once('=').expect("a pair");
        for place in 0..value.len() {
            assert_eq!(read(&open(&settings, &format!("{name}={}", &value[..place])), name), None, "cut at {place}");
            let mut forged = value.as_bytes().to_vec();
            forged[place] = if forged[place] == b'A' { b'B' } else { b'A' };
            let forged = [name.as_bytes(), b"=", &forged].concat();
            assert_eq!(read(&settings.open([forged.as_slice()]), name), None, "changed at {place}");
        }
    }
    for rubbish in ["", ".", "..", "a.", ".a", "%FF.AAAA", "AAAA"] {
        let cookies = open(&settings, &format!("x={rubbish}"));
        assert_eq!((signed(&cookies, "x"), sealed(&cookies, "x")), (None, None), "{rubbish:?}");
    }
}

/// A forged one planted before the true one (another path, a sub-domain) does not hide it.
#[test]
fn of_two_the_one_that_opens_counts() {
    let (settings, _) = keyed(OLD);
    let [signed_pair, sealed_pair] = written(&settings);
    let cookies = open(&settings, &format!("signed=planted.AAAA; sealed=planted; {signed_pair}; {sealed_pair}"));
    assert_eq!(signed(&cookies, "signed").as_deref(), Some("a.b; ü"));
    assert_eq!(sealed(&cookies, "sealed").as_deref(), Some("a.b; ü"));
}

/// Not to another name, and not from signed to sealed or back.
#[test]
fn a_value_cannot_be_moved() {
    let (settings, _) = keyed(OLD);
    let [signed_pair, sealed_pair] = written(&settings).map(|pair| pair.split_once('=').expect("a pair").1.to_owned());
    for name in ["signed", "sealed", "other"] {
        let cookies = open(&settings, &format!("{name}={signed_pair}"));
        assert_eq!((signed(&cookies, name).is_some(), sealed(&cookies, name)), (name == "signed", None), "{name}");
        let cookies = open(&settings, &format!("{name}={sealed_pair}"));
        assert_eq!((signed(&cookies, name), sealed(&cookies, name).is_some()), (None, name == "sealed"), "{name}");
    }
}

/// The keys may be those of sealed sessions: neither opens as the other, under the same name.
#[tokio::test]
async fn sessions_and_cookies_share_keys_and_nothing_else() {
    let keys = SealKeys::from_text(OLD).unwrap();
    let policy = Policy::of::<Shop>();
    let sessions = Sessions::<Shop>::sealed(keys.clone()).with_policy(policy.clone());
    let settings = CookieSettings::new().with_keys(keys);

    let mut visitor = Visitor::new(sessions.clone());
    visitor.visit(async |session: Session<Shop>| session.set_visits(1).await.unwrap()).await;
    let pair = visitor.cookie().expect("a session").to_owned();
    assert_eq!(sealed(&open(&settings, &pair), policy.cookie_name()), None);
    assert_eq!(signed(&open(&settings, &pair), policy.cookie_name()), None);

    let cookies = settings.open([]);
    cookies.sealed().unwrap().set(policy.cookie_name(), "x".repeat(100), PLAIN).unwrap();
    let pair = cookies.close().set_cookie[0].split(';').next().unwrap().to_owned();
    assert!(sessions.open([pair.as_bytes()]).is_new().await.unwrap());
}

/// Three deployments, as for sealed sessions: the new key behind, in front, alone.
#[test]
fn keys_are_changed_without_losing_cookies() {
    let [old, both, turned, new] =
        [OLD.to_owned(), format!("{OLD},{NEW}"), format!("{NEW},{OLD}"), NEW.to_owned()].map(|keys| keyed(&keys).0);
    for (wrote, reads, opens) in [
        (&old, &both, true),
        (&both, &old, true),
        (&old, &turned, true),
        (&turned, &both, true),
        (&turned, &new, true),
        (&old, &new, false),
        (&turned, &old, false),
    ] {
        let [signed_pair, sealed_pair] = written(wrote);
        assert_eq!(signed(&open(reads, &signed_pair), "signed").is_some(), opens);
        assert_eq!(sealed(&open(reads, &sealed_pair), "sealed").is_some(), opens);
    }
}

/// A key that is missing on a node is found in its log; a value never is.
#[test]
fn the_log_names_a_missing_key_and_no_value() {
    let log = Log::start();
    let [signed_pair, _] = written(&keyed(OLD).0);
    assert_eq!(signed(&open(&keyed(NEW).0, &signed_pair), "signed"), None);
    let id = SealKeys::from_text(OLD).unwrap().ids().next().unwrap().to_string();
    let text = log.text();
    assert!(text.contains("a cookie was not opened") && text.contains(&id) && text.contains("signed"), "{text}");
    assert!(!text.contains("a.b"), "{text}");
}

/// Whatever the browser does with `Max-Age` and `Expires`: the server holds to them. `Max-Age` counts more.
#[test]
fn the_end_holds_on_the_server() {
    let (settings, clock) = keyed(OLD);
    let end = cloakroom::Clock::now(&clock) + MINUTE;
    let cookies = settings.open([]);
    for (kind, cookies) in [("signed", cookies.signed().unwrap()), ("sealed", cookies.sealed().unwrap())] {
        cookies.set(&format!("{kind}-age"), 1, PLAIN.with_max_age(MINUTE)).unwrap();
        cookies.set(&format!("{kind}-end"), 1, PLAIN.with_expires(end)).unwrap();
        cookies.set(&format!("{kind}-both"), 1, PLAIN.with_max_age(2 * MINUTE).with_expires(end)).unwrap();
        cookies.set(&format!("{kind}-open"), 1, PLAIN).unwrap();
    }
    let cookies = next(&settings, &cookies);
    let left = || -> Vec<String> {
        let ends = ["age", "end", "both", "open"];
        let signed_names =
            ends.map(|end| format!("signed-{end}")).into_iter().filter(|name| signed(&cookies, name).is_some());
        let sealed_names =
            ends.map(|end| format!("sealed-{end}")).into_iter().filter(|name| sealed(&cookies, name).is_some());
        signed_names.chain(sealed_names).collect()
    };
    clock.advance(MINUTE - std::time::Duration::from_millis(1));
    assert_eq!(left().len(), 8);
    clock.advance(std::time::Duration::from_millis(1));
    assert_eq!(left(), ["signed-both", "signed-open", "sealed-both", "sealed-open"]);
    clock.advance(MINUTE);
    assert_eq!(left(), ["signed-open", "sealed-open"]);
}

/// Without keys there is nothing to sign with: an error that says what to add, never an unprotected cookie.
#[test]
fn without_keys_nothing_is_protected() {
    let cookies = Cookies::new();
    let error = cookies.signed().unwrap_err();
    assert!(matches!(error, CookieError::MissingKeys));
    assert!(error.to_string().ends_with("give the cookies' layer some, by `with_keys`"));
    assert!(cookies.sealed().is_err());
}

/// The limit counts what is sent: seal and base64 included.
#[test]
fn the_limit_counts_what_is_sent() {
    let (settings, _) = keyed(OLD);
    let cookies = settings.open([]);
    let fits = |len: usize| cookies.sealed().unwrap().set("name", "x".repeat(len), PLAIN);
    // 4092 characters of base64 are 3069 bytes, of which 42 are the seal's and 8 the end.
    fits(3069 - 50).unwrap();
    assert!(matches!(fits(3070 - 50).unwrap_err(), CookieError::TooLarge { size: 4098, limit: 4096, .. }));
}
