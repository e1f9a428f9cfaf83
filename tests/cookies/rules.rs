//! What a browser would refuse or silently ignore is refused before it is sent, by the rule.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cloakroom::{CookieAttributes, CookieError, CookieRule, CookieSettings, Cookies, ManualClock, SameSite};
use proptest::prelude::*;

use super::browser::Store;
use super::{DAY, PLAIN};

fn rule(name: &str, attributes: CookieAttributes<'_>) -> Option<CookieRule> {
    match Cookies::new().set(name, "value", attributes) {
        Ok(()) => None,
        Err(CookieError::Refused { name: named, rule }) => {
            assert_eq!(named, name);
            Some(rule)
        }
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn each_rule_refuses_what_breaks_it() {
    let long = format!("/{}", "x".repeat(1023));
    let too_long = format!("{long}x");
    let cases = [
        ("theme", PLAIN, None),
        ("", PLAIN, Some(CookieRule::Name)),
        ("my theme", PLAIN, Some(CookieRule::Name)),
        ("theme=", PLAIN, Some(CookieRule::Name)),
        ("thème", PLAIN, Some(CookieRule::Name)),
        ("theme\r\nSet-Cookie:", PLAIN, Some(CookieRule::Name)),
        ("theme", PLAIN.with_path(""), Some(CookieRule::Path)),
        ("theme", PLAIN.with_path("admin"), Some(CookieRule::Path)),
        ("theme", PLAIN.with_path("/; Domain=evil.example"), Some(CookieRule::Path)),
        ("theme", PLAIN.with_path("/;Domain=evil.example"), Some(CookieRule::Path)),
        ("theme", PLAIN.with_path("/ü"), Some(CookieRule::Path)),
        ("theme", PLAIN.with_path(&long), None),
        ("theme", PLAIN.with_path(&too_long), Some(CookieRule::AttributeLength)),
        ("theme", PLAIN.with_domain("shop.example"), None),
        ("theme", PLAIN.with_domain(""), Some(CookieRule::Domain)),
        ("theme", PLAIN.with_domain(".shop.example"), Some(CookieRule::Domain)),
        ("theme", PLAIN.with_domain("shop.example."), Some(CookieRule::Domain)),
        ("theme", PLAIN.with_domain("shop..example"), Some(CookieRule::Domain)),
        ("theme", PLAIN.with_domain("shop.example:3000"), Some(CookieRule::Domain)),
        ("theme", PLAIN.with_max_age(Duration::ZERO), Some(CookieRule::MaxAge)),
        ("theme", PLAIN.with_max_age(Duration::from_millis(999)), Some(CookieRule::MaxAge)),
        ("theme", PLAIN.with_max_age(Duration::from_secs(1)), None),
        ("theme", PLAIN.with_expires(UNIX_EPOCH), Some(CookieRule::Expires)),
        ("theme", PLAIN.with_expires(UNIX_EPOCH + 3_000_000 * DAY), Some(CookieRule::Expires)),
        ("__Secure-theme", PLAIN.with_path("/admin"), None),
        ("__secure-theme", PLAIN.with_insecure_plain_http(), Some(CookieRule::SecurePrefix)),
        ("__Host-theme", PLAIN, None),
        ("__Host-theme", PLAIN.with_path("/admin"), Some(CookieRule::HostPrefix)),
        ("__host-theme", PLAIN.with_domain("shop.example"), Some(CookieRule::HostPrefix)),
        ("__Host-theme", PLAIN.with_insecure_plain_http(), Some(CookieRule::HostPrefix)),
        ("__Http-theme", PLAIN.with_path("/admin"), None),
        ("__Http-theme", PLAIN.with_script_access(), Some(CookieRule::HttpPrefix)),
        ("__Host-Http-theme", PLAIN.with_script_access(), Some(CookieRule::HttpPrefix)),
        ("__Host-Http-theme", PLAIN.with_path("/admin"), Some(CookieRule::HostPrefix)),
        ("theme", PLAIN.with_same_site(SameSite::None), None),
        ("theme", PLAIN.with_same_site(SameSite::None).with_insecure_plain_http(), Some(CookieRule::SameSiteNone)),
        ("theme", PLAIN.with_partitioned(), None),
        ("theme", PLAIN.with_partitioned().with_insecure_plain_http(), Some(CookieRule::Partitioned)),
    ];
    for (name, attributes, expected) in cases {
        assert_eq!(rule(name, attributes), expected, "{name:?} {attributes:?}");
    }
}

/// A message says what is wrong with which cookie, where that stands, and what to write.
#[test]
fn a_refusal_names_the_cookie_the_rule_and_its_source() {
    let error = Cookies::new().set("__Host-a", 1, PLAIN.with_domain("shop.example")).unwrap_err();
    let message = "a browser would refuse the cookie `__Host-a`: a name with `__Host-` needs `Secure`, the path `/` and no domain \
                   (RFC 6265bis, section 5.4): leave those out, or take `__Secure-`";
    assert_eq!(error.to_string(), message);
    assert_eq!(error.status(), 500);
}

/// RFC 6265bis, section 5.6: 4096 bytes of name and value, as they are sent.
#[test]
fn name_and_value_may_have_4096_bytes() {
    for (value, size) in
        [("x".repeat(4092), 4096), ("x".repeat(4093), 4097), (" ".repeat(1364), 4096), (" ".repeat(1365), 4099)]
    {
        let cookies = Cookies::new();
        match cookies.set("name", &value, PLAIN) {
            Ok(()) => {
                assert_eq!(size, 4096);
                assert!(Store::default().take(&cookies.headers()[0]), "a browser keeps it");
            }
            Err(error) => {
                assert!(
                    matches!(&error, CookieError::TooLarge { name, size: found, limit: 4096 } if name == "name" && *found == size)
                );
                assert_eq!(error.status(), 413);
                assert!(cookies.headers().is_empty() && !cookies.has("name"), "nothing was set");
            }
        }
    }
}

/// Browsers keep no cookie for longer than 400 days (RFC 6265bis, section 5.5): what is asked for is what happens.
#[test]
fn a_max_age_is_400_days_at_most() {
    for (age, sent) in [(DAY, 86_400), (401 * DAY, 34_560_000), (Duration::MAX, 34_560_000)] {
        let cookies = Cookies::new();
        cookies.set("theme", 1, PLAIN.with_max_age(age)).unwrap();
        assert!(cookies.headers()[0].ends_with(&format!("; Max-Age={sent}")), "{:?}", cookies.headers());
    }
}

/// By the clock of the layer, as for all that ends.
#[test]
fn an_end_lies_ahead() {
    let clock = ManualClock::default();
    let end: SystemTime = cloakroom::Clock::now(&clock) + DAY;
    let cookies = CookieSettings::new().with_clock(clock.clone()).open([]);
    cookies.set("notice", "seen", PLAIN.with_expires(end)).unwrap();
    clock.advance(DAY);
    let error = cookies.set("notice", "seen", PLAIN.with_expires(end)).unwrap_err();
    assert!(matches!(error, CookieError::Refused { rule: CookieRule::Expires, .. }), "{error}");
    cookies.delete("notice", PLAIN.with_expires(end)).expect("a removal has no end");
}

fn names() -> impl Strategy<Value = String> {
    let prefix = prop_oneof![Just(""), Just("__Host-"), Just("__secure-"), Just("__HTTP-"), Just("__Host-Http-")];
    (prefix, "[a-z]{1,8}|[ -~]{0,4}").prop_map(|(prefix, name)| format!("{prefix}{name}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// What is set, a browser keeps with every attribute; what is deleted by the same attributes, it has no more.
    #[test]
    fn a_browser_agrees(
        name in names(),
        path in prop_oneof![Just("/".to_owned()), "/[ -~]{0,6}", "[ -~]{0,3}"],
        domain in prop_oneof![Just(None), Just(Some("shop.example")), Just(Some(".shop.example")), Just(Some("www.shop.example"))],
        (secure, scripts, partitioned) in any::<(bool, bool, bool)>(),
        same_site in prop_oneof![Just(SameSite::Lax), Just(SameSite::Strict), Just(SameSite::None)],
        max_age in proptest::option::of(0_u64..3),
    ) {
        let mut attributes = PLAIN.with_path(&path).with_same_site(same_site);
        attributes = domain.map_or(attributes, |domain| attributes.with_domain(domain));
        attributes = if secure { attributes } else { attributes.with_insecure_plain_http() };
        attributes = if scripts { attributes.with_script_access() } else { attributes };
        attributes = if partitioned { attributes.with_partitioned() } else { attributes };
        attributes = max_age.map_or(attributes, |age| attributes.with_max_age(Duration::from_secs(age)));

        let cookies = Cookies::new();
        let mut store = Store::default();
        if cookies.set(&name, "value", attributes).is_ok() {
            prop_assert!(store.take(&cookies.headers()[0]), "{:?}", cookies.headers());
            let kept = store.0.values().next().expect("it is there");
            prop_assert_eq!((kept.name(), kept.path(), kept.domain()), (name.as_str(), Some(path.as_str()), domain));
            prop_assert_eq!(kept.same_site(), Some(same_site));
            prop_assert_eq!((kept.secure() == Some(true), kept.http_only() == Some(true)), (secure, !scripts));
            prop_assert_eq!(kept.partitioned() == Some(true), partitioned);
            prop_assert_eq!(kept.max_age().map(|age| age.whole_seconds() as u64), max_age);
            cookies.delete(&name, attributes).unwrap();
            prop_assert!(store.take(&cookies.headers()[0]), "{:?}", cookies.headers());
            prop_assert!(store.0.is_empty(), "{:?}", store.0);
        }
    }
}
