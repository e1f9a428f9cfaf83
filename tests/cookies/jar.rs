//! The jar as Astro has it: reading sees what was set and deleted, one name is sent once, and `merge` takes over.

use cloakroom::{CookieAttributes, CookieError, CookieSettings, Cookies, SameSite};

use super::{MINUTE, PLAIN, text};

fn names(cookies: &Cookies) -> Vec<String> {
    cookies.iter().map(|cookie| cookie.name().to_owned()).collect()
}

#[test]
fn reading_sees_what_was_set_and_deleted() {
    let cookies = Cookies::parse("a=1; b=2; a=3");
    let seen = |name| text(&cookies, name);
    assert_eq!((seen("a").as_deref(), seen("b").as_deref(), seen("c")), (Some("1"), Some("2"), None));

    assert_eq!(names(&cookies), ["a", "b"], "each once");

    cookies.set("a", 10, PLAIN).unwrap();
    cookies.delete("b", PLAIN).unwrap();
    cookies.set("c", 30, PLAIN).unwrap();
    assert_eq!((seen("a").as_deref(), seen("b"), seen("c").as_deref()), (Some("10"), None, Some("30")));
    assert!(cookies.has("a") && !cookies.has("b") && cookies.has("c"));
    assert_eq!(names(&cookies), ["a", "c"]);

    cookies.set("b", 20, PLAIN).unwrap();
    cookies.delete("a", PLAIN).unwrap();
    assert_eq!((seen("a"), seen("b").as_deref()), (None, Some("20")));
    assert_eq!(names(&cookies), ["c", "b"]);
}

/// RFC 6265bis, section 4.1.1: a response does not set one cookie twice.
#[test]
fn of_one_name_the_last_change_leaves() {
    let cookies = Cookies::new();
    cookies.set("theme", "dark", PLAIN).unwrap();
    cookies.set("other", 1, PLAIN).unwrap();
    cookies.set("theme", "light", PLAIN).unwrap();
    cookies.delete("theme", PLAIN).unwrap();
    let expected = [
        "other=1; HttpOnly; SameSite=Lax; Secure; Path=/",
        "theme=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0",
    ];
    assert_eq!(cookies.headers(), expected);
    assert_eq!(cookies.close().set_cookie, expected);
}

/// A handler and its helpers hold the same cookies.
#[test]
fn clones_are_one_jar() {
    let cookies = Cookies::new();
    cookies.clone().set("theme", "dark", PLAIN).unwrap();
    assert_eq!(text(&cookies, "theme").as_deref(), Some("dark"));
}

#[test]
fn merge_takes_over_what_another_changed() {
    let cookies = Cookies::parse("kept=1; gone=1; theme=dark");
    cookies.set("theme", "system", PLAIN).unwrap();
    let others = Cookies::parse("read=only");
    others.set("theme", "light", PLAIN).unwrap();
    others.delete("gone", PLAIN).unwrap();
    cookies.merge(&others).unwrap();
    assert_eq!(names(&cookies), ["kept", "theme"]);
    assert_eq!(text(&cookies, "theme").as_deref(), Some("light"));
    assert_eq!(cookies.headers().len(), 2);
    assert_eq!(others.headers().len(), 2, "the other keeps its own");
    cookies.merge(&cookies.clone()).expect("with itself: nothing changes");
    assert_eq!(cookies.headers().len(), 2);
}

/// `Cookies::new()` knows nothing of the settings of the jar that takes over what it collected.
#[test]
fn what_was_merged_leaves_as_the_receivers_cookies_do() {
    const EMBEDDED: CookieAttributes =
        PLAIN.with_max_age(MINUTE).with_same_site(SameSite::None).with_partitioned().with_path("/shop");
    let development = CookieSettings::new().with_insecure_development_cookies();
    let cookies = development.open([b"theme=dark; __Host-theme=of production; gone=1".as_slice()]);
    cookies.set("theme", "system", PLAIN).unwrap();
    let others = Cookies::new();
    others.set("__Host-theme", "light", PLAIN).unwrap();
    others.set("__Secure-chat", "open", EMBEDDED).unwrap();
    others.delete("__Host-gone", PLAIN).unwrap();
    cookies.merge(&others).unwrap();
    let expected = [
        "theme=light; HttpOnly; SameSite=Lax; Path=/",
        "chat=open; HttpOnly; SameSite=Lax; Path=/shop; Max-Age=60",
        "gone=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0",
    ];
    assert_eq!(cookies.headers(), expected, "a browser drops what is `Secure` over plain HTTP");
    assert_eq!(text(&cookies, "__Host-theme").as_deref(), Some("light"));
    assert_eq!(text(&cookies, "__Secure-chat").as_deref(), Some("open"));
    assert!(!cookies.has("__Host-gone"));
    assert_eq!(cookies.close().set_cookie, expected);

    let production = Cookies::new();
    let tried = development.open([]);
    tried.set("__Host-theme", "light", PLAIN).unwrap();
    production.merge(&tried).unwrap();
    assert_eq!(
        production.headers(),
        ["__Host-theme=light; HttpOnly; SameSite=Lax; Secure; Path=/"],
        "nothing is weakened"
    );
}

#[test]
fn what_is_merged_under_development_cookies_is_no_sessions() {
    let cookies = CookieSettings::new().with_insecure_development_cookies().open([]);
    cookies.reserve_for_session("shop");
    let others = Cookies::new();
    others.set("__Host-shop", "a token", PLAIN).unwrap();
    assert!(matches!(cookies.merge(&others).unwrap_err(), CookieError::Session { .. }));
}

/// The head has left: a cookie that would be lost is an error.
#[test]
fn nothing_is_set_after_the_response() {
    let cookies = Cookies::parse("theme=dark");
    cookies.close();
    let others = Cookies::new();
    others.set("theme", "light", PLAIN).unwrap();
    for late in [cookies.set("theme", 1, PLAIN), cookies.delete("theme", PLAIN), cookies.merge(&others)] {
        let error = late.unwrap_err();
        assert!(matches!(&error, CookieError::ResponseSent { name } if name == "theme"), "{error}");
    }
    assert_eq!(text(&cookies, "theme").as_deref(), Some("dark"), "reading goes on");
}

/// What failed has changed nothing.
#[test]
fn an_error_changes_nothing() {
    let cookies = Cookies::new();
    cookies.reserve_for_session("__Host-shop");
    let others = Cookies::new();
    others.set("theme", "dark", PLAIN).unwrap();
    others.set("__Host-shop", "a token", PLAIN).unwrap();
    let errors = [
        cookies.set("a b", 1, PLAIN).unwrap_err(),
        cookies.set("a", "x".repeat(5_000), PLAIN).unwrap_err(),
        cookies.set_json("a", &std::collections::BTreeMap::from([(vec![1], 2)]), PLAIN).unwrap_err(),
        cookies.delete("a", PLAIN.with_path("")).unwrap_err(),
        cookies.set("__Host-shop", 1, PLAIN).unwrap_err(),
        cookies.merge(&others).unwrap_err(),
    ];
    assert!(errors.iter().all(|error| error.name().is_some()), "{errors:?}");
    assert!(cookies.headers().is_empty() && cookies.iter().next().is_none());
}

/// A response is only said to depend on cookies if one was asked for.
#[test]
fn only_reading_varies_a_response() {
    let set_only = Cookies::parse("theme=dark");
    set_only.set("theme", "light", PLAIN).unwrap();
    assert!(!set_only.close().read);
    let ask: [fn(&Cookies); 3] = [|c| drop(c.get("x")), |c| assert!(!c.has("x")), |c| drop(c.iter())];
    for ask in ask {
        let cookies = CookieSettings::new().open([]);
        ask(&cookies);
        assert!(cookies.close().read, "its absence counts too");
    }
}
